"""keras.random."""

import linnet

from linnet.random import categorical as categorical

from linnet.random import normal as normal

from linnet.random import shuffle as shuffle

from linnet.random import truncated_normal as truncated_normal

from linnet.random import uniform as uniform
