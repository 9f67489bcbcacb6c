# SPDX-License-Identifier: Apache-2.0
# How tests are declared. Every test of ctest tells how many cases it holds, either through cmocka's own report or
# by a line of its own, `N passed, N failed`; tests/summary.sh adds them up for ./dev test.
#     soc_unit_test(NAME SOURCES f.c... [LIBS target...] [TIMEOUT s] [LABELS label...])      a cmocka program
#     soc_script_test(NAME COMMAND prog arg... [ENV VAR=value...] [TIMEOUT s] [LABELS label...])
#     soc_fuzzer(NAME SOURCES f.c... LIBS target... [SEEDS dir...] [DICT file] [MAX_LEN n] [ARTIFACTS]
#       [LARGE dir...])
# ARTIFACTS: the target changes artifacts by itself, counts how many reach the executor, and runs under
# ./dev fuzz --fast, too. LARGE: it is run a second time, from these seeds and with inputs of up to 128 KiB.
# A script finds the program under test in $SOC, the checkout in $SOC_SOURCE and the build in $SOC_BUILD. Label
# `once`: the test gives the same answer in every build and is run in the sanitizer build only. Label `stress`: run
# by ./dev fuzz, not by ./dev test. A script that lacks a tool prints `skipped: WHY`; if it can do nothing without, its
# exit status is 77.

# Not REQUIRED: the program and the libraries build without it; ./dev test installs it.
find_path(CMOCKA_INCLUDE_DIR cmocka.h)
find_library(CMOCKA_LIBRARY cmocka)
if(CMOCKA_INCLUDE_DIR AND CMOCKA_LIBRARY)
  add_library(soc_cmocka INTERFACE)
  target_include_directories(soc_cmocka SYSTEM INTERFACE "${CMOCKA_INCLUDE_DIR}")
  target_link_libraries(soc_cmocka INTERFACE "${CMOCKA_LIBRARY}")
else()
  message(STATUS "cmocka not found: unit tests are left out")
endif()

function(soc_finish_test name timeout labels env)
  if(NOT timeout)
    set(timeout 300)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${timeout} SKIP_RETURN_CODE 77 LABELS "${labels}" ENVIRONMENT
    "SOC=${PROJECT_BINARY_DIR}/soc;SOC_SOURCE=${PROJECT_SOURCE_DIR};SOC_BUILD=${PROJECT_BINARY_DIR};LC_ALL=C;${env}")
endfunction()

function(soc_unit_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;LIBS;LABELS")
  if(NOT TARGET soc_cmocka)
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LIBS} soc_warnings soc_cmocka)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  soc_finish_test(${name} "${arg_TIMEOUT}" "${arg_LABELS}" "")
endfunction()

function(soc_script_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "COMMAND;ENV;LABELS")
  add_test(NAME ${name} COMMAND ${arg_COMMAND} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  soc_finish_test(${name} "${arg_TIMEOUT}" "${arg_LABELS}" "${arg_ENV}")
endfunction()

# With SOC_FUZZ a fuzz target is a libFuzzer program, and ./dev fuzz runs all that are listed in fuzzers.txt.
# Without, the same code is linked with a main() that replays the seeds as a test, so that no target rots and every
# input that once failed stays tested.
function(soc_fuzzer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "ARTIFACTS" "DICT;MAX_LEN" "SOURCES;LIBS;SEEDS;LARGE")
  set(seeds)
  foreach(dir IN LISTS arg_SEEDS)
    cmake_path(ABSOLUTE_PATH dir NORMALIZE)
    list(APPEND seeds "${dir}")
  endforeach()
  if(SOC_FUZZ)
    add_executable(${name} ${arg_SOURCES})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set(dict)
    if(arg_DICT)
      cmake_path(ABSOLUTE_PATH arg_DICT NORMALIZE OUTPUT_VARIABLE dict)
    endif()
    if(NOT arg_MAX_LEN)
      set(arg_MAX_LEN 65536)
    endif()
    list(JOIN seeds " " seeds)
    # Weighing inputs by how rare their features are takes more time than running them.
    set(options)
    if(arg_ARTIFACTS)
      set(options "-entropic=0")
    endif()
    set_property(GLOBAL APPEND PROPERTY SOC_FUZZERS "$<TARGET_FILE:${name}>|${arg_MAX_LEN}|${dict}|${seeds}|${options}|")
    set(seeds)
    foreach(dir IN LISTS arg_LARGE)
      cmake_path(ABSOLUTE_PATH dir NORMALIZE)
      list(APPEND seeds "${dir}")
    endforeach()
    if(seeds)
      list(JOIN seeds " " seeds)
      set_property(GLOBAL APPEND PROPERTY SOC_FUZZERS "$<TARGET_FILE:${name}>|131072|${dict}|${seeds}|${options}|_large")
    endif()
  else()
    add_executable(${name} ${arg_SOURCES} "${PROJECT_SOURCE_DIR}/tests/fuzz/replay.c")
    add_test(NAME ${name} COMMAND ${name} ${seeds} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
    soc_finish_test(${name} "" "" "")
  endif()
  target_link_libraries(${name} PRIVATE ${arg_LIBS} soc_warnings)
endfunction()

# The last folder with fuzz targets calls this once: writes the list that ./dev fuzz reads.
function(soc_write_fuzzers)
  get_property(fuzzers GLOBAL PROPERTY SOC_FUZZERS)
  list(JOIN fuzzers "\n" lines)
  file(GENERATE OUTPUT "${PROJECT_BINARY_DIR}/fuzzers.txt" CONTENT "${lines}\n")
endfunction()
