"""keras.preprocessing.image."""

import linnet
import linnet.keras.utils

from linnet.keras.utils import img_to_array as img_to_array

from linnet.keras.utils import load_img as load_img
