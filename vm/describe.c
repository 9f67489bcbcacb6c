// SPDX-License-Identifier: Apache-2.0
//
// What a loaded policy says about itself: identity, facts, decisions, criteria, sources. Reads the verified tables and
// decides nothing.
#include <string.h>

#include "vm/policy.h"

static soc_text string_at(const vm_section *section, uint32_t offset) {
  if (offset == SOC_NONE32) {
    return (soc_text){"", 0};
  }
  const char *data = (const char *)section->bytes + offset;
  return (soc_text){data, strlen(data)};
}

soc_text vm_name(const vm_policy *p, uint32_t offset) {
  return string_at(&p->section[VM_NAMES], offset);
}

soc_text vm_wording(const vm_policy *p, uint32_t offset) {
  return string_at(&p->section[VM_WORDING], offset);
}

const char *soc_determination_name(soc_determination determination) {
  static const char *const names[SOC_DETERMINATION_COUNT] = {"approve",
                                                             "refer",
                                                             "pend",
                                                             "not_applicable",
                                                             "eligible",
                                                             "deny",
                                                             "not_separately_reimbursed",
                                                             "correct_and_resubmit",
                                                             "not_addressed"};
  return (unsigned)determination < SOC_DETERMINATION_COUNT ? names[determination] : "";
}

static uint32_t index_of(uint16_t index) {
  return index == SOC_NONE16 ? SOC_NO_INDEX : index;
}

void soc_policy_describe(const soc_policy *policy, soc_policy_info *info) {
  const vm_policy *p = vm_of(policy);
  const uint8_t *r = VM_AT(p, POLICY, 0), *about = VM_AT(p, ABOUT, 0);
  *info = (soc_policy_info){.id = vm_name(p, vm_u32(r)),
                            .version = vm_name(p, vm_u32(r + 4)),
                            .title = vm_wording(p, vm_u32(about)),
                            .payer = vm_wording(p, vm_u32(about + 4)),
                            .source_title = vm_wording(p, vm_u32(about + 8)),
                            .version_day = vm_i32(r + 8),
                            .format = vm_u16(p->image + 8),
                            .language = vm_u16(p->image + 10),
                            .basis_fact = index_of(vm_u16(r + 12)),
                            .fact_count = VM_COUNT(p, FACTS),
                            .decision_count = VM_COUNT(p, DECISIONS),
                            .cell_count = VM_COUNT(p, CELLS),
                            .rule_count = VM_COUNT(p, RULES),
                            .source_count = VM_COUNT(p, SOURCES),
                            .set_count = VM_COUNT(p, SETS),
                            .given_use_count = VM_COUNT(p, GIVEN_USES),
                            .table_count = VM_COUNT(p, TABLES),
                            .instruction_count = VM_COUNT(p, CODE),
                            .max_stack = p->bounds.max_stack,
                            .max_instructions = p->bounds.instructions,
                            .max_instructions_row = p->bounds.instructions_row,
                            .max_instructions_row_squared = p->bounds.instructions_row_squared};
  memcpy(info->behaviour_digest, p->image + 32, sizeof info->behaviour_digest);
}

uint32_t soc_policy_choose(const soc_policy *const *versions, uint32_t count, int32_t day) {
  uint32_t chosen = SOC_NO_INDEX;
  int32_t since = -1;
  for (uint32_t i = 0; versions && i < count; i++) {
    int32_t first = versions[i] ? vm_i32(VM_AT(vm_of(versions[i]), POLICY, 0) + 8) : -1;
    if (first <= day && first > since) {
      chosen = i;
      since = first;
    }
  }
  return chosen;
}

// As many as a number holds, if it is more.
static uint64_t product(uint64_t a, uint64_t b) {
  return a != 0 && b > UINT64_MAX / a ? UINT64_MAX : a * b;
}

static uint64_t plus(uint64_t a, uint64_t b) {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t with_rows(uint64_t none, uint64_t row, uint64_t squared, uint64_t rows) {
  return plus(product(rows, plus(product(rows, squared), row)), none);
}

// docs/artifact-format.md says why so many passes are enough ("Bounds").
uint64_t soc_policy_max_instructions(const soc_policy *policy, uint32_t rows) {
  const vm_policy *p = vm_of(policy);
  uint64_t decisions[2] = {0, 0}, assumed[2] = {0, 0}; // of the case, for each row
  if (!p) {
    return 0;
  }
  for (uint32_t i = 0; i < VM_COUNT(p, DECISIONS); i++) {
    decisions[vm_decision_at(p, i).list != SOC_NONE16]++;
  }
  for (uint32_t i = 0; i < VM_COUNT(p, FACTS); i++) {
    vm_fact fact = vm_fact_at(p, i);
    assumed[fact.list != SOC_NONE16] += vm_has_assumption(&fact);
  }
  uint64_t of_case = decisions[0], by_row = decisions[1], trial = of_case > 0 ? 1 + of_case : 0;
  uint64_t any = (assumed[0] | assumed[1]) != 0 ? 1 : 0;
  uint64_t again = (of_case > 0 ? any : 0) + (by_row > 0 ? any : 0);
  uint64_t passes = with_rows(1 + of_case + assumed[0] * trial + again,
                              assumed[1] * trial + by_row * (1 + any * (6 + 3 * assumed[0])),
                              3 * assumed[1] * by_row, rows);
  const soc_bounds *b = &p->bounds;
  return product(
      passes, with_rows(b->instructions, b->instructions_row, b->instructions_row_squared, rows));
}

soc_status soc_policy_fact(const soc_policy *policy, uint32_t index, soc_fact_info *fact) {
  const vm_policy *p = vm_of(policy);
  if (!p || !fact || index >= VM_COUNT(p, FACTS)) {
    return SOC_ERR_ARGUMENT;
  }
  vm_fact f = vm_fact_at(p, index);
  *fact = (soc_fact_info){.name = vm_name(p, f.name),
                          .type = (soc_type)f.type,
                          .unit = (soc_unit)f.unit,
                          .left_out = (soc_left_out)f.left_out,
                          .flags = f.flags,
                          .list = index_of(f.list),
                          .other = index_of(f.other),
                          .value_count =
                              f.enumeration == SOC_NONE16 ? 0 : vm_enum_at(p, f.enumeration).count,
                          .minimum = f.minimum,
                          .maximum = f.maximum,
                          .assumed = f.assumed,
                          .min_length = f.min_length,
                          .max_length = f.max_length};
  return SOC_OK;
}

// Which of `count` names, `step` bytes apart from the first on, is this one?
static uint32_t find_name(const vm_policy *p, const uint8_t *first, uint32_t count, size_t step,
                          soc_text name) {
  for (uint32_t i = 0; name.data && i < count; i++) {
    soc_text text = vm_name(p, vm_u32(first + i * step));
    if (text.length == name.length && memcmp(text.data, name.data, name.length) == 0) {
      return i;
    }
  }
  return SOC_NO_INDEX;
}

uint32_t soc_policy_find_fact(const soc_policy *policy, const char *name, size_t length) {
  const vm_policy *p = vm_of(policy);
  return p ? find_name(p, VM_AT(p, FACTS, 0), VM_COUNT(p, FACTS), VM_FACTS_BYTES,
                       (soc_text){name, length})
           : SOC_NO_INDEX;
}

uint32_t soc_policy_find_decision(const soc_policy *policy, const char *name, size_t length) {
  const vm_policy *p = vm_of(policy);
  return p ? find_name(p, VM_AT(p, DECISIONS, 0), VM_COUNT(p, DECISIONS), VM_DECISIONS_BYTES,
                       (soc_text){name, length})
           : SOC_NO_INDEX;
}

static soc_text value_name(const vm_policy *p, uint16_t enumeration, uint32_t value) {
  if (enumeration == SOC_NONE16 || value >= vm_enum_at(p, enumeration).count) {
    return (soc_text){"", 0};
  }
  return vm_name(p, vm_u32(VM_AT(p, ENUM_VALUES, vm_enum_at(p, enumeration).first + value)));
}

soc_text soc_policy_fact_value(const soc_policy *policy, uint32_t fact, uint32_t value) {
  const vm_policy *p = vm_of(policy);
  if (!p || fact >= VM_COUNT(p, FACTS)) {
    return (soc_text){"", 0};
  }
  return value_name(p, vm_fact_at(p, fact).enumeration, value);
}

uint32_t soc_policy_find_value(const soc_policy *policy, uint32_t fact, const char *name,
                               size_t length) {
  const vm_policy *p = vm_of(policy);
  uint16_t enumeration =
      p && fact < VM_COUNT(p, FACTS) ? vm_fact_at(p, fact).enumeration : SOC_NONE16;
  if (enumeration == SOC_NONE16) {
    return SOC_NO_INDEX;
  }
  vm_enum e = vm_enum_at(p, enumeration);
  return find_name(p, VM_AT(p, ENUM_VALUES, e.first), e.count, VM_ENUM_VALUES_BYTES,
                   (soc_text){name, length});
}

soc_text soc_policy_cell_value(const soc_policy *policy, uint32_t cell, uint32_t value) {
  const vm_policy *p = vm_of(policy);
  if (!p || cell >= VM_COUNT(p, CELLS)) {
    return (soc_text){"", 0};
  }
  return value_name(p, vm_cell_at(p, cell).enumeration, value);
}

soc_status soc_policy_decision(const soc_policy *policy, uint32_t index,
                               soc_decision_info *decision) {
  const vm_policy *p = vm_of(policy);
  if (!p || !decision || index >= VM_COUNT(p, DECISIONS)) {
    return SOC_ERR_ARGUMENT;
  }
  vm_decision d = vm_decision_at(p, index);
  *decision = (soc_decision_info){vm_name(p, d.name), d.kind == 1, index_of(d.list), d.count};
  return SOC_OK;
}

soc_status soc_policy_cell(const soc_policy *policy, uint32_t index, soc_cell_info *cell) {
  const vm_policy *p = vm_of(policy);
  if (!p || !cell || index >= VM_COUNT(p, CELLS)) {
    return SOC_ERR_ARGUMENT;
  }
  vm_cell data = vm_cell_at(p, index);
  vm_words words = vm_words_of(VM_AT(p, CELL_WORDS, index));
  *cell = (soc_cell_info){.name = vm_name(p, data.name),
                          .text = vm_wording(p, words.text),
                          .cite = vm_wording(p, words.cite),
                          .source = words.source,
                          .line = words.line,
                          .parent = data.parent,
                          .derived = data.kind == SOC_CELL_MASK,
                          .quantity = data.kind == SOC_CELL_VALUE,
                          .list = index_of(data.list)};
  return SOC_OK;
}

soc_status soc_policy_source(const soc_policy *policy, uint32_t index, soc_source_info *source) {
  const vm_policy *p = vm_of(policy);
  if (!p || !source || index >= VM_COUNT(p, SOURCES)) {
    return SOC_ERR_ARGUMENT;
  }
  const uint8_t *r = VM_AT(p, SOURCES, index);
  source->name = vm_wording(p, vm_u32(r));
  memcpy(source->digest, r + 8, sizeof source->digest);
  return SOC_OK;
}

soc_status soc_policy_table(const soc_policy *policy, uint32_t index, soc_table_info *table) {
  const vm_policy *p = vm_of(policy);
  if (!p || !table || index >= VM_COUNT(p, TABLES)) {
    return SOC_ERR_ARGUMENT;
  }
  const uint8_t *r = VM_AT(p, TABLES, index);
  *table = (soc_table_info){.name = vm_wording(p, vm_u32(r)),
                            .set = vm_wording(p, vm_u32(r + 4)),
                            .rows = vm_wording(p, vm_u32(r + 8)),
                            .row_count = vm_u32(r + 12)};
  memcpy(table->digest, r + 16, sizeof table->digest);
  return SOC_OK;
}

soc_status soc_policy_given_use(const soc_policy *policy, uint32_t index, soc_given_use *use) {
  const vm_policy *p = vm_of(policy);
  if (!p || !use || index >= VM_COUNT(p, GIVEN_USES)) {
    return SOC_ERR_ARGUMENT;
  }
  const uint8_t *r = VM_AT(p, GIVEN_USES, index);
  *use = (soc_given_use){vm_u16(r), r[2] == 1, vm_wording(p, vm_u32(r + 4)), vm_u32(r + 8)};
  return SOC_OK;
}
