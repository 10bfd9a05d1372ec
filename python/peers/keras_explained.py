"""Where Linnet and Keras differ on purpose; an entry that explains nothing fails the suite."""

import dataclasses

from compare import Explained


@dataclasses.dataclass
class In(Explained):
    part: str = "layers"


EXPLAINED = [
    *[In(f"fit {model}", "value", "Keras on TensorFlow squares the rows of an embedding's gradient "
         "before it adds those of one index; Linnet adds first, as Keras does elsewhere",
         when=lambda case: case and "Adam" in case, part="models")
      for model in ("embedding", "masked lstm", "masked mean", "masked steps")],
    In("activations.celu", "gradient", "1 at 0; Keras adds max(x, 0) and a term of min(x, 0), which "
       "TensorFlow both count at 0: 2", part="pieces"),
    In("activations.gelu", "gradient", "far below 0 Keras's 1 + tanh(u) cancels: 6e-8 times x u' and "
       "the seed", when=lambda options: options["approximate"], part="pieces"),
    In("metrics.MeanIoU", "value", "weights are fractions; Keras's state is of integers, to which it "
       "cuts them", part="pieces"),
]
