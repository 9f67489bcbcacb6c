// SPDX-License-Identifier: Apache-2.0
//
// A case's memory and its facts: the layout that soc_case_bytes measures and soc_case_init fills, the setters, and
// what a fact means when it was left out. Nothing here decides.
#include "vm/case.h"

#include <string.h>

#include "vm/exec.h"
#include "vm/pack.h"

// ------------------------------------------------------------------------------------------ layout

// Hands out parts of the caller's memory one after the other; without memory it only measures.
typedef struct layout {
  unsigned char *memory;
  uint64_t size;
  bool overflow;
} layout;

static void *take(layout *l, uint64_t count, uint64_t bytes) {
  if (count > (UINT64_MAX - l->size - 8) / bytes) {
    l->overflow = true;
    return NULL;
  }
  void *part = l->memory ? l->memory + l->size : NULL;
  l->size += (count * bytes + 7) / 8 * 8;
  return part;
}

typedef struct sizes {
  uint64_t slots, code_lists, assumptions, assumed_slots;
} sizes;

static sizes count_slots(const vm_policy *p, const soc_case_limits *limits) {
  sizes n = {VM_COUNT(p, FACTS), 0, 0, 0};
  for (uint32_t i = 0; i < VM_COUNT(p, FACTS); i++) {
    vm_fact fact = vm_fact_at(p, i);
    uint64_t column = fact.list == SOC_NONE16 ? 1 : limits->rows;
    n.slots += fact.list == SOC_NONE16 ? 0 : column;
    n.code_lists += fact.type == SOC_CODE_LIST;
    if (fact.left_out == SOC_LEFT_OUT_ASSUMED) {
      n.assumptions++;
      n.assumed_slots += column;
    }
  }
  return n;
}

// Fills the case's pointers, or measures with l->memory NULL.
static void lay_out(soc_case *c, layout *l) {
  const vm_policy *p = c->policy;
  uint64_t facts = c->fact_count, cells = c->cell_count, slots = c->slots,
           decisions = c->decision_count;
  uint64_t stack = p->bounds.max_stack;
  uint64_t entries = (uint64_t)p->gather_room + (uint64_t)p->gather_row * c->rows;
  uint64_t code_lists =
      count_slots(p, &(soc_case_limits){.rows = c->rows, .items = c->items}).code_lists;
  (void)take(l, 1, sizeof(soc_case));
  void *policy = take(l, 1, sizeof *p);
  c->columns = take(l, facts, sizeof *c->columns);
  c->values = take(l, slots, sizeof *c->values);
  c->states = take(l, slots, sizeof *c->states);
  c->item_values = take(l, code_lists * c->items, sizeof *c->item_values);
  c->truth = take(l, cells, sizeof *c->truth);
  c->masks = take(l, cells, sizeof *c->masks);
  c->saved_truth = take(l, cells, sizeof *c->saved_truth);
  c->saved_masks = take(l, cells, sizeof *c->saved_masks);
  c->assumption_facts = take(l, c->assumptions, sizeof *c->assumption_facts);
  c->depends = take(l, (cells + 1) * c->depend_words, sizeof *c->depends);
  c->stack = take(l, stack, sizeof *c->stack);
  c->marks = take(l, stack, sizeof *c->marks);
  c->entries = take(l, entries, sizeof *c->entries);
  c->needed = take(l, cells, sizeof *c->needed);
  c->missing_facts = take(l, (facts + 63) / 64, sizeof *c->missing_facts);
  c->missing_rows = take(l, (slots - facts + 63) / 64, sizeof *c->missing_rows);
  c->seen_cells = take(l, cells, sizeof *c->seen_cells);
  c->seen_facts = take(l, facts, sizeof *c->seen_facts);
  c->path = take(l, cells + 1, sizeof *c->path);
  c->outcomes = take(l, decisions, sizeof *c->outcomes);
  c->reasons =
      take(l, 2 * ((uint64_t)VM_COUNT(p, RULES) + VM_COUNT(p, EXTRAS)), sizeof *c->reasons);
  c->actions = take(l, 2 * (uint64_t)VM_COUNT(p, EXTRAS), sizeof *c->actions);
  c->missing = take(l, (decisions + 1) * slots, sizeof *c->missing);
  c->assumed = take(l, decisions * c->assumed_slots, sizeof *c->assumed);
  if (policy) {
    c->policy = memcpy(policy, p, sizeof *p);
  }
}

// Everything but the pointers; false: the limits are too large.
static bool measure(soc_case *c, const vm_policy *p, const soc_case_limits *limits) {
  if (limits->rows > SOC_MAX_ROWS || limits->items > SOC_MAX_ROWS) {
    return false;
  }
  sizes n = count_slots(p, limits);
  if (n.slots > INT32_MAX) {
    return false;
  }
  *c = (soc_case){.policy = p,
                  .fact_count = VM_COUNT(p, FACTS),
                  .cell_count = VM_COUNT(p, CELLS),
                  .decision_count = VM_COUNT(p, DECISIONS),
                  .rows = limits->rows,
                  .items = limits->items,
                  .slots = (uint32_t)n.slots,
                  .assumptions = (uint32_t)n.assumptions,
                  .assumed_slots = (uint32_t)n.assumed_slots,
                  .depend_words = (uint32_t)((n.assumptions + 63) / 64),
                  .held = SOC_NONE32};
  return true;
}

size_t soc_case_bytes(const soc_policy *policy, const soc_case_limits *limits) {
  soc_case c;
  layout l = {0};
  if (!policy || !limits || !measure(&c, vm_of(policy), limits)) {
    return 0;
  }
  lay_out(&c, &l);
  return l.overflow || l.size > SIZE_MAX ? 0 : (size_t)l.size;
}

// ------------------------------------------------------------------------------------------- init

static void fill_column(soc_case *c, uint32_t index, uint32_t *slot, uint32_t *items,
                        uint32_t *assumption) {
  vm_fact fact = vm_fact_at(c->policy, index);
  vm_column *column = &c->columns[index];
  bool field = fact.list != SOC_NONE16;
  *column = (vm_column){.base = field ? *slot : index,
                        .row_mask = field ? UINT32_MAX : 0,
                        .type = fact.type,
                        .left_out = fact.left_out,
                        .list = fact.list,
                        .other = fact.other,
                        .first_field = SOC_NONE16,
                        .next_field = SOC_NONE16,
                        .assumption = SOC_NONE16,
                        .items = *items,
                        .assumed = fact.assumed};
  *slot += field ? c->rows : 0;
  *items += fact.type == SOC_CODE_LIST ? c->items : 0;
  if (fact.left_out == SOC_LEFT_OUT_ASSUMED) {
    c->assumption_facts[*assumption] = (uint16_t)index;
    column->assumption = (uint16_t)(*assumption)++;
  }
}

// Chains the fields of each list, in manifest order; walks backwards so that no search is needed.
static void chain_fields(soc_case *c) {
  for (uint32_t i = c->fact_count; i-- > 0;) {
    vm_column *field = &c->columns[i];
    if (field->list != SOC_NONE16) {
      vm_column *list = &c->columns[field->list];
      field->next_field = list->first_field;
      list->first_field = (uint16_t)i;
    }
  }
  for (uint32_t i = 0; i < c->fact_count; i++) {
    if (c->columns[i].list != SOC_NONE16) {
      c->columns[i].first_field = c->columns[c->columns[i].list].first_field;
    }
  }
}

static soc_status failed(soc_error *error, soc_status status, const char *code,
                         const char *sentence) {
  if (error) {
    *error = (soc_error){code, sentence, 0};
  }
  return status;
}

static void init(soc_case *c) {
  uint32_t slot = c->fact_count, items = 0, assumption = 0;
  for (uint32_t i = 0; i < c->fact_count; i++) {
    fill_column(c, i, &slot, &items, &assumption);
  }
  chain_fields(c);
  memset(c->needed, 0, c->cell_count);
  memset(c->missing_facts, 0, (size_t)(c->fact_count + 63) / 64 * 8);
  memset(c->missing_rows, 0, (size_t)(c->slots - c->fact_count + 63) / 64 * 8);
  vm_find_dependents(c);
  soc_case_clear(c);
}

soc_status soc_case_init(soc_case **out, const soc_policy *policy, const soc_case_limits *limits,
                         void *memory, size_t size, soc_error *error) {
  if (!out || !policy || !limits || !memory || (uintptr_t)memory % 8 != 0) {
    return failed(error, SOC_ERR_ARGUMENT, "argument",
                  "an argument is NULL or the memory is not aligned");
  }
  *out = NULL;
  soc_case measured;
  layout l = {0};
  if (!measure(&measured, vm_of(policy), limits)) {
    return failed(error, SOC_ERR_ARGUMENT, "limits", "the limits are too large");
  }
  lay_out(&measured, &l);
  if (l.overflow || l.size > size) {
    return failed(error, SOC_ERR_MEMORY, "memory",
                  "the memory is smaller than soc_case_bytes says");
  }
  l = (layout){.memory = memory};
  lay_out(&measured, &l);
  soc_case *c = memory;
  *c = measured;
  init(c);
  *out = c;
  return SOC_OK;
}

void soc_case_clear(soc_case *c) {
  memset(c->states, SOC_LEFT_OUT, c->fact_count); // rows come to life with their list
  c->decided = c->explained = false;
}

// ----------------------------------------------------------------------------------------- reading

soc_state vm_left_out(const soc_case *c, uint32_t fact, uint32_t row, int64_t *value) {
  const vm_column *column = &c->columns[fact];
  if (column->left_out == SOC_LEFT_OUT_OTHER_FACT) {
    column = &c->columns[column->other]; // which takes no value from another one itself
    uint32_t slot = vm_slot_of(column, row);
    if (c->states[slot] != SOC_LEFT_OUT) {
      *value = c->values[slot];
      return (soc_state)c->states[slot];
    }
  }
  switch (column->left_out) {
  case SOC_LEFT_OUT_NONE: return SOC_NONE;
  case SOC_LEFT_OUT_EMPTY: *value = 0; return SOC_GIVEN;
  case SOC_LEFT_OUT_ASSUMED:
    *value = column->assumed;
    return vm_slot_of(column, row) == c->held ? SOC_LEFT_OUT : SOC_GIVEN;
  default: return SOC_LEFT_OUT;
  }
}

// The slot of a fact in a row that exists; false otherwise.
static bool find_slot(const soc_case *c, uint32_t fact, uint32_t row, uint32_t *slot) {
  if (!c || fact >= c->fact_count) {
    return false;
  }
  const vm_column *column = &c->columns[fact];
  if (column->list == SOC_NONE16) {
    *slot = fact;
    return row == 0;
  }
  *slot = vm_slot_of(column, row);
  return c->states[column->list] == SOC_GIVEN && row < c->values[column->list];
}

static bool takes_assumption(const soc_case *c, uint32_t fact) {
  const vm_column *column = &c->columns[fact];
  return column->left_out == SOC_LEFT_OUT_ASSUMED ||
         (column->left_out == SOC_LEFT_OUT_OTHER_FACT &&
          c->columns[column->other].left_out == SOC_LEFT_OUT_ASSUMED);
}

soc_status soc_case_get(const soc_case *c, uint32_t fact, uint32_t row, soc_value *value) {
  uint32_t slot;
  if (!value || !find_slot(c, fact, row, &slot)) {
    return SOC_ERR_ARGUMENT;
  }
  int64_t number = 0;
  soc_state state = vm_read(c, fact, row, &number);
  bool own = c->states[slot] != SOC_LEFT_OUT;
  if (!own && c->columns[fact].left_out == SOC_LEFT_OUT_OTHER_FACT) {
    const vm_column *other = &c->columns[c->columns[fact].other];
    own = c->states[vm_slot_of(other, row)] != SOC_LEFT_OUT;
  }
  *value = (soc_value){state, state == SOC_GIVEN && !own && takes_assumption(c, fact),
                       state == SOC_GIVEN ? number : 0};
  return SOC_OK;
}

soc_status soc_case_list_code(const soc_case *c, uint32_t fact, uint32_t index, uint64_t *packed) {
  uint32_t slot;
  if (!packed || !find_slot(c, fact, 0, &slot) || c->columns[fact].type != SOC_CODE_LIST ||
      c->states[slot] != SOC_GIVEN || index >= c->values[slot]) {
    return SOC_ERR_ARGUMENT;
  }
  *packed = c->item_values[c->columns[fact].items + index];
  return SOC_OK;
}

// ----------------------------------------------------------------------------------------- setters

static bool find_typed(const soc_case *c, uint32_t fact, uint32_t row, soc_type type,
                       uint32_t *slot) {
  return find_slot(c, fact, row, slot) && c->columns[fact].type == type;
}

static soc_status put(soc_case *c, uint32_t slot, soc_state state, int64_t value) {
  c->states[slot] = (uint8_t)state;
  c->values[slot] = value;
  c->decided = c->explained = false;
  return SOC_OK;
}

soc_status soc_case_set_bool(soc_case *c, uint32_t fact, uint32_t row, bool value) {
  uint32_t slot;
  return find_typed(c, fact, row, SOC_BOOL, &slot) ? put(c, slot, SOC_GIVEN, value)
                                                   : SOC_ERR_ARGUMENT;
}

static uint32_t value_count(const soc_case *c, uint32_t fact) {
  return vm_enum_at(c->policy, vm_fact_at(c->policy, fact).enumeration).count;
}

soc_status soc_case_set_enum(soc_case *c, uint32_t fact, uint32_t row, uint32_t value) {
  uint32_t slot;
  if (!find_typed(c, fact, row, SOC_ENUM, &slot)) {
    return SOC_ERR_ARGUMENT;
  }
  return value < value_count(c, fact) ? put(c, slot, SOC_GIVEN, value) : SOC_ERR_VALUE;
}

static bool in_range(const soc_case *c, uint32_t fact, int64_t value) {
  vm_fact f = vm_fact_at(c->policy, fact);
  bool whole = (f.flags & SOC_FACT_WHOLE) == 0 || value % SOC_MICRO == 0;
  return value >= f.minimum && value <= f.maximum && whole;
}

soc_status soc_case_set_date(soc_case *c, uint32_t fact, uint32_t row, int32_t days) {
  uint32_t slot;
  if (!find_typed(c, fact, row, SOC_DATE, &slot)) {
    return SOC_ERR_ARGUMENT;
  }
  return in_range(c, fact, days) ? put(c, slot, SOC_GIVEN, days) : SOC_ERR_VALUE;
}

soc_status soc_case_set_number(soc_case *c, uint32_t fact, uint32_t row, int64_t millionths) {
  uint32_t slot;
  if (!find_typed(c, fact, row, SOC_NUMBER, &slot)) {
    return SOC_ERR_ARGUMENT;
  }
  return in_range(c, fact, millionths) ? put(c, slot, SOC_GIVEN, millionths) : SOC_ERR_VALUE;
}

static bool pack_for(const soc_case *c, uint32_t fact, const char *text, size_t length,
                     uint64_t *packed) {
  vm_fact f = vm_fact_at(c->policy, fact);
  return length >= f.min_length && length <= f.max_length && soc_code_pack(text, length, packed);
}

soc_status soc_case_set_code(soc_case *c, uint32_t fact, uint32_t row, const char *text,
                             size_t length) {
  uint32_t slot;
  uint64_t packed;
  if (!text || !find_typed(c, fact, row, SOC_CODE, &slot)) {
    return SOC_ERR_ARGUMENT;
  }
  return pack_for(c, fact, text, length, &packed) ? put(c, slot, SOC_GIVEN, vm_i64_of(packed))
                                                  : SOC_ERR_VALUE;
}

// Index of a text in the artifact's table, -1 if it is not there: then it is none of those that are compared with.
static int64_t find_text(const vm_policy *p, const char *text, size_t length) {
  uint32_t low = 0, high = VM_COUNT(p, TEXTS);
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    soc_text entry = vm_name(p, vm_u32(VM_AT(p, TEXTS, middle)));
    int order = soc_text_compare(text, length, entry.data, entry.length);
    if (order == 0) {
      return middle;
    }
    *(order < 0 ? &high : &low) = order < 0 ? middle : middle + 1;
  }
  return -1;
}

soc_status soc_case_set_text(soc_case *c, uint32_t fact, uint32_t row, const char *text,
                             size_t length) {
  uint32_t slot;
  if (!text || !find_typed(c, fact, row, SOC_TEXT, &slot)) {
    return SOC_ERR_ARGUMENT;
  }
  return put(c, slot, SOC_GIVEN, find_text(c->policy, text, length));
}

soc_status soc_case_set_none(soc_case *c, uint32_t fact, uint32_t row) {
  uint32_t slot;
  if (!find_slot(c, fact, row, &slot) ||
      (vm_fact_at(c->policy, fact).flags & SOC_FACT_NULLABLE) == 0) {
    return SOC_ERR_ARGUMENT;
  }
  return put(c, slot, SOC_NONE, 0);
}

soc_status soc_case_set_list(soc_case *c, uint32_t fact, uint32_t length) {
  uint32_t slot;
  if (!find_slot(c, fact, 0, &slot)) {
    return SOC_ERR_ARGUMENT;
  }
  uint8_t type = c->columns[fact].type;
  if (type == SOC_CODE_LIST || type == SOC_ENUM_LIST) {
    return put(c, slot, SOC_GIVEN, 0);
  }
  if (type != SOC_RECORDS) {
    return SOC_ERR_ARGUMENT;
  }
  if (length > c->rows) {
    return SOC_ERR_LIMIT;
  }
  for (uint16_t f = c->columns[fact].first_field; f != SOC_NONE16; f = c->columns[f].next_field) {
    memset(c->states + c->columns[f].base, SOC_LEFT_OUT, length);
  }
  return put(c, slot, SOC_GIVEN, length);
}

soc_status soc_case_add_code(soc_case *c, uint32_t fact, const char *text, size_t length) {
  uint32_t slot;
  uint64_t packed;
  if (!text || !find_typed(c, fact, 0, SOC_CODE_LIST, &slot) || c->states[slot] != SOC_GIVEN) {
    return SOC_ERR_ARGUMENT;
  }
  if (!pack_for(c, fact, text, length, &packed)) {
    return SOC_ERR_VALUE;
  }
  if (c->values[slot] >= c->items) {
    return SOC_ERR_LIMIT;
  }
  c->item_values[c->columns[fact].items + (uint32_t)c->values[slot]] = packed;
  return put(c, slot, SOC_GIVEN, c->values[slot] + 1);
}

soc_status soc_case_add_enum(soc_case *c, uint32_t fact, uint32_t value) {
  uint32_t slot;
  if (!find_typed(c, fact, 0, SOC_ENUM_LIST, &slot) || c->states[slot] != SOC_GIVEN) {
    return SOC_ERR_ARGUMENT;
  }
  if (value >= value_count(c, fact)) {
    return SOC_ERR_VALUE;
  }
  uint64_t mask = (uint64_t)c->values[slot] | UINT64_C(1) << value;
  return put(c, slot, SOC_GIVEN, vm_i64_of(mask));
}

soc_status soc_case_set_row_list(soc_case *c, uint32_t fact, uint32_t row) {
  (void)c, (void)fact, (void)row;
  return SOC_ERR_ARGUMENT;
}

soc_status soc_case_add_row_code(soc_case *c, uint32_t fact, uint32_t row, const char *text,
                                 size_t length) {
  (void)c, (void)fact, (void)row, (void)text, (void)length;
  return SOC_ERR_ARGUMENT;
}

soc_status soc_case_add_row_enum(soc_case *c, uint32_t fact, uint32_t row, uint32_t value) {
  (void)c, (void)fact, (void)row, (void)value;
  return SOC_ERR_ARGUMENT;
}

soc_status soc_case_set_line(soc_case *c, uint32_t fact, uint32_t row, uint32_t target) {
  (void)c, (void)fact, (void)row, (void)target;
  return SOC_ERR_ARGUMENT;
}

soc_status soc_case_row_list_code(const soc_case *c, uint32_t fact, uint32_t row, uint32_t index,
                                  uint64_t *packed) {
  (void)c, (void)fact, (void)row, (void)index, (void)packed;
  return SOC_ERR_ARGUMENT;
}
