"""What a model consists of, and the files it is kept in."""

import sys


class Description:
    """Methods of every model."""

    @property
    def layers(self):
        kept = self.__dict__.get("_kept_layers")
        return list(self._sublayers) if kept is None else list(kept.list)

    def get_layer(self, name=None, index=None):
        """A layer by name or place."""
        layers = self.layers
        if index is not None:
            return layers[index]
        for layer in layers:
            if layer.name == name:
                return layer
        raise ValueError(f"No such layer: {name}. Existing layers are: "
                         f"{[layer.name for layer in layers]}")

    def summary(self, line_length=None, positions=None, print_fn=None, expand_nested=False,
                show_trainable=False, layer_range=None):
        """Prints Keras's table of layers, shapes and parameters."""
        from . import _summary

        text = _summary.text(self, line_length or 76, show_trainable)
        if print_fn is not None:
            print_fn(text)
        else:
            sys.stdout.write(text if text.endswith("\n") else text + "\n")

    def save(self, filepath, overwrite=True, **_):
        """Architecture, weights and compile arguments as one zip file."""
        from .saving import save_model

        save_model(self, filepath, overwrite)

    def save_weights(self, filepath, overwrite=True):
        """The weights as a safetensors file."""
        from .saving import save_weights

        save_weights(self, filepath, overwrite)

    def load_weights(self, filepath, skip_mismatch=False, **_):
        """Reads weights that save_weights() wrote; nothing is set unless all fit."""
        from .saving import load_weights

        load_weights(self, filepath)

    def to_json(self, **kwargs):
        """The architecture as JSON."""
        from .saving import to_json

        return to_json(self, **kwargs)

    def __reduce__(self):
        from .saving import pickle_model

        return pickle_model(self)
