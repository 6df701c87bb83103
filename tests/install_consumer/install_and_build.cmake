# See CMakeLists.txt, which passes the variables.
set(prefix "${SCRATCH}/prefix")
set(build "${SCRATCH}/build")
# What an older install left behind must not help.
file(REMOVE_RECURSE "${prefix}" "${build}")

function(step)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status
                  OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nfailed (${status}):\n${output}")
  endif()
endfunction()

step("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}")

set(flags "")
if(SANITIZERS)
  # The libraries were built with them and ask for their run-time.
  set(flags "-O1 -fsanitize=${SANITIZERS}")
endif()
step("${CMAKE_COMMAND}" -S "${CONSUMER}" -B "${build}" -G "${GENERATOR}"
     "-DCMAKE_PREFIX_PATH=${prefix}" "-DCMAKE_CXX_COMPILER=${COMPILER}"
     "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}" "-DCMAKE_CXX_FLAGS=${flags}"
     "-DEXAMPLE=${EXAMPLE}")
step("${CMAKE_COMMAND}" --build "${build}")
step("${build}/consumer")

# Only the install tree may have served.
file(STRINGS "${build}/CMakeCache.txt" found REGEX "^brigade_DIR:")
string(FIND "${found}" "${prefix}" at)
if(at EQUAL -1)
  message(FATAL_ERROR "the consumer did not use the install tree: ${found}")
endif()
