// SPDX-License-Identifier: Apache-2.0
//
// The examples include <soc/vm.h>; here they get the header of the two-file form.
#include "soc_vm.h"
