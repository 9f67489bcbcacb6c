// SPDX-License-Identifier: Apache-2.0
//
// See properties.h.
#include "properties.h"

#include <stdlib.h>
#include <string.h>

// ------------------------------------------------------------------ copies of cases

static void copy_fact(struct oracle_fact *to, const struct oracle_fact *from) {
  to->state = from->state;
  to->number = from->number;
  to->count = from->count;
  if (from->text != NULL) {
    size_t size = strlen(from->text) + 1;
    to->text = malloc(size);
    if (to->text == NULL) abort();
    memcpy(to->text, from->text, size);
  }
  if (from->items != NULL) {
    to->items = malloc(from->count * sizeof *to->items);
    if (to->items == NULL) abort();
    memcpy(to->items, from->items, from->count * sizeof *to->items);
  }
}

static void copy_case(struct oracle_case *to, const struct program *p,
                      const struct oracle_case *from) {
  oracle_case_init(to, p);
  for (uint32_t i = 0; i < p->fact_count; i++) {
    const struct oracle_fact *fact = &from->facts[i];
    copy_fact(&to->facts[i], fact);
    if (fact->rows == NULL) continue;
    to->facts[i].rows = calloc(fact->count ? fact->count : 1, sizeof *fact->rows);
    if (to->facts[i].rows == NULL) abort();
    for (uint32_t r = 0; r < fact->count; r++) copy_fact(&to->facts[i].rows[r], &fact->rows[r]);
  }
}

// ------------------------------------------------------------------ results of the VM

static soc_result result_of(struct subject *s, uint32_t decision) {
  soc_result r;
  if (soc_case_result(s->machine.input, decision, 0, &r) != SOC_OK) abort();
  return r;
}

static bool over_the_case(const struct subject *s, uint32_t decision) {
  return subject_program(s)->decisions[decision].list == NULL;
}

static bool fail(FILE *out, struct subject *s, const struct oracle_case *c, const char *what) {
  if (out) {
    fprintf(out, "%s\n", what);
    oracle_case_print(out, subject_program(s), c);
  }
  return false;
}

static const struct fact_decl *fact_named(const struct subject *s, uint32_t manifest) {
  const struct program *p = subject_program(s);
  for (uint32_t i = 0; i < p->manifest_count; i++) {
    if (machine_fact(&s->machine, p->manifest[i]) == manifest) return p->manifest[i];
  }
  abort();
}

// ------------------------------------------------------------------ filling in

// Facts whose absence may decide: `if given`, `is left out`, `when given`, and any left-out rule but unknown.
static bool absence_decides(const struct program *p, const struct fact_decl *f) {
  if (f->left_out != SOC_LEFT_OUT_UNKNOWN) return true;
  for (uint32_t i = 0; i < p->given_use_count; i++) {
    const struct fact_decl *used = p->given_uses[i].fact; // its value may be that of another fact
    for (; used != NULL; used = used->other) {
      if (used == f) return true;
    }
  }
  for (uint32_t i = 0; i < p->cell_count; i++) {
    if (!p->cells[i]->mask) continue;
    for (const struct derive_step *s = p->cells[i]->derive->steps; s != NULL; s = s->next) {
      if (s->kind == DERIVE_FACT && s->fact->decl == f) return true;
    }
  }
  return false;
}

static bool stays(struct subject *s, const soc_determination *before, const bool *decided,
                  struct oracle_case *c, FILE *out) {
  if (!machine_decide(&s->machine, c, out)) return fail(out, s, c, "no decision");
  for (uint32_t d = 0; d < subject_program(s)->decision_count; d++) {
    if (!decided[d]) continue;
    if (result_of(s, d).determination != before[d])
      return fail(out, s, c, "filling in a fact changed a decided case");
  }
  return true;
}

bool property_filling_in(struct subject *s, struct choices *choices, const struct oracle_case *c,
                         FILE *out) {
  const struct program *p = subject_program(s);
  soc_determination before[8] = {0};
  bool decided[8] = {false}, any = false, ok = true;
  if (p->decision_count > 8) return true;
  if (!machine_decide(&s->machine, c, out)) return fail(out, s, c, "no decision");
  for (uint32_t d = 0; d < p->decision_count; d++) {
    if (!over_the_case(s, d)) continue;
    soc_result r = result_of(s, d);
    before[d] = r.determination;
    decided[d] = r.missing_count == 0;
    any = any || decided[d];
  }
  if (!any) return true;
  struct oracle_case copy;
  copy_case(&copy, p, c);
  for (uint32_t i = 0; i < p->manifest_count && ok; i++) {
    const struct fact_decl *f = p->manifest[i];
    if (f->list != NULL || copy.facts[f->number].state != ORACLE_LEFT_OUT || absence_decides(p, f))
      continue;
    if (f->nullable && choose_one_in(choices, 4)) {
      oracle_set_none(&copy, f, 0);
    } else {
      random_value(choices, &s->constants, &copy, f, 0);
    }
    ok = stays(s, before, decided, &copy, out);
  }
  oracle_case_free(&copy);
  return ok;
}

// ------------------------------------------------------------------ what is missing

static bool left_out(const struct oracle_case *c, const struct fact_decl *f, uint32_t row) {
  const struct oracle_fact *place = &c->facts[f->number];
  if (f->list == NULL) return row == SOC_NO_INDEX && place->state == ORACLE_LEFT_OUT;
  return row < place->count && place->rows[row].state == ORACLE_LEFT_OUT;
}

static bool missing_of(struct subject *s, const struct oracle_case *c, uint32_t d, uint32_t row,
                       FILE *out) {
  soc_result r;
  if (soc_case_result(s->machine.input, d, row, &r) != SOC_OK) return fail(out, s, c, "no result");
  if (r.missing_count && r.determination != SOC_PEND)
    return fail(out, s, c, "decided, yet something is missing");
  if (r.possible == 0) return fail(out, s, c, "nothing is possible");
  bool open = (r.possible & (r.possible - 1)) != 0;
  if (open != (r.missing_count != 0)) return fail(out, s, c, "missing and possible do not fit");
  for (uint32_t i = 0; i < r.missing_count; i++) {
    soc_fact_ref ref;
    if (soc_case_missing(s->machine.input, d, row, i, &ref) != SOC_OK)
      return fail(out, s, c, "missing cannot be read");
    if (!left_out(c, fact_named(s, ref.fact), ref.row))
      return fail(out, s, c, "a missing fact was not left out");
  }
  return true;
}

bool property_missing(struct subject *s, const struct oracle_case *c, FILE *out) {
  if (!machine_decide(&s->machine, c, out)) return fail(out, s, c, "no decision");
  for (uint32_t d = 0; d < subject_program(s)->decision_count; d++) {
    for (uint32_t row = 0; row < soc_case_rows(s->machine.input, d); row++) {
      if (!missing_of(s, c, d, row, out)) return false;
    }
  }
  return true;
}

static uint32_t fill_missing(struct subject *s, struct choices *choices, struct oracle_case *c,
                             uint32_t d) {
  soc_result r = result_of(s, d);
  soc_fact_ref refs[64];
  uint32_t count = r.missing_count < 64 ? r.missing_count : 64;
  for (uint32_t i = 0; i < count; i++) {
    if (soc_case_missing(s->machine.input, d, 0, i, &refs[i]) != SOC_OK) abort();
  }
  for (uint32_t i = 0; i < count; i++) {
    random_value(choices, &s->constants, c, fact_named(s, refs[i].fact), refs[i].row);
  }
  return count;
}

bool property_asking_ends(struct subject *s, struct choices *choices, const struct oracle_case *c,
                          FILE *out) {
  const struct program *p = subject_program(s);
  struct oracle_case copy;
  copy_case(&copy, p, c);
  bool ok = true;
  for (uint32_t d = 0; d < p->decision_count && ok; d++) {
    if (!over_the_case(s, d)) continue;
    uint32_t rounds = 0, asked = 1;
    while (asked != 0 && rounds++ < 200 && ok) {
      ok = machine_decide(&s->machine, &copy, out);
      if (ok) asked = fill_missing(s, choices, &copy, d);
    }
    if (asked != 0) ok = fail(out, s, &copy, "asking for what is missing does not end");
  }
  oracle_case_free(&copy);
  return ok;
}

bool property_again(struct subject *s, const struct oracle_case *c, FILE *out) {
  if (!machine_decide(&s->machine, c, out)) return fail(out, s, c, "no decision");
  for (uint32_t d = 0; d < subject_program(s)->decision_count; d++) {
    if (!over_the_case(s, d)) continue;
    soc_result first = result_of(s, d);
    if (soc_case_decide(s->machine.input, SOC_DECIDE_EXPLAIN) != SOC_OK)
      return fail(out, s, c, "no second decision");
    soc_result second = result_of(s, d);
    bool same = first.determination == second.determination && first.possible == second.possible &&
                first.missing_count == second.missing_count &&
                first.reason_count == second.reason_count &&
                first.assumed_count == second.assumed_count && first.through == second.through;
    if (!same) return fail(out, s, c, "explaining changed the decision");
  }
  return true;
}

// ------------------------------------------------------------------ keys of results

enum { KEY_MOST = 64, TOLD_MOST = 4096 };
struct told {
  uint64_t key[KEY_MOST];
  uint32_t count;
  char text[TOLD_MOST]; // everything but approval and units
  size_t length;
};

static void tell(struct told *t, const void *bytes, size_t length) {
  if (length > TOLD_MOST - t->length) abort();
  if (length) memcpy(t->text + t->length, bytes, length);
  t->length += length;
}

static void tell_text(struct told *t, soc_text text) {
  tell(t, &text.length, sizeof text.length);
  tell(t, text.data, text.length);
}

static void tell_facts(struct told *t, const soc_case *c, uint32_t d, uint32_t row, uint32_t count,
                       soc_status (*get)(const soc_case *, uint32_t, uint32_t, uint32_t,
                                         soc_fact_ref *)) {
  for (uint32_t i = 0; i < count; i++) {
    soc_fact_ref ref;
    if (get(c, d, row, i, &ref) != SOC_OK) abort();
    tell(t, &ref, sizeof ref);
  }
}

static void tell_result(struct told *t, const soc_case *c, uint32_t d, uint32_t row) {
  soc_result r;
  t->length = 0;
  t->count = soc_case_result_key(c, d, row, t->key, KEY_MOST);
  if (t->count == 0) return;
  if (soc_case_result(c, d, row, &r) != SOC_OK || (t->key[0] & 0xff) != (uint64_t)r.determination)
    abort();
  uint32_t numbers[] = {(uint32_t)r.determination, r.possible,      r.reason_count,
                        r.missing_count,           r.assumed_count, r.action_count};
  tell(t, numbers, sizeof numbers);
  tell_text(t, r.reason);
  for (uint32_t i = 0; i < r.reason_count; i++) {
    soc_reason reason;
    if (soc_case_reason(c, d, row, i, &reason) != SOC_OK) abort();
    tell_text(t, reason.code);
    tell_text(t, reason.criterion);
    tell_text(t, reason.text);
    tell_text(t, reason.cite);
  }
  tell_facts(t, c, d, row, r.missing_count, soc_case_missing);
  tell_facts(t, c, d, row, r.assumed_count, soc_case_assumed);
  for (uint32_t i = 0; i < r.action_count; i++) tell_text(t, soc_case_action(c, d, row, i));
  for (uint32_t v = 0; v < 64; v++) {
    if (r.redirect >> v & 1) tell_text(t, soc_case_redirect(c, d, row, v));
  }
}

static bool same_by_key(const struct told *a, const struct told *b) {
  if (a->count != b->count || memcmp(a->key, b->key, a->count * sizeof *a->key) != 0) return true;
  return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

// Another value, or none at all, for some of the facts.
static void change_some(struct subject *s, struct choices *choices, struct oracle_case *c) {
  const struct program *p = subject_program(s);
  for (uint32_t i = 0; i < p->manifest_count; i++) {
    const struct fact_decl *f = p->manifest[i];
    if (f->list != NULL || f->type.base == SOC_RECORDS || !choose_one_in(choices, 4)) continue;
    if (choose_one_in(choices, 2)) {
      oracle_set_left_out(c, f, 0);
    } else {
      random_value(choices, &s->constants, c, f, 0);
    }
  }
}

enum { TOLD_RESULTS = 8 }; // of a case; further rows are left out

static uint32_t tell_case(struct subject *s, struct told results[TOLD_RESULTS]) {
  uint32_t count = 0;
  for (uint32_t d = 0; d < subject_program(s)->decision_count; d++) {
    uint32_t rows = soc_case_rows(s->machine.input, d);
    for (uint32_t row = 0; row < rows && count < TOLD_RESULTS; row++, count++) {
      tell_result(&results[count], s->machine.input, d, row);
      // A key is of one decision.
      if (results[count].count < KEY_MOST) results[count].key[results[count].count++] = d;
    }
  }
  return count;
}

bool property_by_key(struct subject *s, struct choices *choices, const struct oracle_case *c,
                     FILE *out) {
  struct told *told = calloc(2 * TOLD_RESULTS, sizeof *told);
  if (told == NULL) abort();
  struct oracle_case copy;
  copy_case(&copy, subject_program(s), c);
  bool ok = machine_decide(&s->machine, c, out);
  uint32_t count = ok ? tell_case(s, told) : 0;
  for (int turn = 0; turn < 3 && ok; turn++) {
    change_some(s, choices, &copy);
    ok = machine_decide(&s->machine, &copy, out);
    uint32_t all = ok ? count + tell_case(s, told + count) : 0;
    for (uint32_t i = count; i < all && ok; i++) {
      for (uint32_t k = 0; k < i && ok; k++) ok = same_by_key(&told[i], &told[k]);
    }
    if (!ok) fail(out, s, &copy, "results with one key differ");
  }
  oracle_case_free(&copy);
  free(told);
  return ok;
}

// ------------------------------------------------------------------ what is out of reach

struct reach_check {
  struct subject *s;
  const struct oracle_case *c;
  uint32_t rule; // next one
  bool ok;
  FILE *out;
};

static bool in_reach(struct reach_check *check, uint8_t states, soc_truth state, const char *what,
                     soc_text name) {
  if (states >> state & 1) return true;
  if (check->out)
    fprintf(check->out, "%s %.*s is %s\n", what, (int)name.length, name.data,
            state == SOC_MET       ? "met"
            : state == SOC_NOT_MET ? "not met"
                                   : "unknown");
  return check->ok = fail(check->out, check->s, check->c, "which was held to be out of reach");
}

static bool rule_in_reach(void *context, const soc_explain_node *node, const soc_fact_ref *fact) {
  struct reach_check *check = context;
  if (fact != NULL || !node->is_rule) return true;
  return in_reach(check, check->s->reach.rules[check->rule++].states, node->state, "rule",
                  node->name);
}

static bool criteria_in_reach(struct reach_check *check) {
  soc_truth state;
  for (uint32_t i = 0; i < subject_program(check->s)->cell_count; i++) {
    struct str name = subject_program(check->s)->cells[i]->name;
    soc_text text = {name.data, name.length};
    for (uint32_t row = 0; soc_case_criterion(check->s->machine.input, i, row, &state) == SOC_OK;
         row++)
      if (!in_reach(check, check->s->reach.cells[i], state, "criterion", text)) return false;
  }
  return true;
}

static bool rules_in_reach(struct reach_check *check) {
  uint32_t first = 0;
  for (uint32_t d = 0; d < subject_program(check->s)->decision_count; d++) {
    for (uint32_t row = 0; row < soc_case_rows(check->s->machine.input, d); row++) {
      check->rule = first;
      if (soc_case_explain(check->s->machine.input, d, row, rule_in_reach, check) != SOC_OK)
        return fail(check->out, check->s, check->c, "no explanation");
      if (!check->ok) return false;
    }
    first += subject_program(check->s)->decisions[d].rule_count;
  }
  return true;
}

bool property_reach(struct subject *s, const struct oracle_case *c, FILE *out) {
  struct reach_check check = {.s = s, .c = c, .ok = true, .out = out};
  if (!machine_decide(&s->machine, c, out) ||
      soc_case_decide(s->machine.input, SOC_DECIDE_EXPLAIN) != SOC_OK)
    return fail(out, s, c, "no decision");
  return criteria_in_reach(&check) && rules_in_reach(&check);
}
