#include <linnet/impl/src.hpp>
