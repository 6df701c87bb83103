# Functions that every folder's CMakeLists.txt uses.

# Warnings and sanitizers for our own code; linked PRIVATE, never exported.
add_library(brigade_build_flags INTERFACE)
target_compile_options(brigade_build_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor)
if(BRIGADE_WERROR)
  target_compile_options(brigade_build_flags INTERFACE -Werror)
endif()
if(BRIGADE_SANITIZERS)
  add_compile_options(-fsanitize=${BRIGADE_SANITIZERS}
                      -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${BRIGADE_SANITIZERS})
endif()

# brigade_allocator(target): an executable of ours allocates with jemalloc where
# it is installed (docs/adr/0007). Sanitizers bring an allocator of their own.
find_library(BRIGADE_JEMALLOC jemalloc)
mark_as_advanced(BRIGADE_JEMALLOC)
function(brigade_allocator target)
  if(BRIGADE_JEMALLOC AND NOT BRIGADE_SANITIZERS)
    target_link_libraries(${target} PRIVATE "${BRIGADE_JEMALLOC}")
  endif()
endfunction()

# brigade_library(core): the static library brigade_core with the alias
# brigade::core. Sources are added by the folder's own CMakeLists.txt files.
function(brigade_library name)
  add_library(brigade_${name} STATIC)
  add_library(brigade::${name} ALIAS brigade_${name})
  set_target_properties(brigade_${name} PROPERTIES
    EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_include_directories(brigade_${name} PUBLIC
    "$<BUILD_INTERFACE:${BRIGADE_INCLUDE_DIR}>"
    "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
  target_compile_features(brigade_${name} PUBLIC cxx_std_20)
  target_link_libraries(brigade_${name} PRIVATE
    "$<BUILD_INTERFACE:brigade_build_flags>")
endfunction()
