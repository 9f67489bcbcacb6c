// SPDX-License-Identifier: Apache-2.0
//
// What the three parts of the loader share: load.c (file and sections), tables.c (records and their references) and
// verify.c (bytecode). Each part relies on what the parts before it have proved, and on nothing else.
#ifndef SOC_VM_CHECK_H
#define SOC_VM_CHECK_H

#include "vm/policy.h"

enum vm_error {
#define VM_ERROR(name, code, sentence) VM_E_##name,
#include "vm/errors.def"
#undef VM_ERROR
  VM_ERROR_COUNT
};

// What the format says of a section.
typedef struct vm_section_shape {
  uint32_t id, record_bytes;
} vm_section_shape;
extern const vm_section_shape vm_section_shapes[VM_SECTION_COUNT]; // load.c

typedef struct vm_check {
  vm_policy *policy;
  soc_error *error; // may be NULL
} vm_check;

// Records why the image is refused, at the byte `at` of it. Always false.
bool vm_refuse(vm_check *k, enum vm_error error, const uint8_t *at);
// Refuses at the first of these bytes that is not zero.
bool vm_check_zero(vm_check *k, enum vm_error error, const uint8_t *from, size_t count);

// tables.c: every table but the code.
bool vm_check_tables(vm_check *k);
// verify.c: the code of every cell and window; sets the policy's bounds.
bool vm_check_code(vm_check *k);

#endif
