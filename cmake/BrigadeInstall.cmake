# Installs the libraries, the public headers and the package config.
include(CMakePackageConfigHelpers)

set(brigade_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/brigade")
install(TARGETS brigade_core brigade_store brigade_config brigade_asio
                brigade_net brigade_actors
        EXPORT brigadeTargets ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(TARGETS brigade RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
foreach(folder core store config net actors)
  install(DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/${folder}"
          DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/brigade"
          FILES_MATCHING PATTERN "*.hpp"
          PATTERN "detail" EXCLUDE)
endforeach()
install(EXPORT brigadeTargets NAMESPACE brigade::
        DESTINATION "${brigade_package_dir}")

# The test kit is a component of the package of its own, so that nobody who
# only runs crews needs it.
install(TARGETS brigade_testkit
        EXPORT brigadeTestkitTargets COMPONENT testkit
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/tests/kit/"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/brigade/testkit"
        COMPONENT testkit
        FILES_MATCHING PATTERN "*.hpp"
        PATTERN "detail" EXCLUDE
        PATTERN "checkers" EXCLUDE)
install(EXPORT brigadeTestkitTargets NAMESPACE brigade:: COMPONENT testkit
        DESTINATION "${brigade_package_dir}")

configure_package_config_file(
  cmake/brigadeConfig.cmake.in
  "${CMAKE_CURRENT_BINARY_DIR}/brigadeConfig.cmake"
  INSTALL_DESTINATION "${brigade_package_dir}")
write_basic_package_version_file(
  "${CMAKE_CURRENT_BINARY_DIR}/brigadeConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/brigadeConfig.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/brigadeConfigVersion.cmake"
              cmake/FindCAF.cmake cmake/FindRE2.cmake
        DESTINATION "${brigade_package_dir}")
install(DIRECTORY examples/crews examples/documents examples/fault-injection
        DESTINATION "${CMAKE_INSTALL_DATADIR}/brigade/examples")
install(FILES LICENSE README.md CHANGELOG.md docs/serve-file.md
              docs/crew-files.md
        DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# The daemon as a service. Units of packages and of the administrator stand in
# lib/systemd/system of their prefix, whatever the libraries' folder is.
foreach(file brigade.service brigade.toml)
  configure_file(packaging/${file}.in
    "${CMAKE_CURRENT_BINARY_DIR}/packaging/${file}" @ONLY)
endforeach()
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/packaging/brigade.service"
        DESTINATION lib/systemd/system)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/packaging/brigade.toml"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/brigade/packaging")
