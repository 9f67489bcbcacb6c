# SPDX-License-Identifier: Apache-2.0
# Options and flags that every target shares. Sanitizers, coverage and optimisation levels are not here: they are
# choices of a preset (CMakePresets.json), so that any other toolchain file or flag set works unchanged.

option(SOC_WERROR "Treat warnings in hand-written code as errors" OFF)
option(SOC_COVERAGE "Test the figures of gcov (needs gcovr and flags as in the preset coverage)" OFF)
option(SOC_FUZZ "Build the fuzz targets with libFuzzer (needs clang)" OFF)
option(SOC_TESTS "Build the tests and benchmarks" ${PROJECT_IS_TOP_LEVEL})

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

# Only what include/soc/ declares is visible from a shared object that links the static libraries.
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# The JSON shim is the only C++ file; it must not bring the C++ runtime's unwinding into the program.
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions> $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>)

# Warnings for hand-written code. Link it PRIVATE; generated lexers and parsers do not.
add_library(soc_warnings INTERFACE)
target_compile_options(soc_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
  $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>)
if(PROJECT_IS_TOP_LEVEL AND SOC_WERROR)
  target_compile_options(soc_warnings INTERFACE -Werror)
endif()
