# SPDX-License-Identifier: Apache-2.0
# One library of soc, static and shared from the same objects, with all that its users need:
#     soc_library(NAME DESCRIPTION text SOURCES f.c... HEADERS h... [ABOVE vm]
#                 [USES target... PKG_CONFIG name...] [GENERATED target])
# makes the targets soc_NAME (static), soc_NAME_shared, soc_NAME_objects for what is compiled into both, and the alias
# soc::NAME that find_package gives too. ABOVE names a library of soc that this one is above; USES are libraries of
# others that it calls and PKG_CONFIG their packages; GENERATED are further objects, with headers that the
# sources include.
# Installed are the components NAME-runtime (the shared library) and NAME-development (all else).

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

option(SOC_SHARED "Build shared libraries beside the static ones" ${PROJECT_IS_TOP_LEVEL})
if(BUILD_SHARED_LIBS)
  set(SOC_SHARED ON)
endif()
option(SOC_INSTALL "Install soc" ${PROJECT_IS_TOP_LEVEL})
# Part of the file name that programs look for: one more whenever a program that ran with the library before would not
# run with it now. tests/package/abi.py notices.
set(SOC_SOVERSION 0)
set(SOC_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/soc")

function(soc_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DESCRIPTION;ABOVE;GENERATED" "SOURCES;HEADERS;USES;PKG_CONFIG")
  set(target soc_${name})
  add_library(${target}_objects OBJECT ${arg_SOURCES})
  target_include_directories(${target}_objects PRIVATE "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/include")
  target_link_libraries(${target}_objects PRIVATE ${arg_USES} soc_warnings)
  set(objects $<TARGET_OBJECTS:${target}_objects>)
  if(arg_GENERATED)
    target_include_directories(${target}_objects PRIVATE
      $<TARGET_PROPERTY:${arg_GENERATED},INTERFACE_INCLUDE_DIRECTORIES>)
    add_dependencies(${target}_objects ${arg_GENERATED}) # its headers
    list(APPEND objects $<TARGET_OBJECTS:${arg_GENERATED}>)
  endif()

  add_library(${target} STATIC ${objects})
  set(kinds static)
  set(targets ${target})
  set(default ${target})
  if(SOC_SHARED)
    add_library(${target}_shared SHARED ${objects})
    set_target_properties(${target}_shared PROPERTIES
      OUTPUT_NAME ${target} EXPORT_NAME ${name}_shared VERSION ${PROJECT_VERSION} SOVERSION ${SOC_SOVERSION}
      INSTALL_RPATH "$ORIGIN") # finds the library below beside it, wherever the tree stands
    list(APPEND targets ${target}_shared)
    if(BUILD_SHARED_LIBS)
      set(default ${target}_shared)
    endif()
  endif()
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name}_static)
  set_target_properties(${targets} PROPERTIES LINKER_LANGUAGE C)
  foreach(one IN LISTS targets)
    target_include_directories(${one} PUBLIC
      "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
  endforeach()
  add_library(soc::${name} ALIAS ${default})

  if(arg_ABOVE)
    target_link_libraries(${target} PUBLIC soc_${arg_ABOVE})
    if(SOC_SHARED)
      # The public functions of the library below come from its shared library. The few internal ones that this one
      # shares with it are not exported there and are taken out of the static library, and exported no more here.
      target_link_libraries(${target}_shared PUBLIC soc_${arg_ABOVE}_shared PRIVATE $<BUILD_INTERFACE:soc_${arg_ABOVE}>)
      target_link_options(${target}_shared PRIVATE "LINKER:--exclude-libs,libsoc_${arg_ABOVE}.a")
    endif()
  endif()
  foreach(one IN LISTS targets)
    target_link_libraries(${one} PRIVATE ${arg_USES})
  endforeach()

  if(SOC_INSTALL)
    soc_install_library(${name})
  endif()
endfunction()

# Called by soc_library, whose arguments it sees.
function(soc_install_library name)
  install(TARGETS ${targets} EXPORT soc-${name}
    LIBRARY COMPONENT ${name}-runtime NAMELINK_COMPONENT ${name}-development
    ARCHIVE COMPONENT ${name}-development)
  install(EXPORT soc-${name} NAMESPACE soc:: FILE soc-${name}-targets.cmake DESTINATION "${SOC_PACKAGE_DIR}"
    COMPONENT ${name}-development)
  install(FILES ${arg_HEADERS} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/soc" COMPONENT ${name}-development)

  # pkg-config; the paths follow the file wherever the whole tree is moved.
  set(requires)
  if(arg_ABOVE)
    set(requires "soc-${arg_ABOVE} = ${PROJECT_VERSION}")
  endif()
  list(JOIN arg_PKG_CONFIG ", " requires_private)
  cmake_path(SET pc_dir NORMALIZE "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig")
  foreach(dir libdir includedir)
    string(TOUPPER ${dir} upper)
    cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_${upper} BASE_DIRECTORY "${pc_dir}" OUTPUT_VARIABLE ${dir})
  endforeach()
  cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY "${pc_dir}" OUTPUT_VARIABLE prefix)
  configure_file("${PROJECT_SOURCE_DIR}/cmake/soc.pc.in" "${PROJECT_BINARY_DIR}/package/soc-${name}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/package/soc-${name}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig"
    COMPONENT ${name}-development)
endfunction()

# What find_package(soc) reads first. Part of vm-development, which the other libraries need anyway.
function(soc_install_package)
  configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/soc-config.cmake.in"
    "${PROJECT_BINARY_DIR}/package/soc-config.cmake" INSTALL_DESTINATION "${SOC_PACKAGE_DIR}")
  # Before 1.0 a new minor version may change interfaces.
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/soc-config-version.cmake"
    COMPATIBILITY SameMinorVersion)
  install(FILES "${PROJECT_BINARY_DIR}/package/soc-config.cmake"
    "${PROJECT_BINARY_DIR}/package/soc-config-version.cmake" DESTINATION "${SOC_PACKAGE_DIR}"
    COMPONENT vm-development)
endfunction()
