# Finds the core of prometheus-cpp without its HTTP server and push client,
# which the distribution's CMake package would want as well. Defines
# prometheus-cpp::core.
find_path(PROMETHEUS_CORE_INCLUDE_DIR prometheus/text_serializer.h)
find_library(PROMETHEUS_CORE_LIBRARY prometheus-cpp-core)
mark_as_advanced(PROMETHEUS_CORE_INCLUDE_DIR PROMETHEUS_CORE_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PrometheusCore
  REQUIRED_VARS PROMETHEUS_CORE_LIBRARY PROMETHEUS_CORE_INCLUDE_DIR)

if(PrometheusCore_FOUND AND NOT TARGET prometheus-cpp::core)
  add_library(prometheus-cpp::core UNKNOWN IMPORTED)
  set_target_properties(prometheus-cpp::core PROPERTIES
    IMPORTED_LOCATION "${PROMETHEUS_CORE_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${PROMETHEUS_CORE_INCLUDE_DIR}")
endif()
