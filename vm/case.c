// SPDX-License-Identifier: Apache-2.0
//
// A case's memory and its facts: the layout that soc_case_bytes measures and soc_case_init fills, the setters, and
// what a fact means when it was left out. Nothing here decides.
#include "vm/case.h"

#include <string.h>

#include "vm/exec.h"
#include "vm/pack.h"
#include "vm/plan.h"
#include "vm/pool.h"

// ------------------------------------------------------------------------------------------ layout

typedef struct sizes {
  uint64_t slots, code_lists, row_lists, text_slots, assumptions, assumed_slots;
  uint64_t cell_slots, mask_slots, value_slots;
} sizes;

static void count_fact(sizes *n, const vm_fact *fact, uint64_t rows) {
  bool field = fact->list != SOC_NONE16;
  uint64_t column = field ? rows : 1;
  n->slots += field ? rows : 0;
  n->code_lists += fact->type == SOC_CODE_LIST && !field;
  n->row_lists += fact->type == SOC_CODE_LIST && field ? rows : 0;
  n->text_slots += fact->type == SOC_TEXT ? column : 0;
  n->assumptions += vm_has_assumption(fact);
  n->assumed_slots += vm_has_assumption(fact) ? column : 0;
}

static sizes count_slots(const vm_policy *p, uint64_t rows) {
  sizes n = {.slots = VM_COUNT(p, FACTS),
             .cell_slots = VM_COUNT(p, CELLS),
             .mask_slots = VM_COUNT(p, CELLS)};
  for (uint32_t i = 0; i < VM_COUNT(p, FACTS); i++) {
    vm_fact fact = vm_fact_at(p, i);
    count_fact(&n, &fact, rows);
  }
  for (uint32_t i = 0; i < VM_COUNT(p, CELLS); i++) {
    vm_cell cell = vm_cell_at(p, i);
    uint64_t column = cell.list == SOC_NONE16 ? 0 : rows;
    n.cell_slots += column;
    n.mask_slots += cell.kind == SOC_CELL_MASK ? column : 0;
    n.value_slots += cell.kind != SOC_CELL_VALUE ? 0 : cell.list == SOC_NONE16 ? 1 : rows;
  }
  return n;
}

// Parts of the memory: a pointer of the case, and which of its counts says how many stand there.
typedef struct case_part {
  uint16_t pointer, count;
  uint8_t bytes;
} case_part;
#define PART(name, counted) \
  { offsetof(soc_case, name), offsetof(soc_case, counted), sizeof *((soc_case *)0)->name }

static const case_part case_parts[] = {
    PART(outcomes, decision_count),
    PART(columns, fact_count),
    PART(values, slots),
    PART(states, slots),
    PART(item_values, code_items),
    PART(row_items_at, row_lists),
    PART(row_item_values, row_items),
    PART(texts, text_bytes),
    PART(text_list, text_most),
    PART(places, cell_count),
    PART(truth, cell_slots),
    PART(masks, mask_slots),
    PART(quantities, value_slots),
    PART(assumption_facts, assumptions),
    PART(needed, cell_slots),
    PART(seen_cells, cell_slots),
    PART(path, cell_count), // a cell reads lower ones only
    PART(seen_facts, fact_count),
};

static void lay_out_parts(soc_case *c, vm_pool *l) {
  unsigned char *bytes = (unsigned char *)c;
  for (const case_part *p = case_parts; p < case_parts + sizeof case_parts / sizeof *case_parts;
       p++) {
    uint32_t count;
    memcpy(&count, bytes + p->count, sizeof count);
    void *memory = vm_pool_take(l, count, p->bytes);
    memcpy(bytes + p->pointer, &memory, sizeof memory);
  }
}

// What deciding by a plan writes, side by side.
static void lay_out_planes(soc_case *c, vm_pool *l) {
  uint64_t words = c->plan->words;
  c->facts = vm_pool_take(l, 2 * words, sizeof *c->facts);
  c->truths = vm_pool_take(l, words, sizeof *c->truths);
  c->rules = vm_pool_take(l, words, sizeof *c->rules);
  c->live = vm_pool_take(l, words, sizeof *c->live);
  c->wanted = vm_pool_take(l, words, sizeof *c->wanted);
}

// Fills the case's pointers, or measures with l->memory NULL.
static void lay_out(soc_case *c, vm_pool *l) {
  const vm_policy *p = c->policy;
  uint64_t facts = c->fact_count, slots = c->slots, decisions = c->decision_count;
  uint64_t stack = p->bounds.max_stack;
  uint64_t entries = (uint64_t)p->gather_room + (uint64_t)p->gather_row * c->rows;
  (void)vm_pool_take(l, 1, sizeof(soc_case));
  if (vm_has_plan(c)) {
    lay_out_planes(c, l);
  }
  c->missing_facts = vm_pool_take(l, (facts + 63) / 64, sizeof *c->missing_facts);
  lay_out_parts(c, l);
  void *policy = vm_pool_take(l, 1, sizeof *p);
  c->stack = vm_pool_take(l, stack, sizeof *c->stack);
  c->marks = vm_pool_take(l, stack, sizeof *c->marks);
  c->entries = vm_pool_take(l, entries, sizeof *c->entries);
  c->missing_rows = vm_pool_take(l, (slots - facts + 63) / 64, sizeof *c->missing_rows);
  c->reasons =
      vm_pool_take(l, 2 * ((uint64_t)VM_COUNT(p, RULES) + VM_COUNT(p, EXTRAS)), sizeof *c->reasons);
  c->actions = vm_pool_take(l, 2 * (uint64_t)VM_COUNT(p, EXTRAS), sizeof *c->actions);
  c->missing = vm_pool_take(l, (decisions + 1) * slots, sizeof *c->missing);
  c->assumed = vm_pool_take(l, decisions * c->assumed_slots, sizeof *c->assumed);
  if (VM_BESIDE && p->quick) {
    p->quick->lay_out(c, l);
  }
  if (VM_BESIDE && p->lanes && c->rows > 0) {
    c->lanes = vm_pool_take(l, p->ways->lanes_case_bytes(p, c->rows, c->assumed_slots), 1);
  }
  if (policy) {
    c->policy = memcpy(policy, p, sizeof *p);
  }
}

static bool limits_fit(const soc_case_limits *limits) {
  return limits->rows <= SOC_MAX_ROWS && limits->items <= SOC_MAX_ROWS &&
         limits->row_items <= INT32_MAX && limits->text_bytes <= INT32_MAX;
}

// Room that the host leaves to the library.
static void choose_room(soc_case *c, const soc_case_limits *limits, const sizes *n) {
  if (n->row_lists > 0) {
    c->row_items = limits->row_items > 0 ? limits->row_items : 8 * limits->rows;
  }
  if (c->policy->compares_texts) {
    c->text_bytes = limits->text_bytes > 0 ? limits->text_bytes : 64 * limits->rows + 1024;
    c->text_most = (uint32_t)n->text_slots;
  }
}

// Everything but the pointers; false: the limits are too large.
static bool measure(soc_case *c, const vm_policy *p, const soc_case_limits *limits) {
  if (!limits_fit(limits)) {
    return false;
  }
  sizes n = count_slots(p, limits->rows);
  if (n.slots + n.cell_slots + n.code_lists * limits->items > INT32_MAX) {
    return false;
  }
  *c = (soc_case){.policy = p,
                  .plan = p->plan,
                  .fact_count = VM_COUNT(p, FACTS),
                  .cell_count = VM_COUNT(p, CELLS),
                  .decision_count = VM_COUNT(p, DECISIONS),
                  .rows = limits->rows,
                  .items = limits->items,
                  .slots = (uint32_t)n.slots,
                  .row_lists = (uint32_t)n.row_lists,
                  .code_items = (uint32_t)n.code_lists * limits->items,
                  .assumptions = (uint32_t)n.assumptions,
                  .assumed_slots = (uint32_t)n.assumed_slots,
                  .cell_slots = (uint32_t)n.cell_slots,
                  .mask_slots = (uint32_t)n.mask_slots,
                  .value_slots = (uint32_t)n.value_slots,
                  .row_decisions = vm_decides_rows(p),
                  .held = SOC_NONE32};
  choose_room(c, limits, &n);
  return true;
}

size_t soc_case_bytes(const soc_policy *policy, const soc_case_limits *limits) {
  soc_case c;
  vm_pool l = {0};
  if (!policy || !limits || !measure(&c, vm_of(policy), limits)) {
    return 0;
  }
  lay_out(&c, &l);
  return vm_pool_bytes(&l);
}

// ------------------------------------------------------------------------------------------- init

typedef struct fill {
  uint32_t slot, items, row_lists, assumption; // next free ones
} fill;

static int64_t greatest_value(const vm_policy *p, const vm_fact *fact) {
  switch (fact->type) {
  case SOC_BOOL: return 1;
  case SOC_ENUM:
  case SOC_ENUM_LIST: return vm_enum_at(p, fact->enumeration).count - 1;
  default: return fact->maximum;
  }
}

static bool is_tested(const soc_case *c, uint32_t index, bool field) {
  bool lanes = vm_has_lanes(c);
  const vm_plan *plan = lanes ? c->policy->row_plan : c->plan;
  return VM_BESIDE && plan && (lanes || !field) &&
         (plan->reader_of[index] != SOC_NONE32 ||
          (!lanes && plan->first_pair[index] != plan->first_pair[index + 1]));
}

static void fill_column(soc_case *c, uint32_t index, fill *next) {
  vm_fact fact = vm_fact_at(c->policy, index);
  vm_column *column = &c->columns[index];
  bool field = fact.list != SOC_NONE16;
  *column = (vm_column){.base = field ? next->slot : index,
                        .row_mask = field ? UINT32_MAX : 0,
                        .type = fact.type,
                        .left_out = fact.left_out,
                        .list = fact.list,
                        .other = fact.other,
                        .first_field = SOC_NONE16,
                        .next_field = SOC_NONE16,
                        .assumption = SOC_NONE16,
                        .items = field ? next->row_lists : next->items,
                        .assumed = fact.assumed,
                        .minimum = fact.minimum,
                        .maximum = greatest_value(c->policy, &fact),
                        .whole = (fact.flags & SOC_FACT_WHOLE) != 0,
                        .nullable = (fact.flags & SOC_FACT_NULLABLE) != 0,
                        .min_length = fact.min_length,
                        .max_length = fact.max_length,
                        .tested = is_tested(c, index, field)};
  next->slot += field ? c->rows : 0;
  if (fact.type == SOC_CODE_LIST) {
    *(field ? &next->row_lists : &next->items) += field ? c->rows : c->items;
  }
  if (vm_has_assumption(&fact)) {
    c->assumption_facts[next->assumption] = (uint16_t)index;
    column->assumption = (uint16_t)next->assumption++;
  }
}

static void fill_places(soc_case *c) {
  uint32_t slot = c->cell_count, mask = c->cell_count, value = 0;
  for (uint32_t i = 0; i < c->cell_count; i++) {
    vm_cell cell = vm_cell_at(c->policy, i);
    bool rows = cell.list != SOC_NONE16;
    vm_place *place = &c->places[i];
    *place = (vm_place){.slot = rows ? slot : i,
                        .wide = rows ? mask : i,
                        .row_mask = rows ? UINT32_MAX : 0,
                        .list = cell.list,
                        .kind = cell.kind};
    slot += rows ? c->rows : 0;
    if (cell.kind == SOC_CELL_VALUE) {
      place->wide = value;
      value += rows ? c->rows : 1;
    } else if (cell.kind == SOC_CELL_MASK) {
      mask += rows ? c->rows : 0;
    }
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

static void init(soc_case *c) {
  fill next = {.slot = c->fact_count};
  for (uint32_t i = 0; i < c->fact_count; i++) {
    fill_column(c, i, &next);
  }
  chain_fields(c);
  fill_places(c);
  memset(c->needed, 0, c->cell_slots);
  c->needs_cells = c->through_masks = c->by_lanes = false;
  c->held_column = NULL;
  for (uint32_t w = 0; vm_has_plan(c) && w < c->plan->words; w++) {
    c->wanted[w] = 0;
  }
  memset(c->missing_facts, 0, (size_t)(c->fact_count + 63) / 64 * 8);
  memset(c->missing_rows, 0, (size_t)(c->slots - c->fact_count + 63) / 64 * 8);
  vm_find_odd_assumptions(c);
  if (vm_is_quick(c)) {
    c->policy->quick->init(c);
  }
  if (vm_has_lanes(c)) {
    c->policy->ways->lanes_init(c);
  }
  soc_case_clear(c);
}

soc_status soc_case_init(soc_case **out, const soc_policy *policy, const soc_case_limits *limits,
                         void *memory, size_t size, soc_error *error) {
  if (out) {
    *out = NULL;
  }
  if (!out || !policy || !limits || !memory || (uintptr_t)memory % 8 != 0) {
    return vm_fail(error, SOC_ERR_ARGUMENT, "argument",
                   "an argument is NULL or the memory is not aligned");
  }
  soc_case measured;
  vm_pool l = {0};
  if (!measure(&measured, vm_of(policy), limits)) {
    return vm_fail(error, SOC_ERR_ARGUMENT, "limits", "the limits are too large");
  }
  lay_out(&measured, &l);
  if (l.used > size) {
    return vm_fail(error, SOC_ERR_MEMORY, "memory",
                   "the memory is smaller than soc_case_bytes says");
  }
  l = (vm_pool){.memory = memory};
  lay_out(&measured, &l);
  soc_case *c = memory;
  *c = measured;
  init(c);
  *out = c;
  return SOC_OK;
}

void soc_case_clear(soc_case *c) {
  memset(c->states, SOC_LEFT_OUT, c->fact_count); // rows come to life with their list
  if (vm_has_plan(c) || vm_has_lanes(c)) {
    c->policy->ways->clear_facts(c);
  }
  c->row_items_used = c->text_used = c->text_count = 0;
  c->decided = c->explained = c->lanes_on = false;
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
    return vm_is_held(c, column, row) ? SOC_LEFT_OUT : SOC_GIVEN;
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

soc_status soc_case_get(const soc_case *c, uint32_t fact, uint32_t row, soc_value *value) {
  uint32_t slot;
  if (row == SOC_NO_INDEX && c && fact < c->fact_count && c->columns[fact].list == SOC_NONE16) {
    row = 0; // as soc_fact_ref has it
  }
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
  // A value that is not its own, nor the other fact's, is assumed of one of them, or an empty list.
  bool assumed = state == SOC_GIVEN && !own && c->columns[fact].left_out != SOC_LEFT_OUT_EMPTY;
  *value = (soc_value){state, assumed, state == SOC_GIVEN ? number : 0};
  return SOC_OK;
}

// A list of the case or, in_row, one that is a field.
static bool find_list(const soc_case *c, uint32_t fact, uint32_t row, bool in_row, uint32_t *slot) {
  return find_slot(c, fact, row, slot) && (c->columns[fact].list != SOC_NONE16) == in_row;
}

static soc_status list_code(const soc_case *c, uint32_t fact, uint32_t row, bool in_row,
                            uint32_t index, uint64_t *packed) {
  uint32_t slot;
  if (!packed || !find_list(c, fact, row, in_row, &slot) ||
      c->columns[fact].type != SOC_CODE_LIST || c->states[slot] != SOC_GIVEN ||
      index >= c->values[slot]) {
    return SOC_ERR_ARGUMENT;
  }
  *packed = vm_items(c, &c->columns[fact], row)[index];
  return SOC_OK;
}

soc_status soc_case_list_code(const soc_case *c, uint32_t fact, uint32_t index, uint64_t *packed) {
  return list_code(c, fact, 0, false, index, packed);
}

soc_status soc_case_row_list_code(const soc_case *c, uint32_t fact, uint32_t row, uint32_t index,
                                  uint64_t *packed) {
  return list_code(c, fact, row, true, index, packed);
}

// ----------------------------------------------------------------------------------------- setters

static bool find_typed(const soc_case *c, uint32_t fact, uint32_t row, soc_type type,
                       uint32_t *slot) {
  return find_slot(c, fact, row, slot) && c->columns[fact].type == type;
}

// What a plan makes of a fact of the case is the last thing that happens, so that the processor comes straight back to
// the host from there.
VM_INLINE soc_status put_case(soc_case *c, const vm_column *column, soc_state state,
                              int64_t value) {
  uint32_t fact = column->base;
  c->states[fact] = (uint8_t)state;
  c->values[fact] = value;
  c->decided = c->explained = false;
  return column->tested ? c->policy->ways->take_fact(c, fact, 0) : SOC_OK;
}

static soc_status put(soc_case *c, uint32_t fact, uint32_t slot, soc_state state, int64_t value) {
  const vm_column *column = &c->columns[fact];
  c->states[slot] = (uint8_t)state;
  c->values[slot] = value;
  c->decided = c->explained = false;
  return column->tested ? c->policy->ways->take_fact(c, fact, slot - column->base) : SOC_OK;
}

VM_INLINE bool allows(const vm_column *column, int64_t value) {
  return value >= column->minimum && value <= column->maximum &&
         (!column->whole || value % SOC_MICRO == 0);
}

VM_APART soc_status set_field(soc_case *c, uint32_t fact, uint32_t row, soc_type type,
                              int64_t value) {
  uint32_t slot;
  if (!find_typed(c, fact, row, type, &slot)) {
    return SOC_ERR_ARGUMENT;
  }
  return allows(&c->columns[fact], value) ? put(c, fact, slot, SOC_GIVEN, value) : SOC_ERR_VALUE;
}

// The setters of one value differ in its type alone. Facts of the case, which are most, take the short way.
static soc_status set_value(soc_case *c, uint32_t fact, uint32_t row, soc_type type,
                            int64_t value) {
  if (!c || fact >= c->fact_count) {
    return SOC_ERR_ARGUMENT;
  }
  const vm_column *column = &c->columns[fact];
  if (column->row_mask != 0) {
    return set_field(c, fact, row, type, value);
  }
  if (row != 0 || column->type != type) {
    return SOC_ERR_ARGUMENT;
  }
  return allows(column, value) ? put_case(c, column, SOC_GIVEN, value) : SOC_ERR_VALUE;
}

soc_status soc_case_set_bool(soc_case *c, uint32_t fact, uint32_t row, bool value) {
  return set_value(c, fact, row, SOC_BOOL, value);
}

soc_status soc_case_set_enum(soc_case *c, uint32_t fact, uint32_t row, uint32_t value) {
  return set_value(c, fact, row, SOC_ENUM, value);
}

soc_status soc_case_set_date(soc_case *c, uint32_t fact, uint32_t row, int32_t days) {
  return set_value(c, fact, row, SOC_DATE, days);
}

soc_status soc_case_set_number(soc_case *c, uint32_t fact, uint32_t row, int64_t millionths) {
  return set_value(c, fact, row, SOC_NUMBER, millionths);
}

static bool pack_for(const vm_column *column, const char *text, size_t length, uint64_t *packed) {
  return length >= column->min_length && length <= column->max_length &&
         soc_code_pack(text, length, packed);
}

soc_status soc_case_set_code(soc_case *c, uint32_t fact, uint32_t row, const char *text,
                             size_t length) {
  uint32_t slot;
  uint64_t packed;
  if (!text || !find_typed(c, fact, row, SOC_CODE, &slot)) {
    return SOC_ERR_ARGUMENT;
  }
  if (!pack_for(&c->columns[fact], text, length, &packed)) {
    return SOC_ERR_VALUE;
  }
  return put(c, fact, slot, SOC_GIVEN, vm_i64_of(packed));
}

// Eight bytes of a text in the order of its characters.
VM_INLINE uint64_t text_word(const void *text) {
  const unsigned char *p = text;
  return (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 | (uint64_t)p[2] << 40 | (uint64_t)p[3] << 32 |
         (uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 | (uint64_t)p[6] << 8 | p[7];
}

// The same with zeros from the first NUL on.
VM_INLINE uint64_t name_word(const uint8_t *name) {
  const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
  uint64_t word = text_word(name), nuls = ~(((word & low) + low) | word | low);
  return nuls == 0 ? word : word & ~(UINT64_MAX >> (63 - vm_highest_bit(nuls)));
}

// Order of a folded text and a name of the artifact. The first eight bytes nearly always tell; every name has as many
// behind its beginning but those at the end of the artifact's names.
VM_INLINE int compare_name(const vm_policy *p, soc_text folded, uint64_t first, uint32_t name) {
  const vm_section *names = &p->section[VM_NAMES];
  if (names->count - name >= 8) {
    uint64_t word = name_word(names->bytes + name);
    if (word != first) {
      return first < word ? -1 : 1;
    }
  }
  return vm_compare_texts(folded, vm_name(p, name));
}

static int compare_long(const vm_policy *p, const char *text, size_t length, uint32_t name) {
  soc_text entry = vm_name(p, name);
  return soc_text_compare(text, length, entry.data, entry.length);
}

// Index of a text in the artifact's table, -1 if it is not there: then it is none of those that are compared with.
static int64_t find_text(const vm_policy *p, const char *text, size_t length) {
  char room[64];
  bool fits = length <= sizeof room; // else it is folded anew for each comparison
  soc_text folded = {room, 0};
  memset(room, 0, sizeof room);
  folded.length = fits ? soc_text_fold(text, length, room) : 0;
  uint64_t first = text_word(room);
  uint32_t low = 0, high = VM_COUNT(p, TEXTS);
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    uint32_t name = vm_u32(VM_AT(p, TEXTS, middle));
    int order = fits ? compare_name(p, folded, first, name) : compare_long(p, text, length, name);
    if (order == 0) {
      return middle;
    }
    low = order < 0 ? low : middle + 1;
    high = order < 0 ? middle : high;
  }
  return -1;
}

// Keeps a text that is not in the artifact, so that it can be compared with those of other facts. Equal texts get one
// number.
static soc_status intern(soc_case *c, const char *text, size_t length, int64_t *value) {
  if (length > c->text_bytes - c->text_used) {
    return SOC_ERR_LIMIT;
  }
  char *folded = c->texts + c->text_used;
  uint32_t n = 0, size = (uint32_t)soc_text_fold(text, length, folded);
  for (; n < c->text_count; n++) {
    const vm_text *other = &c->text_list[n];
    if (other->length == size && memcmp(c->texts + other->at, folded, size) == 0) {
      break;
    }
  }
  if (n == c->text_count) {
    if (n == c->text_most) {
      return SOC_ERR_LIMIT;
    }
    c->text_list[c->text_count++] = (vm_text){c->text_used, size};
    c->text_used += size;
  }
  *value = -2 - (int64_t)n;
  return SOC_OK;
}

soc_status soc_case_set_text(soc_case *c, uint32_t fact, uint32_t row, const char *text,
                             size_t length) {
  uint32_t slot;
  if (!text || !find_typed(c, fact, row, SOC_TEXT, &slot)) {
    return SOC_ERR_ARGUMENT;
  }
  int64_t value = find_text(c->policy, text, length);
  if (value < 0 && c->policy->compares_texts) {
    soc_status status = intern(c, text, length, &value);
    if (status != SOC_OK) {
      return status;
    }
  }
  return put(c, fact, slot, SOC_GIVEN, value);
}

soc_status soc_case_set_none(soc_case *c, uint32_t fact, uint32_t row) {
  uint32_t slot;
  if (!find_slot(c, fact, row, &slot) || !c->columns[fact].nullable) {
    return SOC_ERR_ARGUMENT;
  }
  return put(c, fact, slot, SOC_NONE, 0);
}

soc_status soc_case_set_line(soc_case *c, uint32_t fact, uint32_t row, uint32_t target) {
  uint32_t slot;
  if (!find_typed(c, fact, row, SOC_LINE, &slot)) {
    return SOC_ERR_ARGUMENT;
  }
  return target != row && target < c->values[c->columns[fact].list]
             ? put(c, fact, slot, SOC_GIVEN, target)
             : SOC_ERR_VALUE;
}

soc_status soc_case_set_list(soc_case *c, uint32_t fact, uint32_t length) {
  uint32_t slot;
  if (!find_list(c, fact, 0, false, &slot)) {
    return SOC_ERR_ARGUMENT;
  }
  uint8_t type = c->columns[fact].type;
  if (type == SOC_CODE_LIST || type == SOC_ENUM_LIST) {
    return put(c, fact, slot, SOC_GIVEN, 0);
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
  return put(c, fact, slot, SOC_GIVEN, length);
}

soc_status soc_case_set_row_list(soc_case *c, uint32_t fact, uint32_t row) {
  uint32_t slot;
  if (!find_list(c, fact, row, true, &slot)) {
    return SOC_ERR_ARGUMENT;
  }
  uint8_t type = c->columns[fact].type;
  if (type != SOC_CODE_LIST && type != SOC_ENUM_LIST) {
    return SOC_ERR_ARGUMENT;
  }
  if (type == SOC_CODE_LIST) {
    uint32_t *at = &c->row_items_at[c->columns[fact].items + row];
    bool last = c->states[slot] == SOC_GIVEN && *at + c->values[slot] == c->row_items_used;
    c->row_items_used = last ? *at : c->row_items_used;
    *at = c->row_items_used;
  }
  return put(c, fact, slot, SOC_GIVEN, 0);
}

// A place for one more code of the list, NULL: there is none. A list of a row that is not the last one moves behind it.
static uint64_t *item_place(soc_case *c, const vm_column *column, uint32_t row, uint32_t count) {
  if (!column->row_mask) {
    return count < c->items ? c->item_values + column->items + count : NULL;
  }
  uint32_t *at = &c->row_items_at[column->items + row];
  uint32_t moved = *at + count == c->row_items_used ? 0 : count;
  if (moved >= c->row_items - c->row_items_used) {
    return NULL;
  }
  if (moved > 0) {
    memcpy(c->row_item_values + c->row_items_used, c->row_item_values + *at,
           count * sizeof *c->row_item_values);
  }
  *at = moved > 0 || count == 0 ? c->row_items_used : *at;
  c->row_items_used += moved + 1;
  return c->row_item_values + *at + count;
}

static soc_status add_code(soc_case *c, uint32_t fact, uint32_t row, bool in_row, const char *text,
                           size_t length) {
  uint32_t slot;
  uint64_t packed;
  if (!text || !find_list(c, fact, row, in_row, &slot) || c->columns[fact].type != SOC_CODE_LIST ||
      c->states[slot] != SOC_GIVEN) {
    return SOC_ERR_ARGUMENT;
  }
  if (!pack_for(&c->columns[fact], text, length, &packed)) {
    return SOC_ERR_VALUE;
  }
  uint64_t *place = item_place(c, &c->columns[fact], row, (uint32_t)c->values[slot]);
  if (!place) {
    return SOC_ERR_LIMIT;
  }
  *place = packed;
  return put(c, fact, slot, SOC_GIVEN, c->values[slot] + 1);
}

soc_status soc_case_add_code(soc_case *c, uint32_t fact, const char *text, size_t length) {
  return add_code(c, fact, 0, false, text, length);
}

soc_status soc_case_add_row_code(soc_case *c, uint32_t fact, uint32_t row, const char *text,
                                 size_t length) {
  return add_code(c, fact, row, true, text, length);
}

static soc_status add_enum(soc_case *c, uint32_t fact, uint32_t row, bool in_row, uint32_t value) {
  uint32_t slot;
  if (!find_list(c, fact, row, in_row, &slot) || c->columns[fact].type != SOC_ENUM_LIST ||
      c->states[slot] != SOC_GIVEN) {
    return SOC_ERR_ARGUMENT;
  }
  if (value > c->columns[fact].maximum) {
    return SOC_ERR_VALUE;
  }
  uint64_t mask = (uint64_t)c->values[slot] | UINT64_C(1) << value;
  return put(c, fact, slot, SOC_GIVEN, vm_i64_of(mask));
}

soc_status soc_case_add_enum(soc_case *c, uint32_t fact, uint32_t value) {
  return add_enum(c, fact, 0, false, value);
}

soc_status soc_case_add_row_enum(soc_case *c, uint32_t fact, uint32_t row, uint32_t value) {
  return add_enum(c, fact, row, true, value);
}
