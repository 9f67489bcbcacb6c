// SPDX-License-Identifier: Apache-2.0
//
// A loaded policy inside the VM: where its sections lie, and the records of the image as structs (vm/image.h has the
// layout). The readers do not check: the loader reads nothing through them before it has checked the section.
#ifndef SOC_VM_POLICY_H
#define SOC_VM_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "soc/vm.h"
#include "vm/bounds.h"
#include "vm/code.h"
#include "vm/image.h"
#include "vm/read.h"

enum vm_section_index {
#define VM_SECTION(name, id, bytes, ...) VM_##name,
  SOC_SECTIONS(VM_SECTION)
#undef VM_SECTION
      VM_SECTION_COUNT
};

enum vm_record_bytes {
#define VM_SECTION(name, id, bytes, ...) VM_##name##_BYTES = bytes,
  SOC_SECTIONS(VM_SECTION)
#undef VM_SECTION
};

typedef struct soc_policy_section vm_section;

#if defined(__GNUC__)
#if defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__) // else one copy serves all who call it
#define VM_INLINE static inline __attribute__((always_inline))
#else
#define VM_INLINE static inline
#endif
#define VM_APART \
  static __attribute__((noinline)) // so that the rare case does not burden the common one
#else
#define VM_INLINE static inline
#define VM_APART static
#endif
typedef struct soc_policy_parts vm_policy; // soc/vm.h: it stands in the caller's memory

_Static_assert(sizeof(((vm_policy *)0)->section) == VM_SECTION_COUNT * sizeof(vm_section),
               "soc_policy_parts must hold every section");
_Static_assert(sizeof(soc_policy) == sizeof(uint64_t[96]),
               "programs know a soc_policy of this size");

// NULL of NULL.
static inline const vm_policy *vm_of(const soc_policy *policy) {
  return policy ? &policy->opaque.parts : NULL;
}

#define VM_AT(p, name, index) ((p)->section[VM_##name].bytes + (size_t)(index)*VM_##name##_BYTES)
#define VM_COUNT(p, name) ((p)->section[VM_##name].count)

typedef struct vm_fact {
  uint32_t name;
  uint8_t type, unit, flags, left_out, min_length, max_length;
  uint16_t enumeration, list, other;
  int64_t minimum, maximum, assumed;
} vm_fact;

VM_INLINE vm_fact vm_fact_at(const vm_policy *p, uint32_t index) {
  const uint8_t *r = VM_AT(p, FACTS, index);
  return (vm_fact){.name = vm_u32(r),
                   .type = r[4],
                   .unit = r[5],
                   .flags = r[6],
                   .left_out = r[7],
                   .enumeration = vm_u16(r + 8),
                   .list = vm_u16(r + 10),
                   .other = vm_u16(r + 12),
                   .minimum = vm_i64(r + 16),
                   .maximum = vm_i64(r + 24),
                   .assumed = vm_i64(r + 32),
                   .min_length = r[44],
                   .max_length = r[45]};
}

// Is something assumed of a fact that is left out?
static inline bool vm_has_assumption(const vm_fact *fact) {
  return fact->left_out == SOC_LEFT_OUT_ASSUMED ||
         (fact->left_out == SOC_LEFT_OUT_DERIVED && fact->assumed >= 0);
}

// Is a fact, where it is left out, another one's value?
static inline bool vm_takes_value_of(const vm_policy *p, uint32_t fact, uint32_t other) {
  vm_fact f = vm_fact_at(p, fact);
  return fact == other || (f.left_out == SOC_LEFT_OUT_OTHER_FACT && f.other == other);
}

// Can something be assumed of it, or of the fact whose value it takes?
static inline bool vm_takes_assumption(const vm_policy *p, uint32_t fact) {
  vm_fact f = vm_fact_at(p, fact);
  f = f.left_out == SOC_LEFT_OUT_OTHER_FACT ? vm_fact_at(p, f.other) : f;
  return vm_has_assumption(&f);
}

typedef struct vm_enum {
  uint32_t name;
  uint16_t first, count;
} vm_enum;

static inline vm_enum vm_enum_at(const vm_policy *p, uint32_t index) {
  const uint8_t *r = VM_AT(p, ENUMS, index);
  return (vm_enum){vm_u32(r), vm_u16(r + 4), vm_u16(r + 6)};
}

// Bit v for each value v of an enumeration.
static inline uint64_t vm_enum_mask(const vm_policy *p, uint32_t index) {
  return UINT64_MAX >> (64 - vm_enum_at(p, index).count);
}

static inline int64_t vm_constant_at(const vm_policy *p, uint32_t index) {
  return vm_i64(VM_AT(p, CONSTANTS, index));
}

static inline uint64_t vm_mask_at(const vm_policy *p, uint32_t index) {
  return vm_u64(VM_AT(p, CONSTANTS, index));
}

typedef struct vm_set {
  uint32_t name;
  uint8_t kind, flags;
  uint32_t first, count;
} vm_set;

static inline vm_set vm_set_at(const vm_policy *p, uint32_t index) {
  const uint8_t *r = VM_AT(p, SETS, index);
  return (vm_set){vm_u32(r), r[4], r[5], vm_u32(r + 8), vm_u32(r + 12)};
}

typedef struct vm_map {
  uint32_t first, count;
  uint64_t other;
} vm_map;

static inline vm_map vm_map_at(const vm_policy *p, uint32_t index) {
  const uint8_t *r = VM_AT(p, MAPS, index);
  return (vm_map){vm_u32(r), vm_u32(r + 4), vm_u64(r + 8)};
}

// The range that a code stands in, of `count` ascending ones of `bytes` each, the first one of equal ones; NULL: none.
static inline const uint8_t *vm_find_range(const uint8_t *ranges, uint32_t count, size_t bytes,
                                           uint64_t code) {
  if (count == 0) {
    return NULL;
  }
  while (count > 1) {
    uint32_t half = count / 2;
    ranges = vm_u64(ranges + (half - 1) * bytes + 8) < code ? ranges + half * bytes : ranges;
    count -= half;
  }
  return vm_u64(ranges) <= code && code <= vm_u64(ranges + 8) ? ranges : NULL;
}

typedef struct vm_instruction {
  uint8_t op, a;
  uint16_t b;
  uint32_t c;
} vm_instruction;

static inline vm_instruction vm_instruction_of(const uint8_t *r) {
  return (vm_instruction){r[0], r[1], vm_u16(r + 2), vm_u32(r + 4)};
}

static inline vm_instruction vm_instruction_at(const vm_policy *p, uint32_t index) {
  return vm_instruction_of(VM_AT(p, CODE, index));
}

// C_SET: the set and the as-of date (SOC_NONE16: none).
static inline uint32_t vm_set_index(uint32_t c) {
  return c & 0xffffu;
}
static inline uint32_t vm_set_date(uint32_t c) {
  return c >> 16;
}

typedef struct vm_cell {
  uint32_t name;
  uint8_t kind, flags;
  uint16_t asks, enumeration, list;
  uint32_t first, count, parent;
} vm_cell;

VM_INLINE vm_cell vm_cell_at(const vm_policy *p, uint32_t index) {
  const uint8_t *r = VM_AT(p, CELLS, index);
  return (vm_cell){.name = vm_u32(r),
                   .kind = r[4],
                   .flags = r[5],
                   .asks = vm_u16(r + 6),
                   .first = vm_u32(r + 8),
                   .count = vm_u32(r + 12),
                   .enumeration = vm_u16(r + 16),
                   .list = vm_u16(r + 18),
                   .parent = vm_u32(r + 20)};
}

typedef struct vm_decision {
  uint32_t name;
  uint8_t kind, flags;
  uint32_t first, count;
  uint16_t list;
} vm_decision;

static inline vm_decision vm_decision_at(const vm_policy *p, uint32_t index) {
  const uint8_t *r = VM_AT(p, DECISIONS, index);
  return (vm_decision){vm_u32(r), r[4], r[5], vm_u32(r + 8), vm_u32(r + 12), vm_u16(r + 16)};
}

static inline bool vm_decides_rows(const vm_policy *p) {
  for (uint32_t i = 0; i < VM_COUNT(p, DECISIONS); i++) {
    if (vm_decision_at(p, i).list != SOC_NONE16) {
      return true;
    }
  }
  return false;
}

typedef struct vm_rule {
  uint32_t name;
  uint8_t determination, flags;
  uint32_t code, cell, criterion, needed, open_code, open_cell, from, from_count, through,
      through_count;
  uint64_t redirect;
  uint32_t extra, extra_count, stands, stands_count;
  uint16_t redirect_enum;
  uint16_t except; // 1 + fact whose values are left out of the redirect; 0: none
} vm_rule;

// Always inline, so that what a caller does not use is not read.
VM_INLINE vm_rule vm_rule_at(const vm_policy *p, uint32_t index) {
  const uint8_t *r = VM_AT(p, RULES, index);
  return (vm_rule){.name = vm_u32(r),
                   .determination = r[4],
                   .flags = r[5],
                   .code = vm_u32(r + 8),
                   .cell = vm_u32(r + 12),
                   .criterion = vm_u32(r + 16),
                   .needed = vm_u32(r + 20),
                   .open_code = vm_u32(r + 24),
                   .open_cell = vm_u32(r + 28),
                   .from = vm_u32(r + 32),
                   .from_count = vm_u32(r + 36),
                   .through = vm_u32(r + 40),
                   .through_count = vm_u32(r + 44),
                   .redirect = vm_u64(r + 48),
                   .extra = vm_u32(r + 56),
                   .extra_count = vm_u32(r + 60),
                   .redirect_enum = vm_u16(r + 64),
                   .except = vm_u16(r + 66),
                   .stands = vm_u32(r + 68),
                   .stands_count = vm_u32(r + 72)};
}

#define VM_EXTRA_ALWAYS 0x7fffffffu // no cell
typedef struct vm_extra {
  uint32_t name, cell;
  bool ground;
} vm_extra;

static inline vm_extra vm_extra_at(const vm_policy *p, uint32_t index) {
  const uint8_t *r = VM_AT(p, EXTRAS, index);
  uint32_t cell = vm_u32(r + 4);
  return (vm_extra){vm_u32(r), cell & VM_EXTRA_ALWAYS, (cell >> 31) != 0};
}

typedef struct vm_words {
  uint32_t text, cite, source, line;
} vm_words;

static inline vm_words vm_words_of(const uint8_t *r) {
  return (vm_words){vm_u32(r), vm_u32(r + 4), vm_u32(r + 8), vm_u32(r + 12)};
}

// The string at an offset of NAMES or WORDING; empty for SOC_NONE32.
soc_text vm_name(const vm_policy *p, uint32_t offset);
soc_text vm_wording(const vm_policy *p, uint32_t offset);

// As memcmp says of the shorter length, else the longer text comes after the other.
static inline int vm_compare_texts(soc_text a, soc_text b) {
  int order = memcmp(a.data, b.data, a.length < b.length ? a.length : b.length);
  return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

// load.c: tells why the call fails, by a code and a sentence; returns the status.
soc_status vm_fail(soc_error *error, soc_status status, const char *code, const char *sentence);

// Which operands an instruction has (vm/opcodes.def), for the verifier and for those who walk over code.
enum vm_operand {
  A_NONE,
  A_REL,
  A_GIVEN,
  A_LIST,
  A_FOLD,
  A_EACH,
  A_ROW,
  B_NONE,
  B_FACT,
  B_EACH,
  B_CELL,
  B_NEED,
  C_NONE,
  C_CONST,
  C_CONST2,
  C_SET,
  C_MAP,
  C_CELL,
  C_VALUE,
  C_SIZE,
  C_SKIP
};
typedef struct vm_op_shape {
  uint8_t a, b, c; // enum vm_operand
  char pops[4], pushes[2];
} vm_op_shape;
extern const vm_op_shape vm_op_shapes[SOC_OP_COUNT];

#endif
