"""Takes the figures that tests/nn/keras_*.cpp check from Keras itself.

    python keras_cases.py      (needs tensorflow; writes keras_cases.safetensors beside itself)

README.md says which versions made the committed file and what its keys mean. The modules share one
random stream: new ones come last, so that the figures of the others stay.
"""
import pathlib

import figures
# Each takes its figures when it is imported.
import layer_cases, training_cases  # noqa: E401, F401
import loss_metric_cases, image_cases, sequence_cases, optimizer_cases, preprocessing_cases  # noqa: E401, F401

figures.write(pathlib.Path(__file__).with_name("keras_cases.safetensors"))
print(len(figures.figures), "figures,", figures.made_by)
