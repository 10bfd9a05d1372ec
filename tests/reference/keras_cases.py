"""Takes the figures that tests/nn/keras_*.cpp check from Keras itself.

    python keras_cases.py      (needs tensorflow; writes keras_cases.safetensors beside itself)

README.md says which versions made the committed file and what its keys mean. The modules share one
random stream: new ones come last, so that the figures of the others stay.
"""
import pathlib

import figures
import layer_cases, training_cases, loss_metric_cases, image_cases, sequence_cases, optimizer_cases  # noqa: E401, F401: each takes its figures when imported

figures.write(pathlib.Path(__file__).with_name("keras_cases.safetensors"))
print(len(figures.figures), "figures,", figures.made_by)
