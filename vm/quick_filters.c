// SPDX-License-Identifier: Apache-2.0
//
// Finds the filters of loops and passes rows over by them; see quick.h. A filter is a member of the body's block that
// compares a field of the loop's row with one of the row outside the loop, or reads a cell at the loop's row; blocks of
// the same kind inside are looked through. Members of any other form are left to the body.
#include "vm/quick.h"

typedef struct finder {
  const soc_case *c;
  vm_filters *out;
  uint8_t kind;  // of the block: all or any
  uint32_t next; // instruction
} finder;

static vm_instruction at(const finder *f, uint32_t ahead) {
  return vm_instruction_at(f->c->policy, f->next + ahead);
}

// A member is settled where it is not met, in a block of any where it is met; before `not` the other way round.
static uint8_t settled_by(const finder *f, bool negated) {
  return (f->kind == SOC_FOLD_ALL) == negated ? SOC_MET : SOC_NOT_MET;
}

// Takes the filter if the member ends behind `length` instructions and perhaps `not`.
static bool take_filter(finder *f, vm_filter filter, uint32_t length) {
  bool negated = at(f, length).op == SOC_OP_NOT;
  if (at(f, length + negated).op != SOC_OP_FOLD_JOIN) {
    return false;
  }
  filter.drops = settled_by(f, negated);
  filter.orders ^= filter.drops == SOC_MET ? 0 : 7;
  if (f->out->count < VM_FILTERS_MOST) {
    f->out->list[f->out->count++] = filter;
  }
  f->next += length + negated + 1;
  return true;
}

// Where a relation holds: the first is less (1), the same (2), more (4).
static uint8_t orders_of(uint8_t relation, bool turned) {
  switch (relation) {
  case SOC_EQ: return 2;
  case SOC_NE: return 5;
  case SOC_LT: return turned ? 4 : 1;
  case SOC_LE: return turned ? 6 : 3;
  case SOC_GT: return turned ? 1 : 4;
  default: return turned ? 3 : 6;
  }
}

static bool take_facts(finder *f) {
  vm_instruction x = at(f, 0), y = at(f, 1), compare = at(f, 2);
  if (x.op != SOC_OP_LOAD_FACT || y.op != SOC_OP_LOAD_FACT || compare.op != SOC_OP_CMP ||
      ((x.a | y.a) & SOC_IF_GIVEN) || x.a == y.a) {
    return false;
  }
  bool turned = x.a & SOC_OUTER;
  uint32_t own = turned ? y.b : x.b;
  return f->c->columns[own].row_mask != 0 &&
         take_filter(f,
                     (vm_filter){.kind = VM_FILTER_FACTS,
                                 .orders = orders_of(compare.a, turned),
                                 .index = own,
                                 .frame = turned ? x.b : y.b},
                     3);
}

static bool take_cell(finder *f) {
  vm_instruction i = at(f, 0);
  if (i.a & SOC_OUTER) {
    return false;
  }
  if (i.op == SOC_OP_ROW_TRUTH) {
    return take_filter(f, (vm_filter){.kind = VM_FILTER_TRUTH, .index = i.c}, 1);
  }
  return i.op == SOC_OP_ROW_IN_MASK &&
         take_filter(f,
                     (vm_filter){.kind = VM_FILTER_MASK,
                                 .index = i.b,
                                 .mask = vm_mask_at(f->c->policy, i.c)},
                     1);
}

static uint32_t end_of_block(const finder *f) {
  uint32_t ahead = 0;
  for (uint32_t depth = 0;; ahead++) {
    uint8_t op = at(f, ahead).op;
    depth += op == SOC_OP_FOLD_BEGIN;
    depth -= op == SOC_OP_FOLD_END;
    if (depth == 0) {
      return ahead;
    }
  }
}

// Goes into a block of the same kind that is a member as it stands.
static bool enter_block(finder *f) {
  vm_instruction i = at(f, 0);
  if (i.op != SOC_OP_FOLD_BEGIN || i.a != f->kind ||
      at(f, end_of_block(f) + 1).op != SOC_OP_FOLD_JOIN) {
    return false;
  }
  f->next++;
  return true;
}

// Past the join of a member that is no filter.
static void skip_member(finder *f) {
  uint32_t depth = 0;
  for (;; f->next++) {
    uint8_t op = at(f, 0).op;
    depth += op == SOC_OP_FOLD_BEGIN;
    depth -= op == SOC_OP_FOLD_END;
    if (depth == 0 && op == SOC_OP_FOLD_JOIN) {
      f->next++;
      return;
    }
  }
}

static void find_in_block(finder *f, uint32_t end) {
  while (f->next < end) {
    if (at(f, 0).op == SOC_OP_FOLD_END) {
      f->next += 2; // of a block that was entered, with its join
    } else if (!take_facts(f) && !take_cell(f) && !enter_block(f)) {
      skip_member(f);
    }
  }
}

// Cells before facts: they are told faster.
static void sort_filters(vm_filters *filters) {
  vm_filters old = *filters;
  uint32_t count = 0;
  for (uint32_t pass = 0; pass < 2; pass++) {
    for (uint32_t i = 0; i < old.count; i++) {
      if ((old.list[i].kind == VM_FILTER_FACTS) == (pass == 1)) {
        filters->list[count++] = old.list[i];
      }
    }
  }
}

// A body that is one block, of a sum with the value behind it: of all, or under `all` of any.
static void find_in_loop(const soc_case *c, vm_filters *out, vm_instruction begin) {
  uint8_t fold = begin.a & SOC_EACH_FOLD;
  finder f = {c, out, fold == SOC_FOLD_ALL ? SOC_FOLD_ANY : SOC_FOLD_ALL, out->pc + 1};
  vm_instruction block = at(&f, 0);
  if ((begin.a & ~SOC_EACH_FOLD) != SOC_EACH_ROWS || block.op != SOC_OP_FOLD_BEGIN ||
      block.a != f.kind) {
    return;
  }
  uint32_t end = end_of_block(&f);
  uint8_t after = at(&f, end + 1).op;
  if (fold == SOC_FOLD_SUM ? after != SOC_OP_NOT : after == SOC_OP_EACH_END) {
    f.next++;
    find_in_block(&f, out->pc + 1 + end);
    sort_filters(out);
  }
}

void vm_find_filters(soc_case *c) {
  vm_quick *q = c->quick;
  uint32_t loop = 0;
  for (uint32_t index = 0; index < c->cell_count; index++) {
    vm_cell cell = vm_cell_at(c->policy, index);
    for (uint32_t pc = cell.first; cell.list != SOC_NONE16 && pc < cell.first + cell.count; pc++) {
      vm_instruction i = vm_instruction_at(c->policy, pc);
      if (i.op == SOC_OP_EACH_BEGIN) {
        q->filters[loop] = (vm_filters){.pc = pc};
        find_in_loop(c, &q->filters[loop++], i);
      }
    }
  }
}

// NULL: it has none.
static const vm_filters *filters_at(const soc_case *c, uint32_t pc) {
  const vm_quick *q = c->quick;
  uint32_t first = 0, end = q->loops;
  while (first < end) {
    uint32_t middle = first + (end - first) / 2;
    if (q->filters[middle].pc < pc) {
      first = middle + 1;
    } else {
      end = middle;
    }
  }
  const vm_filters *found = &q->filters[first];
  return first < q->loops && found->pc == pc && found->count > 0 ? found : NULL;
}

// ----------------------------------------------------------------------------------- passing rows

void vm_aim_at(const soc_case *c, vm_aimed *a, uint32_t pc, uint32_t frame) {
  const vm_filters *filters = filters_at(c, pc);
  a->filters = filters;
  for (uint32_t i = 0; filters && i < filters->count; i++) {
    const vm_filter *f = &filters->list[i];
    if (f->kind == VM_FILTER_FACTS) {
      a->at[i].state = vm_read(c, f->frame, frame, &a->at[i].value);
      a->at[i].base = c->columns[f->index].base;
    }
  }
}

static bool in_order(const vm_filter *f, int64_t x, int64_t y) {
  return (f->orders >> ((x >= y) + (x > y)) & 1) != 0;
}

// One of two facts is not given.
static bool drops_other(const soc_case *c, const vm_filter *f, const vm_aim *at, uint32_t row) {
  int64_t value;
  soc_state state = vm_read(c, f->index, row, &value);
  if (state == SOC_GIVEN && at->state == SOC_GIVEN) {
    return in_order(f, value, at->value);
  }
  return (state == SOC_NONE || at->state == SOC_NONE) && f->drops == SOC_NOT_MET;
}

// Does a filter settle what the row comes to?
static bool drops(const soc_case *c, const vm_filter *f, const vm_aim *at, uint32_t row) {
  switch ((enum vm_filter_kind)f->kind) {
  case VM_FILTER_TRUTH: return c->truth[vm_cell_slot(c, f->index, row)] == f->drops;
  case VM_FILTER_MASK: {
    uint64_t candidates = c->masks[vm_wide_slot(c, f->index, row)];
    uint64_t in = candidates & f->mask;
    return f->drops == SOC_NOT_MET ? in == 0 : in != 0 && in == candidates;
  }
  default:
    return c->states[at->base + row] == SOC_GIVEN && at->state == SOC_GIVEN
               ? in_order(f, c->values[at->base + row], at->value)
               : drops_other(c, f, at, row);
  }
}

bool vm_passes(const soc_case *c, const vm_aimed *a, uint32_t row) {
  const vm_filters *filters = a->filters;
  for (uint32_t i = 0; i < filters->count; i++) {
    if (drops(c, &filters->list[i], &a->at[i], row)) {
      return false;
    }
  }
  return true;
}

// The rows between come to what settles nothing, which is what all rows are before they are looked at, but for a
// count's most.
void vm_pass_rows(soc_case *c, uint8_t fold, vm_value *block) {
  vm_loop *l = &c->loop;
  const vm_aimed *aimed = &c->quick->aimed;
  uint32_t row = l->step, end = (uint32_t)l->rows;
  while (row < end && !vm_passes(c, aimed, row)) {
    row++;
  }
  block->hi -= fold == SOC_FOLD_COUNT ? row - l->step : 0;
  l->step = l->row = row;
}

void vm_begin_filtered(soc_case *c, uint32_t pc, uint32_t frame, uint8_t fold, vm_value *block) {
  vm_aim_at(c, &c->quick->aimed, pc, frame);
  c->loop.filtered = c->quick->aimed.filters != NULL;
  if (c->loop.filtered) {
    vm_pass_rows(c, fold, block);
  }
}
