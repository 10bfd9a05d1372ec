// The io folder's definitions: safetensors files and checkpoints.
#include "linnet/io/impl/checkpoint.ipp"
#include "linnet/io/impl/file.ipp"
#include "linnet/io/impl/safetensors.ipp"
