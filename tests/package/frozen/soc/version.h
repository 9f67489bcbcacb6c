// SPDX-License-Identifier: Apache-2.0
//
// The version of soc: the one place that states it. CMake reads these three numbers for the names of the libraries,
// the package files and the program. Before 1.0 a new minor version may change interfaces.
#ifndef SOC_VERSION_H
#define SOC_VERSION_H

#define SOC_VERSION_MAJOR 0
#define SOC_VERSION_MINOR 1
#define SOC_VERSION_PATCH 0

// "0.1.0": the version of the headers that a program was compiled with. soc_vm_version, soc_batch_version and
// soc_compiler_version give that of the library that it runs with.
#define SOC_VERSION SOC_VERSION_JOIN(SOC_VERSION_MAJOR, SOC_VERSION_MINOR, SOC_VERSION_PATCH)
#define SOC_VERSION_JOIN(major, minor, patch) SOC_VERSION_JOIN_TEXT(major, minor, patch)
#define SOC_VERSION_JOIN_TEXT(major, minor, patch) #major "." #minor "." #patch

#endif
