// SPDX-License-Identifier: Apache-2.0
//
// Little-endian reads from bytes of any alignment. The compilers of interest make one load of each.
#ifndef SOC_VM_READ_H
#define SOC_VM_READ_H

#include <stdint.h>

static inline uint16_t vm_u16(const uint8_t *p) {
  return (uint16_t)(p[0] | (unsigned)p[1] << 8);
}

static inline uint32_t vm_u32(const uint8_t *p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t vm_u64(const uint8_t *p) {
  return (uint64_t)vm_u32(p) | (uint64_t)vm_u32(p + 4) << 32;
}

// Two's complement without an implementation-defined conversion.
static inline int32_t vm_i32(const uint8_t *p) {
  uint32_t u = vm_u32(p);
  return u <= INT32_MAX ? (int32_t)u : -1 - (int32_t)(UINT32_MAX - u);
}

static inline int64_t vm_i64_of(uint64_t u) {
  return u <= INT64_MAX ? (int64_t)u : -1 - (int64_t)(UINT64_MAX - u);
}

static inline int64_t vm_i64(const uint8_t *p) {
  return vm_i64_of(vm_u64(p));
}

#endif
