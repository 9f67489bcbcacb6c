// SPDX-License-Identifier: Apache-2.0
//
// The order in which a program is checked. Each step goes on after errors, so that one run tells of all of them; a
// later step that would only repeat what an earlier one said is left out.
#include "compiler/sema.h"

#include "compiler/amend.h"
#include "vm/code.h"

// ------------------------------------------------------------------ the head of a policy

static bool is_id_char(char ch) {
  return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
         ch == '.' || ch == '-' || ch == '_' || ch == '/';
}

// An id is also a folder: no empty steps, none of dots alone.
static bool is_id(struct str id) {
  uint32_t step = 0, dots = 0;
  for (uint32_t i = 0; i < id.length; i++) {
    if (!is_id_char(id.data[i])) return false;
    if (id.data[i] == '/' && (step == 0 || step == dots)) return false;
    dots = id.data[i] == '/' ? 0 : dots + (id.data[i] == '.');
    step = id.data[i] == '/' ? 0 : step + 1;
  }
  return step > 0 && step != dots;
}

static struct str text_of(const struct word *w) {
  return w != NULL ? w->text : (struct str){"", 0};
}

static void check_head(struct sema *s) {
  const struct policy_head *head = &s->main->head;
  struct program *p = s->program;
  p->id = head->id.text;
  p->title = text_of(head->title);
  p->payer = text_of(head->payer);
  p->source_title = text_of(head->source);
  p->version = text_of(head->version);
  p->source_revised = INT32_MIN;
  if (!is_id(p->id)) diag_report(s->diags, DIAG_POLICY_ID, head->id.span, p->id);
  if (head->title == NULL)
    diag_report(s->diags, DIAG_NO_TITLE, span_join(head->span, head->id.span));
  if (head->version == NULL)
    diag_report(s->diags, DIAG_NO_VERSION, head->id.span);
  else
    literal_date(s, *head->version, &p->version_day);
  if (head->revised != NULL) literal_date(s, *head->revised, &p->source_revised);
}

static void check_basis(struct sema *s) {
  const struct word *name = s->main->head.basis;
  if (name == NULL) return;
  struct symbol *symbol = names_find(&s->names, name->text);
  if (symbol == NULL) {
    report_unknown_name(s, NULL, *name, "fact");
    return;
  }
  symbol->used = true;
  const struct fact_decl *fact = symbol->kind == KIND_FACT ? symbol->decl : NULL;
  bool fits = fact != NULL && fact->type.base == SOC_DATE && fact->list == NULL && !fact->nullable;
  if (fact != NULL && fact->failed) return;
  if (!fits || fact->left_out != SOC_LEFT_OUT_UNKNOWN)
    diag_report(s->diags, DIAG_BASIS, name->span, name->text);
  else
    s->program->basis = fact;
}

// ------------------------------------------------------------------ all of it

static void init(struct sema *s) {
  struct names *tables[] = {&s->names,      &s->enumerations, &s->groups,
                            &s->reasons,    &s->samples,      &s->texts,
                            &s->file_names, &s->table_names,  &s->no_decisions};
  for (unsigned i = 0; i < sizeof tables / sizeof *tables; i++) names_init(tables[i], s->arena);
  s->set_budget = SEMA_SET_MEMBERS;
  s->table_budget = SEMA_TABLE_ROWS;
  s->program->version_day = INT32_MIN;
}

static bool failed(const struct sema *s) {
  return s->diags->errors > 0 || s->arena->out_of_memory;
}

static bool run(struct sema *s, uint32_t main_source) {
  s->arena = &s->front->arena;
  s->diags = &s->front->diags;
  s->program = ARENA_NEW(s->arena, struct program);
  if (s->program == NULL) return false;
  init(s);
  if (!sema_load(s, main_source) || failed(s))
    return false; // what a broken file declares is not known
  sema_amend(s);
  if (failed(s)) return false;
  if (s->main->kind == FILE_POLICY) {
    s->program->policy = s->main;
    check_head(s);
  }
  sema_import(s);
  sema_declare(s);
  sema_vocabulary(s);
  if (s->main->kind == FILE_POLICY) check_basis(s);
  sema_constants(s);
  sema_sets(s);
  sema_criteria(s);
  sema_rules(s);
  sema_tests(s);
  sema_cycles(s);
  if (failed(s)) return false;
  if (s->main->kind == FILE_POLICY) sema_unused(s);
  sema_order(s);
  if (failed(s)) return false;
  sema_other_facts(s);
  sema_windows(s);
  return !failed(s);
}

bool sema_run(struct sema *s, uint32_t main_source) {
  bool good = run(s, main_source);
  if (s->diags != NULL) sema_amend_notes(s);
  return good;
}
