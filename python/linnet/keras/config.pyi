"""keras.config."""

import linnet
import linnet.keras.backend

from linnet.keras.backend import epsilon as epsilon

from linnet.keras.backend import floatx as floatx

from linnet.keras.backend import image_data_format as image_data_format

from linnet.keras.backend import set_floatx as set_floatx
