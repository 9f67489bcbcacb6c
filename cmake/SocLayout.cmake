# SPDX-License-Identifier: Apache-2.0
# Which build of soc_vm the libraries above it were made for: a number of what they share, the headers and tables of vm/
# and the public header, compared when they meet as shared libraries (vm/version.h). As a script it prints the number of
# the source tree FOLDER: cmake -DFOLDER=. -P cmake/SocLayout.cmake

function(soc_layout_number folder result)
  file(GLOB headers LIST_DIRECTORIES NO "${folder}/vm/*.h" "${folder}/vm/*.def" "${folder}/include/soc/vm.h")
  list(SORT headers)
  set(digests)
  foreach(header IN LISTS headers)
    file(SHA256 "${header}" digest)
    string(APPEND digests "${digest}")
  endforeach()
  string(SHA256 digest "${digests}")
  string(SUBSTRING "${digest}" 0 8 number)
  set(${result} "0x${number}" PARENT_SCOPE)
endfunction()

# soc_knows_layout(f.c...): sources that include vm/version.h.
function(soc_knows_layout)
  soc_layout_number("${PROJECT_SOURCE_DIR}" number)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_DEFINITIONS "SOC_VM_LAYOUT=${number}u")
  file(GLOB headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/vm/*.h" "${PROJECT_SOURCE_DIR}/vm/*.def")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${headers} "${PROJECT_SOURCE_DIR}/include/soc/vm.h")
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
  soc_layout_number("${FOLDER}" number)
  execute_process(COMMAND "${CMAKE_COMMAND}" -E echo "${number}")
endif()
