// SPDX-License-Identifier: Apache-2.0
//
// See host.h.
#include "host.h"

#include <stdio.h>
#include <stdlib.h>

// ---------------------------------------------------------------------------- policies

static unsigned char *read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  unsigned char *bytes = NULL;
  if (file && fseek(file, 0, SEEK_END) == 0) {
    long end = ftell(file);
    rewind(file);
    bytes = end > 0 ? malloc((size_t)end) : NULL;
    if (bytes && fread(bytes, 1, (size_t)end, file) != (size_t)end) {
      free(bytes);
      bytes = NULL;
    }
    *length = bytes ? (size_t)end : 0;
  }
  if (file) {
    fclose(file);
  }
  return bytes;
}

static bool load(soc_policy *policy, const unsigned char *bytes, size_t length) {
  soc_error error;
  if (soc_policy_load(policy, bytes, length, &error) != SOC_OK) {
    fprintf(stderr, "refused: %s at byte %llu: %s\n", error.code, (unsigned long long)error.offset,
            error.message);
    return false;
  }
  return true;
}

// A plan makes decisions faster; a policy that cannot have one decides without. Keep the memory as long as the policy.
static void *make_plan(soc_policy *policy) {
  size_t size = soc_policy_plan_bytes(policy);
  void *plan = size > 0 ? malloc(size) : NULL;
  if (plan && soc_policy_plan(policy, plan, size, NULL) != SOC_OK) {
    free(plan);
    plan = NULL;
  }
  return plan;
}

bool host_open(host_policy *p, const char *path) {
  size_t length = 0;
  p->bytes = read_file(path, &length);
  if (!p->bytes) {
    fprintf(stderr, "cannot read %s\n", path);
    return false;
  }
  if (!load(&p->policy, p->bytes, length)) {
    free(p->bytes);
    return false;
  }
  p->plan = make_plan(&p->policy);
  return true;
}

void host_close(host_policy *p) {
  free(p->plan);
  free(p->bytes); // not earlier: the policy points into the bytes
}

// ---------------------------------------------------------------------------- cases

soc_case *host_case(const soc_policy *policy, const soc_case_limits *limits) {
  size_t size = soc_case_bytes(policy, limits);
  void *memory = size > 0 ? malloc(size) : NULL;
  soc_case *c = NULL;
  if (memory && soc_case_init(&c, policy, limits, memory, size, NULL) != SOC_OK) {
    free(memory);
  }
  return c; // stands at the beginning of its memory
}
