// SPDX-License-Identifier: Apache-2.0
//
// What the examples share: a policy from a file, room for a case. A real host has these parts
// already, with an allocator, a log and a database of its own.
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stdint.h>

#include <soc/vm.h>

typedef struct host_policy {
  soc_policy policy;
  unsigned char *bytes; // the policy points into them
  void *plan;           // NULL: decided without
} host_policy;

// False: the file cannot be read or the artifact is refused, which is told on standard error.
bool host_open(host_policy *p, const char *path);
void host_close(host_policy *p);

// A case of its own for whoever calls, with everything left out; free() gives it back. NULL: no memory.
soc_case *host_case(const soc_policy *policy, const soc_case_limits *limits);

#endif
