# See CMakeLists.txt, which passes the variables.
set(prefix "${SCRATCH}/prefix")
set(builds "${SCRATCH}/build")
# What an older install left behind must not help.
file(REMOVE_RECURSE "${prefix}" "${builds}")

function(step)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status
                  OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nfailed (${status}):\n${output}")
  endif()
endfunction()

set(flags "")
if(SANITIZERS)
  # The libraries were built with them and ask for their run-time.
  set(flags "-O1 -fsanitize=${SANITIZERS}")
endif()

# build(NAME SOURCE): a project that knows the prefix alone, in ${builds}/NAME.
function(build name source)
  set(build "${builds}/${name}")
  step("${CMAKE_COMMAND}" -S "${source}" -B "${build}" -G "${GENERATOR}"
       "-DCMAKE_PREFIX_PATH=${prefix}" "-DCMAKE_CXX_COMPILER=${COMPILER}"
       "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}" "-DCMAKE_CXX_FLAGS=${flags}"
       "-DEXAMPLE=${EXAMPLES}/embed")
  step("${CMAKE_COMMAND}" --build "${build}")
  # Only the install tree may have served.
  file(STRINGS "${build}/CMakeCache.txt" found REGEX "^brigade_DIR:")
  string(FIND "${found}" "${prefix}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "${name} did not use the install tree: ${found}")
  endif()
  string(REGEX REPLACE "^[^=]*=" "" found "${found}")
  set(package_dir "${found}" PARENT_SCOPE)
endfunction()

# refused(COMPONENT TEXT): the package says TEXT to whoever asks for it.
function(refused component text)
  execute_process(
    COMMAND "${CMAKE_COMMAND}" "-Dbrigade_DIR=${package_dir}"
            "-DCOMPONENT=${component}" -P "${CONSUMERS}/find_component.cmake"
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  # A message is wrapped where it likes.
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  string(FIND "${output}" "${text}" at)
  if(status EQUAL 0 OR at EQUAL -1)
    message(FATAL_ERROR "component ${component}, status ${status}: ${output}")
  endif()
endfunction()

# Without the test kit: nothing but the kit itself needs it.
step("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}"
     --component Unspecified)
build(consumer "${CONSUMERS}/consumer")
step("${builds}/consumer/consumer")
refused(testkit "the component \"testkit\" of brigade is not installed")
refused(nonsense "brigade has no component \"nonsense\"; it has: testkit")

step("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}"
     --component testkit)
file(GLOB_RECURSE hidden "${prefix}/include/*/detail/*"
     "${prefix}/include/*/checkers/*")
if(hidden)
  message(FATAL_ERROR "headers that nobody may use are installed: ${hidden}")
endif()
build(testkit "${CONSUMERS}/testkit")
step("${builds}/testkit/testkit_consumer")
# The example that the documentation shows, as a user would build it.
build(fault_injection "${EXAMPLES}/fault-injection")
step("${builds}/fault_injection/fault_injection"
     "${EXAMPLES}/crews/market-analysis.toml" 1)
