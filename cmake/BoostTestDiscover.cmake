# Registers every Boost.Test case of an executable as a ctest of its own, so
# that ctest's closing line counts test cases. Runs after each link:
#   cmake -DEXE=... -DNAME=... -DOUT=... -P BoostTestDiscover.cmake
cmake_policy(SET CMP0007 NEW) # Lists keep their empty elements.

execute_process(COMMAND "${EXE}" --list_content=HRF
                ERROR_VARIABLE listing OUTPUT_VARIABLE listing_out
                RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${EXE} --list_content failed: ${listing}")
endif()
string(REPLACE ";" "," listing "${listing}${listing_out}")
string(REPLACE "\n" ";" lines "${listing}")

set(script "")
set(suite "")
set(count 0)
# A suite is followed by deeper-indented lines; a case is not.
list(LENGTH lines total)
set(index 0)
set(path "")
foreach(line IN LISTS lines)
  math(EXPR index "${index} + 1")
  if(NOT line MATCHES "^( *)([A-Za-z0-9_]+)\\*?")
    continue()
  endif()
  string(LENGTH "${CMAKE_MATCH_1}" indent)
  set(name "${CMAKE_MATCH_2}")
  math(EXPR level "${indent} / 4")
  list(SUBLIST path 0 ${level} path)
  list(APPEND path "${name}")
  set(next_indent -1)
  if(index LESS total)
    list(GET lines ${index} next)
    if(next MATCHES "^( *)[A-Za-z0-9_]")
      string(LENGTH "${CMAKE_MATCH_1}" next_indent)
    endif()
  endif()
  if(next_indent GREATER indent)
    continue()
  endif()
  list(JOIN path "/" full)
  string(APPEND script
    "add_test([==[${NAME}/${full}]==] [==[${EXE}]==] [==[--run_test=${full}]==] [==[--color_output=no]==])\n"
    "set_tests_properties([==[${NAME}/${full}]==] PROPERTIES TIMEOUT 120)\n")
  math(EXPR count "${count} + 1")
endforeach()
if(count EQUAL 0)
  message(FATAL_ERROR "${EXE} holds no test case")
endif()
file(WRITE "${OUT}" "${script}")
