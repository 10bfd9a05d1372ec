"""keras.preprocessing.image."""

from ..utils import img_to_array, load_img  # noqa: F401
