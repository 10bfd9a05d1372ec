"""keras.preprocessing.sequence."""

import linnet
import linnet.keras.utils

from linnet.keras.utils import pad_sequences as pad_sequences
