// SPDX-License-Identifier: Apache-2.0
//
// Prints code; see dis.h. It trusts the verifier, which refused anything that does not fit before this is called.
#include "cli/dis.h"

#include "cli/places.h"
#include "cli/values.h"

#include <stdlib.h>
#include <string.h>

static const char *const mnemonics[SOC_OP_COUNT] = {
#define SOC_OP(name, mnemonic, a, b, c, pops, pushes, flags, meaning) mnemonic,
#include "vm/opcodes.def"
#undef SOC_OP
};

// ---------------------------------------------------------------------------------------- kinds of constants

struct value {       // on the stack
  uint32_t constant; // instruction that loaded it and whose kind is not known yet; SOC_NONE32
  struct constant_kind kind;
};

static void settle(struct disassembly *d, struct value *v, struct constant_kind kind) {
  if (v->constant == SOC_NONE32 || kind.type == 0) return;
  d->constants[v->constant] = kind;
  v->constant = SOC_NONE32;
  v->kind = kind;
}

// Two values of one kind: what is known of one is true of the other.
static void unify(struct disassembly *d, struct value *a, struct value *b) {
  settle(d, a, b->kind);
  settle(d, b, a->kind);
}

static struct value apply(struct disassembly *d, vm_instruction i, struct value a, struct value b) {
  static const struct constant_kind date = {SOC_DATE, 0}, days = {SOC_NUMBER, SOC_DAYS},
                                    months = {SOC_NUMBER, SOC_MONTHS},
                                    years = {SOC_NUMBER, SOC_YEARS},
                                    units = {SOC_NUMBER, SOC_CODE_UNITS};
  switch (i.op) {
  case SOC_OP_ADD_DAYS:
  case SOC_OP_SUB_DAYS:
  case SOC_OP_ADD_MONTHS:
  case SOC_OP_SUB_MONTHS:
    settle(d, &a, date);
    settle(d, &b, i.op == SOC_OP_ADD_DAYS || i.op == SOC_OP_SUB_DAYS ? days : months);
    return (struct value){SOC_NONE32, date};
  case SOC_OP_DAYS_FROM:
  case SOC_OP_YEARS_FROM:
    settle(d, &a, date);
    settle(d, &b, date);
    return (struct value){SOC_NONE32, i.op == SOC_OP_DAYS_FROM ? days : years};
  case SOC_OP_QUOTIENT_UP:
    return (struct value){
        SOC_NONE32, a.kind.unit == SOC_BASE_UNITS ? units : (struct constant_kind){SOC_NUMBER, 0}};
  default: unify(d, &a, &b); return a;
  }
}

struct value_stack {
  struct value items[SOC_MAX_STACK];
  uint32_t depth;
};

static void push_value(struct value_stack *s, uint32_t constant, uint8_t type, uint8_t unit) {
  if (s->depth < SOC_MAX_STACK) s->items[s->depth++] = (struct value){constant, {type, unit}};
}

static struct value pop_value(struct value_stack *s) {
  return s->depth ? s->items[--s->depth] : (struct value){SOC_NONE32, {0, 0}};
}

// Follows the values alone; truths and blocks never lie between the operands of an instruction.
static void follow(struct disassembly *d, struct value_stack *s, uint32_t pc) {
  vm_instruction i = vm_instruction_at(d->p, pc);
  const vm_op_shape *shape = &vm_op_shapes[i.op];
  if (i.op == SOC_OP_LOAD_CONST) {
    push_value(s, pc, 0, 0);
  } else if (i.op == SOC_OP_LOAD_FACT) {
    vm_fact fact = vm_fact_at(d->p, i.b);
    push_value(s, SOC_NONE32, fact.type, fact.unit);
  } else if (i.op == SOC_OP_BETWEEN) {
    d->constants[pc] = pop_value(s).kind;
  } else if (strcmp(shape->pops, "VV") == 0) {
    struct value b = pop_value(s), a = pop_value(s), result = apply(d, i, a, b);
    if (shape->pushes[0] == 'V' && s->depth < SOC_MAX_STACK) s->items[s->depth++] = result;
  } else if (shape->c == C_VALUE) { // a quantity: what it is shows where it is worked out
    struct constant_kind kind = d->quantities[i.c];
    push_value(s, SOC_NONE32, kind.type, kind.unit);
  } else if (i.op == SOC_OP_EACH_END && (i.a & SOC_EACH_FOLD) == SOC_FOLD_COUNT) {
    push_value(s, SOC_NONE32, SOC_NUMBER, SOC_UNIT_NONE);
  }
}

bool dis_open(struct disassembly *d, const struct artifact *a, bool full) {
  *d = (struct disassembly){.p = vm_of(&a->policy), .policy = &a->policy, .full = full};
  uint32_t count = VM_COUNT(d->p, CODE);
  d->constants = calloc(count + (size_t)1, sizeof *d->constants);
  struct value_stack *stack = calloc(1, sizeof *stack);
  d->quantities = calloc(VM_COUNT(d->p, CELLS) + (size_t)1, sizeof *d->quantities);
  bool ok = d->constants && stack && d->quantities;
  uint32_t pc = 0;
  for (uint32_t i = 0; ok && i < VM_COUNT(d->p, CELLS); i++) { // their code comes first, in order
    vm_cell cell = vm_cell_at(d->p, i);
    for (; pc < cell.first + cell.count; pc++) follow(d, stack, pc);
    if (cell.kind == SOC_CELL_VALUE) d->quantities[i] = pop_value(stack).kind;
  }
  for (; ok && pc < count; pc++) follow(d, stack, pc);
  free(stack);
  return ok;
}

void dis_close(struct disassembly *d) {
  free(d->constants);
  free(d->quantities);
  buffer_free(&d->line);
}

// ---------------------------------------------------------------------------------------- operands

soc_text dis_fact(const struct disassembly *d, uint32_t fact) {
  return vm_name(d->p, vm_fact_at(d->p, fact).name);
}

void dis_set_name(const struct disassembly *d, uint32_t set, struct buffer *out) {
  soc_text name = vm_name(d->p, vm_set_at(d->p, set).name);
  if (name.length)
    text_append(out, name);
  else
    buffer_format(out, "set %u", (unsigned)set);
}

void dis_mask(const struct disassembly *d, uint32_t enumeration, uint64_t mask,
              struct buffer *out) {
  vm_enum e = vm_enum_at(d->p, enumeration);
  const char *separator = "{ ";
  for (uint32_t i = 0; i < e.count; i++) {
    if (!(mask >> i & 1)) continue;
    buffer_text(out, separator);
    text_append(out, vm_name(d->p, vm_u32(VM_AT(d->p, ENUM_VALUES, e.first + i))));
    separator = ", ";
  }
  buffer_text(out, *separator == '{' ? "{ }" : " }");
}

void dis_text(const struct disassembly *d, uint32_t index, struct buffer *out) {
  soc_text text = vm_name(d->p, vm_u32(VM_AT(d->p, TEXTS, index)));
  quote_append(out, text.data, text.length);
}

static void put_code(struct buffer *out, uint64_t packed) {
  char text[13];
  buffer_append(out, text, soc_code_unpack(packed, text));
}

static void put_value(struct disassembly *d, int64_t value, struct constant_kind kind) {
  const char *unit = unit_word((soc_unit)kind.unit);
  if (kind.type == SOC_DATE) {
    date_append(&d->line, (int32_t)value);
    return;
  }
  decimal_append(&d->line, value);
  if (*unit) buffer_format(&d->line, " %s", unit);
}

// A constant that a fact is compared with.
static void put_constant(struct disassembly *d, vm_fact fact, int64_t value) {
  switch (fact.type) {
  case SOC_BOOL: buffer_text(&d->line, value ? "true" : "false"); break;
  case SOC_ENUM:
  case SOC_ENUM_LIST:
    text_append(&d->line, vm_name(d->p, vm_u32(VM_AT(d->p, ENUM_VALUES,
                                                     vm_enum_at(d->p, fact.enumeration).first +
                                                         (uint32_t)value))));
    break;
  case SOC_CODE:
  case SOC_CODE_LIST: put_code(&d->line, (uint64_t)value); break;
  case SOC_TEXT: dis_text(d, (uint32_t)value, &d->line); break;
  default: put_value(d, value, (struct constant_kind){fact.type, fact.unit});
  }
}

static const char *relation(uint8_t a) {
  static const char *const words[SOC_REL_COUNT] = {"=", "!=", "<", "<=", ">", ">="};
  return words[a & ~(SOC_IF_GIVEN | SOC_OUTER)];
}

static const char *fold_word(uint8_t a) {
  static const char *const words[] = {"all", "any", "count", "sum"};
  return words[a & 3];
}

static void put_fact(struct disassembly *d, uint32_t fact) {
  text_append(&d->line, dis_fact(d, fact));
}

static void put_set(struct disassembly *d, uint32_t c) {
  dis_set_name(d, vm_set_index(c), &d->line);
  if (vm_set_date(c) == SOC_NONE16) return;
  buffer_text(&d->line, " as of ");
  put_fact(d, vm_set_date(c));
}

// Read at the row outside of the loop.
static void put_own(struct disassembly *d, vm_instruction i) {
  if (i.a & SOC_OUTER) buffer_text(&d->line, "this row's ");
}

// Operands of the instructions that read facts: "fact = constant", "fact in set", ...
static void put_leaf(struct disassembly *d, vm_instruction i) {
  vm_fact fact = vm_fact_at(d->p, i.b);
  const vm_op_shape *shape = &vm_op_shapes[i.op];
  put_own(d, i);
  put_fact(d, i.b);
  if (shape->a == A_LIST)
    buffer_text(&d->line, (i.a & ~(SOC_IF_GIVEN | SOC_OUTER)) == SOC_LIST_ONLY ? ", only items in "
                                                                               : ", any item in ");
  else if (shape->a == A_REL)
    buffer_format(&d->line, " %s ", relation(i.a));
  else if (shape->c == C_CONST || shape->c == C_SET)
    buffer_text(&d->line, i.op == SOC_OP_LIST_HAS ? " has " : " in ");
  if (shape->c == C_SET)
    put_set(d, i.c);
  else if (i.op == SOC_OP_FACT_IN_MASK || i.op == SOC_OP_LIST_IN_MASK)
    dis_mask(d, fact.enumeration, vm_mask_at(d->p, i.c), &d->line);
  else if (shape->c == C_CONST)
    put_constant(d, fact, vm_constant_at(d->p, i.c));
  else if (shape->c == C_MAP)
    buffer_format(&d->line, " by map %u", (unsigned)i.c);
  bool flags = shape->a == A_REL || shape->a == A_GIVEN || shape->a == A_LIST;
  if (flags && i.a & SOC_IF_GIVEN) buffer_text(&d->line, ", if given");
}

static void put_cell(struct disassembly *d, uint32_t cell) {
  soc_text name = vm_name(d->p, vm_cell_at(d->p, cell).name);
  if (name.length)
    text_append(&d->line, name);
  else
    buffer_format(&d->line, "cell %u", (unsigned)cell);
}

static void put_between(struct disassembly *d, uint32_t pc, uint32_t c) {
  put_value(d, vm_constant_at(d->p, c & 0xffffu), d->constants[pc]);
  buffer_text(&d->line, " .. ");
  put_value(d, vm_constant_at(d->p, c >> 16), d->constants[pc]);
}

static const char *iterator_words(uint8_t a) {
  switch (a & ~SOC_EACH_FOLD) {
  case SOC_EACH_RELATED: return " related row by";
  case SOC_EACH_CHAIN: return " row up the chain of";
  default: return " row of";
  }
}

static void put_block(struct disassembly *d, vm_instruction i, uint32_t pc) {
  const vm_op_shape *shape = &vm_op_shapes[i.op];
  buffer_text(&d->line, fold_word(i.a));
  if (shape->b == B_EACH) {
    if (i.op == SOC_OP_EACH_BEGIN) buffer_text(&d->line, iterator_words(i.a));
    buffer_char(&d->line, ' ');
    put_fact(d, i.b);
  }
  if (shape->b == B_NEED && i.a == SOC_FOLD_COUNT)
    buffer_format(&d->line, " at least %u", (unsigned)i.b);
  if (i.op == SOC_OP_FOLD_BEGIN) buffer_format(&d->line, " of %u", (unsigned)i.c);
  if (i.op == SOC_OP_FOLD_JOIN) buffer_format(&d->line, ", settled: to %u", (unsigned)(pc + i.c));
}

static void put_operands(struct disassembly *d, vm_instruction i, uint32_t pc,
                         uint32_t enumeration) {
  const vm_op_shape *shape = &vm_op_shapes[i.op];
  if (shape->a == A_FOLD || shape->a == A_EACH) {
    put_block(d, i, pc);
  } else if (shape->b == B_FACT) {
    put_leaf(d, i);
  } else if (shape->b == B_CELL) {
    put_own(d, i);
    put_cell(d, i.b);
    buffer_text(&d->line, " in ");
    dis_mask(d, vm_cell_at(d->p, i.b).enumeration, vm_mask_at(d->p, i.c), &d->line);
  } else if (shape->c == C_CELL || shape->c == C_VALUE) {
    put_own(d, i);
    put_cell(d, i.c);
  } else if (shape->c == C_CONST2) {
    put_between(d, pc, i.c);
  } else if (i.op == SOC_OP_MASK_CONST && enumeration != SOC_NONE16) {
    dis_mask(d, enumeration, vm_mask_at(d->p, i.c), &d->line);
  } else if (shape->c == C_CONST) {
    put_value(d, vm_constant_at(d->p, i.c), d->constants[pc]);
  } else if (shape->a == A_REL) {
    buffer_text(&d->line, relation(i.a));
  }
}

// ---------------------------------------------------------------------------------------- code

void dis_code(struct disassembly *d, uint32_t first, uint32_t count, uint32_t enumeration) {
  int indent = 0;
  uint32_t last_line = 0;
  for (uint32_t pc = first; pc < first + count; pc++) {
    vm_instruction i = vm_instruction_at(d->p, pc);
    bool opens = i.op == SOC_OP_FOLD_BEGIN || i.op == SOC_OP_EACH_BEGIN;
    bool closes = i.op == SOC_OP_FOLD_END || i.op == SOC_OP_EACH_END;
    uint32_t line = place_line(d->p, pc);
    if (closes && indent) indent--;
    buffer_clear(&d->line);
    if (line && line != last_line)
      buffer_format(&d->line, "%6u  ", (unsigned)line);
    else
      buffer_text(&d->line, "        ");
    buffer_format(&d->line, "%5u  %*s%-13s ", (unsigned)pc, indent * 2, "", mnemonics[i.op]);
    put_operands(d, i, pc, enumeration);
    while (d->line.length && d->line.data[d->line.length - 1] == ' ') d->line.length--;
    printf("%.*s\n", (int)d->line.length, buffer_get(&d->line));
    last_line = line;
    if (opens) indent++;
  }
}
