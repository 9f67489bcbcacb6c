// SPDX-License-Identifier: Apache-2.0
//
// The first part of the loader: header, section table, padding and strings. It takes any bytes; what it accepts is
// the one encoding that vm/image.h allows. Also the public readers of a loaded policy's tables.
#include <string.h>

#include "vm/check.h"
#include "vm/exec.h"

const vm_section_shape vm_section_shapes[VM_SECTION_COUNT] = {
#define VM_SECTION(name, id, bytes, ...) {id, bytes},
    SOC_SECTIONS(VM_SECTION)
#undef VM_SECTION
};

static const struct {
  const char *code, *sentence;
} errors[VM_ERROR_COUNT] = {
#define VM_ERROR(name, code, sentence) {code, sentence},
#include "vm/errors.def"
#undef VM_ERROR
};

bool vm_refuse(vm_check *k, enum vm_error error, const uint8_t *at) {
  if (k->error) {
    k->error->code = errors[error].code;
    k->error->message = errors[error].sentence;
    k->error->offset = (uint64_t)(at - k->policy->image);
  }
  return false;
}

bool vm_check_zero(vm_check *k, enum vm_error error, const uint8_t *from, size_t count) {
  for (const uint8_t *at = from; at < from + count; at++) {
    if (*at != 0) {
      return vm_refuse(k, error, at);
    }
  }
  return true;
}

static bool check_format(vm_check *k) {
  const uint8_t *image = k->policy->image;
  unsigned format = vm_u16(image + 8);
  if (format > SOC_IMAGE_FORMAT) {
    return vm_refuse(k, VM_E_FORMAT_NEWER, image + 8);
  }
  if (format != SOC_IMAGE_FORMAT) {
    return vm_refuse(k, VM_E_FORMAT, image + 8);
  }
  return true;
}

static bool check_header(vm_check *k, size_t length) {
  const uint8_t *image = k->policy->image;
  if (length < SOC_HEADER_BYTES) {
    return vm_refuse(k, VM_E_LENGTH, image);
  }
  if (memcmp(image, SOC_IMAGE_MAGIC, 8) != 0) {
    return vm_refuse(k, VM_E_MAGIC, image);
  }
  if (!check_format(k)) {
    return false;
  }
  if (vm_u64(image + 16) != length) {
    return vm_refuse(k, VM_E_LENGTH, image + 16);
  }
  uint32_t count = vm_u32(image + 12);
  if (count < VM_SECTION_COUNT || count > SOC_MAX_SECTIONS ||
      (length - SOC_HEADER_BYTES) / SOC_SECTION_ENTRY_BYTES < count) {
    return vm_refuse(k, VM_E_SECTION_COUNT, image + 12);
  }
  return vm_check_zero(k, VM_E_RESERVED, image + 24, 8);
}

// One entry of the section table. `end` is where the section before ends, and becomes the end of this one.
static bool check_entry(vm_check *k, const uint8_t *entry, uint64_t length, uint64_t *end) {
  const uint8_t *image = k->policy->image;
  uint64_t before = *end, start = (before + 7) / 8 * 8, bytes = vm_u64(entry + 16);
  if (vm_u64(entry + 8) != start || start > length) {
    return vm_refuse(k, VM_E_SECTION_BOUNDS, entry + 8);
  }
  if (bytes > length - start) {
    return vm_refuse(k, VM_E_SECTION_BOUNDS, entry + 16);
  }
  *end = start + bytes;
  return vm_check_zero(k, VM_E_PADDING, image + before, (size_t)(start - before));
}

// A section of this format, number `index` of them.
static bool check_section(vm_check *k, int index, const uint8_t *entry, uint64_t length,
                          uint64_t *end) {
  uint32_t count = vm_u32(entry + 4);
  if (vm_u64(entry + 16) != (uint64_t)count * vm_section_shapes[index].record_bytes) {
    return vm_refuse(k, VM_E_SECTION_LENGTH, entry + 16);
  }
  if (!check_entry(k, entry, length, end)) {
    return false;
  }
  k->policy->section[index] = (vm_section){k->policy->image + vm_u64(entry + 8), count};
  return true;
}

// A section that this format does not have: skipped if that is safe.
static bool check_unknown(vm_check *k, const uint8_t *entry, uint64_t length, uint64_t *end) {
  if (vm_u32(entry) < SOC_FIRST_OPTIONAL_SECTION) {
    return vm_refuse(k, VM_E_SECTION_UNKNOWN, entry);
  }
  return check_entry(k, entry, length, end);
}

// `id`: of the section before, and then of this one.
static bool check_order(vm_check *k, const uint8_t *entry, uint32_t *id) {
  uint32_t before = *id;
  *id = vm_u32(entry);
  if (*id <= before) {
    return vm_refuse(k, VM_E_SECTION_ID, entry);
  }
  return true;
}

static bool check_sections(vm_check *k, uint64_t length) {
  const uint8_t *entry = k->policy->image + SOC_HEADER_BYTES;
  uint32_t count = vm_u32(k->policy->image + 12), id = 0;
  uint64_t end = SOC_HEADER_BYTES + (uint64_t)count * SOC_SECTION_ENTRY_BYTES;
  int known = 0;
  for (uint32_t i = 0; i < count; i++, entry += SOC_SECTION_ENTRY_BYTES) {
    if (!check_order(k, entry, &id)) {
      return false;
    }
    uint32_t next = known < VM_SECTION_COUNT ? vm_section_shapes[known].id : UINT32_MAX;
    if (id > next) {
      return vm_refuse(k, VM_E_SECTION_MISSING, entry);
    }
    bool ours = id == next && known < VM_SECTION_COUNT;
    if (!(ours ? check_section(k, known, entry, length, &end)
               : check_unknown(k, entry, length, &end))) {
      return false;
    }
    known += ours;
  }
  // The header has at least as many, and each of them was the next one or refused.
  if (known < VM_SECTION_COUNT) { // NEVER: so none is missing here
    return vm_refuse(k, VM_E_SECTION_MISSING, entry);
  }
  if (end != length) {
    return vm_refuse(k, VM_E_LENGTH, k->policy->image + end);
  }
  return true;
}

// The byte after one UTF-8 character at `p`, or NULL: no surrogates, nothing overlong, nothing past U+10FFFF.
static const uint8_t *utf8_next(const uint8_t *p, const uint8_t *end) {
  unsigned lead = p[0];
  int more = lead < 0x80   ? 0
             : lead < 0xc2 ? -1
             : lead < 0xe0 ? 1
             : lead < 0xf0 ? 2
             : lead < 0xf5 ? 3
                           : -1;
  if (more < 0 || end - p <= more) {
    return NULL;
  }
  unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80; // the second byte's bounds
  unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  for (int i = 1; i <= more; i++) {
    if (p[i] < low || p[i] > high) {
      return NULL;
    }
    low = 0x80;
    high = 0xbf;
  }
  return p + more + 1;
}

// What a terminal might obey: C0 but for the tab and the NUL that ends a string, DEL, C1. The compiler writes none.
static bool is_control(const uint8_t *p) {
  return (*p < 0x20 && *p != 0 && *p != '\t') || *p == 0x7f || (*p == 0xc2 && p[1] < 0xa0);
}

// Eight bytes of printable ASCII and NULs; no sum of two bytes carries unless some byte has its highest bit.
static bool is_plain(const uint8_t *p) {
  const uint64_t ones = UINT64_C(0x0101010101010101);
  uint64_t w;
  memcpy(&w, p, sizeof w);
  return ((w | (w + ones) | (~(w + 0x60 * ones) & (w + 0x7f * ones))) & 0x80 * ones) == 0;
}

static bool check_strings(vm_check *k, int index) {
  const uint8_t *p = k->policy->section[index].bytes;
  const uint8_t *end = p + k->policy->section[index].count;
  if (p < end && end[-1] != 0) {
    return vm_refuse(k, VM_E_STRING_END, end - 1);
  }
  while (p < end) {
    if (end - p >= 8 && is_plain(p)) {
      p += 8;
      continue;
    }
    const uint8_t *next = utf8_next(p, end);
    if (!next || is_control(p)) {
      return vm_refuse(k, next ? VM_E_CONTROL : VM_E_UTF8, p);
    }
    p = next;
  }
  return true;
}

// What the POLICY record states must be what was proved.
static bool check_bounds(vm_check *k) {
  static const struct {
    uint8_t at, bytes, error;
  } bounds[] = {{16, 4, VM_E_BOUND_STACK},        {20, 4, VM_E_BOUND_GATHER},
                {48, 4, VM_E_BOUND_GATHER},       {24, 8, VM_E_BOUND_INSTRUCTIONS},
                {32, 8, VM_E_BOUND_INSTRUCTIONS}, {40, 8, VM_E_BOUND_INSTRUCTIONS}};
  const uint8_t *stated = VM_AT(k->policy, POLICY, 0);
  uint8_t proved[VM_POLICY_BYTES];
  soc_bounds_store(proved, &k->policy->bounds);
  for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
    uint8_t at = bounds[i].at;
    if (memcmp(stated + at, proved + at, bounds[i].bytes) != 0) {
      return vm_refuse(k, (enum vm_error)bounds[i].error, stated + at);
    }
  }
  return true;
}

static bool check_all(vm_check *k, size_t length) {
  return check_header(k, length) && check_sections(k, length) && check_strings(k, VM_NAMES) &&
         check_strings(k, VM_WORDING) && vm_check_tables(k) && vm_check_code(k);
}

soc_status vm_fail(soc_error *error, soc_status status, const char *code, const char *sentence) {
  if (error) {
    *error = (soc_error){code, sentence, 0};
  }
  return status;
}

soc_status soc_policy_load(soc_policy *policy, const void *bytes, size_t length, soc_error *error) {
  if (!policy || !bytes) {
    return vm_fail(error, SOC_ERR_ARGUMENT, "argument", "policy and bytes must not be NULL");
  }
  vm_policy p = {.image = bytes, .quick = vm_quickly()};
  vm_check k = {&p, error};
  memset(policy, 0, sizeof *policy);
  if (!check_all(&k, length) || !check_bounds(&k)) {
    return SOC_ERR_ARTIFACT;
  }
  memcpy(policy, &p, sizeof p);
  return SOC_OK;
}

soc_status soc_image_bounds(const void *bytes, size_t length, soc_bounds *bounds,
                            soc_error *error) {
  if (!bounds || !bytes) {
    return vm_fail(error, SOC_ERR_ARGUMENT, "argument", "bytes and bounds must not be NULL");
  }
  vm_policy p = {.image = bytes};
  vm_check k = {&p, error};
  if (!check_all(&k, length)) {
    return SOC_ERR_ARTIFACT;
  }
  *bounds = p.bounds;
  return SOC_OK;
}
