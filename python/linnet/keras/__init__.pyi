"""Keras's surface over Linnet."""

import linnet
import linnet.keras.layers
import linnet.keras.models
import linnet.keras.losses
import linnet.keras.metrics
import linnet.keras.optimizers
import linnet.keras.initializers
import linnet.keras.regularizers

from linnet.keras.initializers import Initializer as Initializer

from linnet.keras.layers import Input as Input

from linnet.keras.layers import KerasTensor as KerasTensor

from linnet.keras.layers import Layer as Layer

from linnet.keras.losses import Loss as Loss

from linnet.keras.metrics import Metric as Metric

from linnet.keras.models import Model as Model

from linnet.keras.optimizers import Optimizer as Optimizer

from linnet.keras.regularizers import Regularizer as Regularizer

from linnet.keras.models import Sequential as Sequential

from linnet import Variable as Variable

__version__: str

from linnet.keras import activations as activations
from linnet.keras import backend as backend
from linnet.keras import callbacks as callbacks
from linnet.keras import config as config
from linnet.keras import constraints as constraints
from linnet.keras import datasets as datasets
from linnet.keras import initializers as initializers
from linnet.keras import layers as layers
from linnet.keras import losses as losses
from linnet.keras import metrics as metrics
from linnet.keras import mixed_precision as mixed_precision
from linnet.keras import models as models
from linnet.keras import ops as ops
from linnet.keras import optimizers as optimizers
from linnet.keras import preprocessing as preprocessing
from linnet.keras import random as random
from linnet.keras import regularizers as regularizers
from linnet.keras import saving as saving
from linnet.keras import utils as utils
