// The autograd folder's definitions: variables and the gradient tape.
#include "linnet/autograd/impl/gradcheck.ipp"
#include "linnet/autograd/impl/tape.ipp"
#include "linnet/autograd/impl/variable.ipp"
#include "linnet/autograd/impl/with_vjp.ipp"
