// The one translation unit that holds the non-template code of Asio.
#include <boost/asio/impl/src.hpp>
