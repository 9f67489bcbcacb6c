# SPDX-License-Identifier: Apache-2.0
# The scanner and parser generators: finds re2c and Lemon, tries them at configure time, and defines
#     soc_add_front(TARGET LEXER.re GRAMMAR.y WORDS.def)
# an OBJECT library of the two generated files, which live in the build tree only. Both are in one target because
# the scanner includes the grammar's header. A warning of re2c or a conflict in the grammar fails the build.

find_program(RE2C_EXECUTABLE re2c REQUIRED)
find_program(LEMON_EXECUTABLE lemon REQUIRED)
find_file(LEMON_TEMPLATE lempar.c PATHS /usr/share/lemon /usr/local/share/lemon NO_CMAKE_FIND_ROOT_PATH REQUIRED)

set(SOC_RE2C_FLAGS -W -Werror --no-generation-date --no-version --no-debug-info)
# -c leaves the tables uncompressed: the expected tokens of a syntax error are read from them.
# -T names the template: without it Lemon would take any lempar.c that lies about.
set(SOC_LEMON_FLAGS -c -l "-T${LEMON_TEMPLATE}")

# Versions of Lemon cannot be asked for (-x prints 1.0 everywhere), so what the grammar relies on is tried.
function(soc_try_generator what expected)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/probe"
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(status EQUAL 0)
    set(status 0)
  else()
    set(status 1)
  endif()
  if(NOT status EQUAL expected)
    message(FATAL_ERROR "${what}\n${output}")
  endif()
endfunction()

set(probe_dir "${CMAKE_BINARY_DIR}/CMakeFiles/probe")
file(MAKE_DIRECTORY "${probe_dir}")
execute_process(COMMAND ${RE2C_EXECUTABLE} --vernum OUTPUT_VARIABLE re2c_version OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT re2c_version GREATER_EQUAL 30000)
  message(FATAL_ERROR "re2c 3.0 or later is needed, ${RE2C_EXECUTABLE} is ${re2c_version}")
endif()
soc_try_generator("${RE2C_EXECUTABLE} cannot process cmake/probe/lexer.re" 0
  ${RE2C_EXECUTABLE} ${SOC_RE2C_FLAGS} -o "${probe_dir}/lexer.c" lexer.re)
soc_try_generator("${LEMON_EXECUTABLE} cannot process cmake/probe/grammar.y" 0
  ${LEMON_EXECUTABLE} ${SOC_LEMON_FLAGS} "-d${probe_dir}" grammar.y)
soc_try_generator("${LEMON_EXECUTABLE} does not report the conflict in cmake/probe/conflict.y" 1
  ${LEMON_EXECUTABLE} ${SOC_LEMON_FLAGS} "-d${probe_dir}" conflict.y)

# A rule of the scanner for each row of the table: `"and" { return token_of(lx, TK_AND, start, cursor); }`.
function(soc_write_word_rules words output)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${words}")
  set(row "^(WORD|ALIAS|SIGN)\\(([A-Z_]+), (\"[^\"]+\").*$")
  file(STRINGS "${words}" rows REGEX "${row}")
  set(rules)
  foreach(one IN LISTS rows)
    string(REGEX REPLACE "${row}" "    \\3 { return token_of(lx, TK_\\2, start, cursor); }\n" one "${one}")
    string(APPEND rules "${one}")
  endforeach()
  file(CONFIGURE OUTPUT "${output}" CONTENT "${rules}" @ONLY)
endfunction()

function(soc_add_front target lexer grammar words)
  cmake_path(ABSOLUTE_PATH lexer NORMALIZE)
  cmake_path(ABSOLUTE_PATH words NORMALIZE)
  cmake_path(ABSOLUTE_PATH grammar NORMALIZE)
  cmake_path(GET grammar PARENT_PATH source_dir)
  cmake_path(GET grammar FILENAME grammar_name)
  cmake_path(GET grammar STEM stem)
  set(gen "${CMAKE_CURRENT_BINARY_DIR}/generated")
  file(MAKE_DIRECTORY "${gen}")
  soc_write_word_rules("${words}" "${gen}/words.re")

  add_custom_command(OUTPUT "${gen}/lexer.c"
    COMMAND ${RE2C_EXECUTABLE} ${SOC_RE2C_FLAGS} -I "${gen}" --depfile "${gen}/lexer.c.d"
            -o "${gen}/lexer.c" "${lexer}"
    MAIN_DEPENDENCY "${lexer}" DEPFILE "${gen}/lexer.c.d" VERBATIM)
  # Lemon writes the path it was given into its output, so it is given a bare name.
  add_custom_command(OUTPUT "${gen}/${stem}.c" "${gen}/${stem}.h" BYPRODUCTS "${gen}/${stem}.out"
    COMMAND ${LEMON_EXECUTABLE} ${SOC_LEMON_FLAGS} "-d${gen}" "${grammar_name}"
    WORKING_DIRECTORY "${source_dir}"
    MAIN_DEPENDENCY "${grammar}" DEPENDS "${LEMON_TEMPLATE}" VERBATIM)

  add_library(${target} OBJECT "${gen}/lexer.c" "${gen}/${stem}.c" "${gen}/${stem}.h")
  target_include_directories(${target} PUBLIC "${gen}")
  target_compile_options(${target} PRIVATE -w)
endfunction()
