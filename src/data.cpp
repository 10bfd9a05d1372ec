// The data folder's definitions: datasets and the IDX reader.
#include "linnet/data/impl/dataset.ipp"
#include "linnet/data/impl/idx.ipp"
