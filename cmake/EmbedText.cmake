# Writes a C++ source with the text of a file:
#   cmake -DIN=openapi.json -DOUT=openapi_text.cpp -DHEADER=brigade/... \
#         -DNAMESPACE=brigade::net::api -DNAME=openapi_text -P EmbedText.cmake
file(READ "${IN}" text)
file(WRITE "${OUT}" "// Made from ${HEADER}'s document by EmbedText.cmake.
#include \"${HEADER}\"

namespace ${NAMESPACE} {

std::string_view ${NAME}() {
  return R\"embedded(${text})embedded\";
}

} // namespace ${NAMESPACE}
")
