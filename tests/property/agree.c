// SPDX-License-Identifier: Apache-2.0
//
// VM against oracle on one case; see agree.h.
#include "agree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/vm/plainly.h"

// ------------------------------------------------------------------ the machine

static const soc_case_limits ROOM = {.rows = 16, .items = 16};

static void *room(size_t size) {
  void *memory = malloc(size);
  if (memory == NULL) abort();
  memset(memory, 0xa5, size); // nothing may rely on zeroes
  return memory;
}

static bool open_case(soc_case **c, void **memory, const soc_policy *policy, soc_error *why) {
  size_t size = soc_case_bytes(policy, &ROOM);
  *memory = room(size);
  return soc_case_init(c, policy, &ROOM, *memory, size, why) == SOC_OK;
}

// A policy that cannot have a plan is decided without.
static bool open_planned(struct machine *m, soc_error *why) {
  soc_policy policy = m->policy;
  size_t size = soc_policy_plan_bytes(&policy);
  if (size == 0) return true;
  m->memory[2] = room(size);
  soc_status status = soc_policy_plan(&policy, m->memory[2], size, why);
  if (status != SOC_OK) return status == SOC_ERR_LIMIT;
  return open_case(&m->planned, &m->memory[3], &policy, why);
}

static bool open_plain(struct machine *m, soc_error *why) {
  soc_policy policy = m->policy;
  decide_plainly(&policy);
  return open_case(&m->plain, &m->memory[0], &policy, why);
}

static void find_facts(struct machine *m) {
  const struct program *p = m->program;
  m->facts = room((p->fact_count + 1u) * sizeof *m->facts);
  for (uint32_t i = 0; i < p->fact_count; i++) {
    struct str name = p->facts[i]->name;
    m->facts[p->facts[i]->number] = soc_policy_find_fact(&m->policy, name.data, name.length);
  }
}

bool machine_open(struct machine *m, const struct program *p, const void *artifact, size_t length,
                  soc_error *why) {
  memset(m, 0, sizeof *m);
  m->program = p;
  if (soc_policy_load(&m->policy, artifact, length, why) != SOC_OK) return false;
  find_facts(m);
  if (!open_plain(m, why) || !open_case(&m->quick, &m->memory[1], &m->policy, why) ||
      !open_planned(m, why)) {
    machine_close(m);
    return false;
  }
  m->input = m->planned ? m->planned : m->quick;
  return true;
}

void machine_close(struct machine *m) {
  for (size_t i = 0; i < sizeof m->memory / sizeof *m->memory; i++) free(m->memory[i]);
  free(m->facts);
  memset(m, 0, sizeof *m);
}

uint32_t machine_fact(const struct machine *m, const struct fact_decl *f) {
  return m->facts[f->number];
}

// A code as a case may spell it: some are given in small letters, which the setters fold.
static size_t spell_code(int64_t packed, char code[13]) {
  size_t length = soc_code_unpack((uint64_t)packed, code);
  for (size_t i = 0; packed % 3 == 0 && i < length; i++) {
    if (code[i] >= 'A' && code[i] <= 'Z') code[i] = (char)(code[i] - 'A' + 'a');
  }
  return length;
}

// A list that is a field of a record.
static soc_status set_row_items(soc_case *c, uint32_t fact, uint32_t row, const struct fact_decl *f,
                                const struct oracle_fact *place) {
  soc_status status = soc_case_set_row_list(c, fact, row);
  for (uint32_t i = 0; i < place->count && status == SOC_OK; i++) {
    if (f->type.base == SOC_ENUM_LIST) {
      status = soc_case_add_row_enum(c, fact, row, (uint32_t)place->items[i]);
    } else {
      char code[13];
      size_t length = spell_code(place->items[i], code);
      status = soc_case_add_row_code(c, fact, row, code, length);
    }
  }
  return status;
}

// The row whose key the reference gives.
static soc_status set_reference(soc_case *c, uint32_t fact, uint32_t row, const struct fact_decl *f,
                                const struct oracle_case *given, int64_t number) {
  const struct oracle_fact *keys = &given->facts[f->line_of->key->number];
  for (uint32_t i = 0; i < keys->count; i++) {
    if (keys->rows[i].number == number) return soc_case_set_line(c, fact, row, i);
  }
  return SOC_ERR_ARGUMENT;
}

static soc_status set_items(soc_case *c, uint32_t fact, const struct fact_decl *f,
                            const struct oracle_fact *place) {
  soc_status status = soc_case_set_list(c, fact, 0);
  for (uint32_t i = 0; i < place->count && status == SOC_OK; i++) {
    if (f->type.base == SOC_ENUM_LIST) {
      status = soc_case_add_enum(c, fact, (uint32_t)place->items[i]);
    } else {
      char code[13];
      size_t length = spell_code(place->items[i], code);
      status = soc_case_add_code(c, fact, code, length);
    }
  }
  return status;
}

static soc_status set_fact(soc_case *c, uint32_t fact, uint32_t row, const struct fact_decl *f,
                           const struct oracle_case *given, const struct oracle_fact *place) {
  char code[13];
  if (place->state == ORACLE_LEFT_OUT) return SOC_OK;
  if (place->state == ORACLE_NONE) return soc_case_set_none(c, fact, row);
  if (f->line_of != NULL) return set_reference(c, fact, row, f, given, place->number);
  switch (f->type.base) {
  case SOC_BOOL: return soc_case_set_bool(c, fact, row, place->number != 0);
  case SOC_ENUM: return soc_case_set_enum(c, fact, row, (uint32_t)place->number);
  case SOC_DATE: return soc_case_set_date(c, fact, row, (int32_t)place->number);
  case SOC_NUMBER: return soc_case_set_number(c, fact, row, place->number);
  case SOC_TEXT: return soc_case_set_text(c, fact, row, place->text, strlen(place->text));
  case SOC_CODE: {
    size_t length = spell_code(place->number, code);
    return soc_case_set_code(c, fact, row, code, length);
  }
  case SOC_RECORDS: return soc_case_set_list(c, fact, place->count);
  default:
    return f->list != NULL ? set_row_items(c, fact, row, f, place) : set_items(c, fact, f, place);
  }
}

static bool fill_fact(struct machine *m, const struct oracle_case *c, const struct fact_decl *f,
                      FILE *out) {
  uint32_t fact = machine_fact(m, f);
  if (fact == SOC_NO_INDEX) {
    if (out) fprintf(out, "the artifact lacks %.*s\n", (int)f->name.length, f->name.data);
    return false;
  }
  const struct oracle_fact *place = &c->facts[f->number];
  uint32_t rows = f->list != NULL ? place->count : 1;
  for (uint32_t r = 0; r < rows; r++) {
    const struct oracle_fact *given = f->list != NULL ? &place->rows[r] : place;
    soc_status status = set_fact(m->input, fact, r, f, c, given);
    if (status == SOC_OK) continue;
    if (out)
      fprintf(out, "setting %.*s gives status %d\n", (int)f->name.length, f->name.data,
              (int)status);
    return false;
  }
  return true;
}

bool machine_decide(struct machine *m, const struct oracle_case *c, FILE *out) {
  const struct program *p = m->program;
  soc_case_clear(m->input);
  for (int fields = 0; fields < 2; fields++) { // lists before their fields
    for (uint32_t i = 0; i < p->manifest_count; i++) {
      const struct fact_decl *f = p->manifest[i];
      if ((f->list != NULL) == (fields == 1) && !fill_fact(m, c, f, out)) return false;
    }
  }
  soc_status status = soc_case_decide(m->input, 0);
  if (status != SOC_OK && out) fprintf(out, "soc_case_decide gives status %d\n", (int)status);
  return status == SOC_OK;
}

// ------------------------------------------------------------------ comparing

static bool same(soc_text a, struct str b) {
  return a.length == b.length && (b.length == 0 || memcmp(a.data, b.data, b.length) == 0);
}

static bool same_ref(const struct machine *m, soc_fact_ref a, struct oracle_ref b) {
  return a.fact == machine_fact(m, b.fact) && a.row == b.row;
}

static bool same_reasons(const struct machine *m, uint32_t d, const struct oracle_outcome *o) {
  for (uint32_t i = 0; i < o->reason_count; i++) {
    soc_reason reason;
    if (soc_case_reason(m->input, d, o->row, i, &reason) != SOC_OK) return false;
    if (!same(reason.code, o->reasons[i].code) || !same(reason.criterion, o->reasons[i].criterion))
      return false;
  }
  return true;
}

static bool same_missing(const struct machine *m, uint32_t d, const struct oracle_outcome *o) {
  soc_fact_ref ref;
  for (uint32_t i = 0; i < o->missing.count; i++) {
    if (soc_case_missing(m->input, d, o->row, i, &ref) != SOC_OK) return false;
    if (!same_ref(m, ref, o->missing.items[i])) return false;
  }
  for (uint32_t i = 0; i < o->assumed.count; i++) {
    if (soc_case_assumed(m->input, d, o->row, i, &ref) != SOC_OK) return false;
    if (!same_ref(m, ref, o->assumed.items[i])) return false;
  }
  return true;
}

static bool same_window(const soc_result *r, const struct oracle_outcome *o) {
  if (r->has_approval != o->has_approval) return false;
  if (!r->has_approval) return true;
  if (o->uncertain || r->has_from != o->has_from) return false;
  if (r->has_through != o->has_through || r->one_time != o->one_time || r->from != o->from)
    return false;
  return !r->has_through || r->through == o->through;
}

static bool same_counts(const soc_result *r, const struct oracle_outcome *o) {
  return r->determination == o->determination && r->possible == o->possible &&
         r->redirect == o->redirect && r->reason_count == o->reason_count &&
         r->missing_count == o->missing.count && r->assumed_count == o->assumed.count &&
         r->action_count == o->actions.count;
}

static bool same_outcome(const struct machine *m, uint32_t d, const struct oracle_outcome *o) {
  soc_result r;
  if (soc_case_result(m->input, d, o->row, &r) != SOC_OK) return false;
  if (r.has_units_allowed != o->has_units || r.units_allowed != o->units) return false;
  if (!same_counts(&r, o) || !same(r.reason, o->reason) || !same_window(&r, o)) return false;
  for (uint32_t i = 0; i < o->actions.count; i++) {
    if (!same(soc_case_action(m->input, d, o->row, i), o->actions.items[i])) return false;
  }
  return same_reasons(m, d, o) && same_missing(m, d, o);
}

// ------------------------------------------------------------------ printing what the VM says

static void print_ref(FILE *out, const struct machine *m, soc_fact_ref ref) {
  soc_fact_info info;
  if (soc_policy_fact(&m->policy, ref.fact, &info) != SOC_OK) {
    fprintf(out, " ?%" PRIu32, ref.fact);
    return;
  }
  fprintf(out, " %s", info.name.data);
  if (ref.row != SOC_NO_INDEX) fprintf(out, "#%" PRIu32, ref.row);
}

static void print_lists(FILE *out, const struct machine *m, uint32_t d, uint32_t row,
                        const soc_result *r) {
  soc_fact_ref ref;
  soc_reason reason;
  for (uint32_t i = 0;
       i < r->reason_count && soc_case_reason(m->input, d, row, i, &reason) == SOC_OK; i++) {
    fprintf(out, "  reason %s (%s)\n", reason.code.data, reason.criterion.data);
  }
  fputs("  missing:", out);
  for (uint32_t i = 0;
       i < r->missing_count && soc_case_missing(m->input, d, row, i, &ref) == SOC_OK; i++) {
    print_ref(out, m, ref);
  }
  fputs("\n  assumed:", out);
  for (uint32_t i = 0;
       i < r->assumed_count && soc_case_assumed(m->input, d, row, i, &ref) == SOC_OK; i++) {
    print_ref(out, m, ref);
  }
  fputc('\n', out);
  for (uint32_t i = 0; i < r->action_count; i++) {
    fprintf(out, "  action %s\n", soc_case_action(m->input, d, row, i).data);
  }
}

static void print_result(FILE *out, const struct machine *m, uint32_t d, uint32_t row) {
  soc_result r;
  if (soc_case_result(m->input, d, row, &r) != SOC_OK) {
    fputs("  no result\n", out);
    return;
  }
  fprintf(out, "  %s %s possible %03x redirect %" PRIx64 "\n",
          soc_determination_name(r.determination), r.reason.data, r.possible, r.redirect);
  print_lists(out, m, d, row, &r);
  if (!r.has_approval) return;
  fprintf(out, "  from %" PRId32, r.from);
  if (r.has_through) fprintf(out, " through %" PRId32, r.through);
  fputs(r.one_time ? " one time\n" : "\n", out);
}

static uint32_t decision_index(const struct machine *m, const struct decision_decl *d) {
  return (uint32_t)(d - m->program->decisions);
}

static void report(struct machine *m, const struct oracle_case *c, const struct oracle_outcome *o,
                   FILE *out) {
  if (out == NULL) return;
  fputs("case:\n", out);
  oracle_case_print(out, m->program, c);
  fputs("oracle:\n", out);
  oracle_outcome_print(out, o);
  fputs("vm:\n", out);
  print_result(out, m, decision_index(m, o->decision), o->row);
}

// ------------------------------------------------------------------ the check

// As many results as the oracle has.
static bool same_rows(const struct machine *m, const struct oracle_result *result, FILE *out) {
  uint32_t rows = 0;
  for (uint32_t d = 0; d < m->program->decision_count; d++) rows += soc_case_rows(m->input, d);
  if (rows != result->count && out)
    fprintf(out, "oracle has %" PRIu32 " results, vm %" PRIu32 "\n", result->count, rows);
  return rows == result->count;
}

static bool same_results(struct machine *m, const struct oracle_case *c,
                         const struct oracle_result *result, FILE *out) {
  bool ok = same_rows(m, result, out);
  for (uint32_t i = 0; i < result->count && ok; i++) {
    const struct oracle_outcome *o = &result->outcomes[i];
    ok = same_outcome(m, decision_index(m, o->decision), o);
    if (!ok) report(m, c, o, out);
  }
  return ok;
}

struct explain_check {
  struct machine *machine;
  const struct oracle_case *given;
  FILE *out;
  bool ok;
};

// The ends of a quantity; none and unknown as vm.h says.
static bool check_quantity(struct explain_check *check, const soc_explain_node *node,
                           const struct cell *cell, uint32_t row) {
  int64_t lo, hi;
  switch (oracle_quantity(check->machine->program, check->given, cell, row, &lo, &hi)) {
  case ORACLE_NONE: lo = hi = INT64_MIN; break;
  case ORACLE_LEFT_OUT:
    lo = INT64_MIN;
    hi = INT64_MAX;
    break;
  case ORACLE_GIVEN: break;
  }
  check->ok = node->quantity && node->low == lo && node->high == hi;
  if (!check->ok && check->out) {
    fputs("case:\n", check->out);
    oracle_case_print(check->out, check->machine->program, check->given);
    fprintf(check->out,
            "quantity %.*s in row %" PRIu32 ": oracle %" PRId64 " to %" PRId64 ", vm %" PRId64
            " to %" PRId64 "\n",
            (int)cell->name.length, cell->name.data, row, lo, hi, node->low, node->high);
  }
  return check->ok;
}

static bool check_node(void *context, const soc_explain_node *node, const soc_fact_ref *fact) {
  struct explain_check *check = context;
  (void)fact;
  if (node == NULL || node->cell == SOC_NO_INDEX) return true;
  const struct program *p = check->machine->program;
  if (node->cell >= p->cell_count) {
    check->ok = false;
    return false;
  }
  const struct cell *cell = p->cells[node->cell];
  uint32_t row = cell->rows != NULL ? node->row : 0;
  if (cell->value != NULL) return check_quantity(check, node, cell, row);
  uint64_t mine = oracle_cell(p, check->given, cell, row);
  check->ok = cell->mask ? node->candidates == mine : (uint64_t)node->state == mine;
  if (!check->ok && check->out) {
    fputs("case:\n", check->out);
    oracle_case_print(check->out, p, check->given);
    fprintf(check->out, "criterion %.*s: oracle %" PRIx64 ", vm %d, candidates %" PRIx64 "\n",
            (int)cell->name.length, cell->name.data, mine, (int)node->state, node->candidates);
  }
  return check->ok;
}

static bool same_explanation(struct machine *m, const struct oracle_case *c,
                             const struct oracle_result *result, FILE *out) {
  if (soc_case_decide(m->input, SOC_DECIDE_EXPLAIN) != SOC_OK || !same_results(m, c, result, out))
    return false;
  struct explain_check check = {m, c, out, true};
  for (uint32_t d = 0; d < m->program->decision_count && check.ok; d++) {
    uint32_t rows = soc_case_rows(m->input, d);
    for (uint32_t row = 0; row < rows && check.ok; row++) {
      soc_status status = soc_case_explain(m->input, d, row, check_node, &check);
      if (status == SOC_OK) continue;
      if (out) fprintf(out, "soc_case_explain gives status %d\n", (int)status);
      return false;
    }
  }
  return check.ok;
}

static bool agree_once(struct machine *m, const struct oracle_case *c,
                       const struct oracle_result *result, bool explained, FILE *out) {
  return machine_decide(m, c, out) && same_results(m, c, result, out) &&
         (!explained || same_explanation(m, c, result, out));
}

bool agree_with(struct machine *m, const struct oracle_case *c, const struct oracle_result *result,
                bool explained, FILE *out) {
  soc_case *const ways[] = {m->plain, m->quick, m->planned};
  static const char *const names[] = {"bytecode alone", "bytecode, quickly", "plan"};
  for (size_t i = 0; i < sizeof ways / sizeof *ways && ways[i] != NULL; i++) {
    m->input = ways[i];
    if (!agree_once(m, c, result, explained, out)) {
      if (out) fprintf(out, "by %s\n", names[i]);
      return false;
    }
  }
  return true;
}

static bool agree_anew(struct machine *m, const struct oracle_case *c, bool explained, FILE *out) {
  struct oracle_result result;
  oracle_decide(m->program, c, &result);
  bool ok = agree_with(m, c, &result, explained, out);
  oracle_result_free(&result);
  return ok;
}

bool agree(struct machine *m, const struct oracle_case *c, FILE *out) {
  return agree_anew(m, c, false, out);
}

bool agree_explained(struct machine *m, const struct oracle_case *c, FILE *out) {
  return agree_anew(m, c, true, out);
}
