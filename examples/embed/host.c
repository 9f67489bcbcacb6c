// SPDX-License-Identifier: Apache-2.0
//
// See host.h.
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

// ---------------------------------------------------------------------------- facts

uint32_t host_find(const soc_policy *policy, const char *name) {
  return soc_policy_find_fact(policy, name, strlen(name));
}

// An enumeration's value by its name; the index of a value is the policy's own affair.
bool host_set_word(const soc_policy *policy, soc_case *c, uint32_t fact, uint32_t row,
                   const char *word) {
  if (fact == SOC_NO_INDEX) {
    return true;
  }
  uint32_t value = soc_policy_find_value(policy, fact, word, strlen(word));
  return value != SOC_NO_INDEX && soc_case_set_enum(c, fact, row, value) == SOC_OK;
}

bool host_set_date(soc_case *c, uint32_t fact, uint32_t row, int year, int month, int day) {
  int32_t days;
  return fact == SOC_NO_INDEX || (soc_date_make(year, month, day, &days) &&
                                  soc_case_set_date(c, fact, row, days) == SOC_OK);
}

bool host_set_code(soc_case *c, uint32_t fact, uint32_t row, const char *code) {
  return fact == SOC_NO_INDEX || soc_case_set_code(c, fact, row, code, strlen(code)) == SOC_OK;
}

bool host_set_bool(soc_case *c, uint32_t fact, uint32_t row, bool value) {
  return fact == SOC_NO_INDEX || soc_case_set_bool(c, fact, row, value) == SOC_OK;
}
