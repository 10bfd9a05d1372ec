"""keras.preprocessing: the old places of keras.utils' functions."""

import linnet
import linnet.keras.utils
import linnet.keras.preprocessing

from linnet.keras.preprocessing import image as image
from linnet.keras.utils import image_dataset_from_directory as image_dataset_from_directory

from linnet.keras.preprocessing import sequence as sequence
from linnet.keras.preprocessing import text as text
from linnet.keras.utils import text_dataset_from_directory as text_dataset_from_directory

from linnet.keras.utils import timeseries_dataset_from_array as timeseries_dataset_from_array
