// The one translation unit that holds the non-template code of Beast.
#include <boost/beast/src.hpp>
