// SPDX-License-Identifier: Apache-2.0
//
// See vm_side.h.
#include "vm_side.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "difference.h"
#include "load.h"

// The enumerations of both sides must count the same way.
_Static_assert((int)DECIDE_APPROVE == (int)SOC_APPROVE && (int)DECIDE_REFER == (int)SOC_REFER &&
                   (int)DECIDE_PEND == (int)SOC_PEND &&
                   (int)DECIDE_NOT_APPLICABLE == (int)SOC_NOT_APPLICABLE,
               "determinations");

static const char *const fact_names[FACT_COUNT] = {
    [FACT_LANGUAGE] = "member.benefit_plan_language",
    [FACT_LINE_OF_BUSINESS] = "member.line_of_business",
    [FACT_DATE] = "service.date",
    [FACT_CODE] = "service.code",
    [FACT_DRUG] = "service.drug",
    [FACT_ROUTE] = "service.route",
    [FACT_DIAGNOSES] = "clinical.diagnosis_codes",
    [FACT_CONCURRENT] = "therapy.concurrent_iv_cancer_drugs",
    [FACT_BIRTH] = "member.birth_date",
    [FACT_SITE] = "service.site_of_care",
    [FACT_STATUS] = "therapy.drug_criteria_status",
    [FACT_START] = "therapy.course_start_date",
    [FACT_PREVIOUS] = "therapy.previous_course_last_dose_date",
    [FACT_INTERVAL] = "therapy.dosing_interval_days",
    [FACT_MILES] = "access.infusion_center_miles",
    [FACT_HOME] = "access.home_infusion_available",
    [FACT_HOSPITAL_ONLY] = "access.hospital_only_source",
    [FACT_CARDIAC] = "clinical.cardiac_condition",
    [FACT_PULMONARY] = "clinical.pulmonary_condition",
    [FACT_FVC] = "clinical.fvc_percent_predicted",
    [FACT_RENAL] = "clinical.renal_function_unstable",
    [FACT_VASCULAR] = "clinical.vascular_access",
    [FACT_COGNITIVE] = "clinical.cognitive_safety_concern",
    [FACT_EVENTS] = "clinical.adverse_events",
    [FACT_PLACE] = "service.place_of_service",
    [FACT_BILL] = "claim.type_of_bill",
};

static const char *const event_field_names[EVENT_FIELDS] = {
    [EVENT_RELATION] = "clinical.adverse_events[].drug_relation",
    [EVENT_KIND] = "clinical.adverse_events[].kind",
    [EVENT_SEVERITY] = "clinical.adverse_events[].severity",
};

static const char *const reason_names[REASON_COUNT] = {
#define X(name) #name,
    PREMERA_REASONS(X)
#undef X
};

// One value of each enumeration that the reference numbers by itself.
static const struct {
  enum premera_fact fact;
  uint32_t value;
  const char *name;
} numbered[] = {
    {FACT_LANGUAGE, LANGUAGE_OVERRIDES, "overrides_policy"},
    {FACT_LINE_OF_BUSINESS, BUSINESS_MEDICARE_ADVANTAGE, "medicare_advantage"},
    {FACT_ROUTE, ROUTE_SUBCUTANEOUS, "subcutaneous"},
    {FACT_SITE, SITE_INPATIENT, "inpatient"},
    {FACT_SITE, SITE_SURGERY_CENTER, "ambulatory_surgical_center"},
    {FACT_STATUS, STATUS_NO_POLICY, "no_policy"},
    {FACT_VASCULAR, VESSELS_COUNT - 1, "severe_issues"},
};

const char *vm_side_fact_name(enum premera_fact fact) {
  return fact_names[fact];
}

// ------------------------------------------------------------------ the policy

static bool find_fact(const struct vm_side *vm, const char *name, uint32_t *fact) {
  *fact = soc_policy_find_fact(&vm->policy, name, strlen(name));
  if (*fact == SOC_NO_INDEX) (void)fprintf(stderr, "bench: the policy does not read %s\n", name);
  return *fact != SOC_NO_INDEX;
}

static bool find_facts(struct vm_side *vm) {
  for (uint32_t i = 0; i < FACT_COUNT; i++) {
    if (!find_fact(vm, fact_names[i], &vm->facts[i])) return false;
  }
  for (uint32_t i = 0; i < EVENT_FIELDS; i++) {
    if (!find_fact(vm, event_field_names[i], &vm->event_fields[i])) return false;
  }
  for (size_t i = 0; i < sizeof numbered / sizeof *numbered; i++) {
    soc_text value =
        soc_policy_fact_value(&vm->policy, vm->facts[numbered[i].fact], numbered[i].value);
    if (strcmp(value.data, numbered[i].name) != 0) {
      (void)fprintf(stderr, "bench: value %u of %s is %s\n", numbered[i].value,
                    fact_names[numbered[i].fact], value.data);
      return false;
    }
  }
  return true;
}

static bool find_decision(const struct vm_side *vm, const char *name, uint32_t *index) {
  soc_decision_info info;
  for (*index = 0; soc_policy_decision(&vm->policy, *index, &info) == SOC_OK; ++*index) {
    if (strcmp(info.name.data, name) == 0) return true;
  }
  (void)fprintf(stderr, "bench: the policy makes no decision %s\n", name);
  return false;
}

bool vm_side_open(struct vm_side *vm, const char *path) {
  *vm = (struct vm_side){0};
  if (load_policy(path, &vm->policy, &vm->artifact, &vm->length, &vm->plan) && find_facts(vm) &&
      find_decision(vm, "site_of_care", &vm->site_decision) &&
      find_decision(vm, "drug", &vm->drug_decision)) {
    return true;
  }
  vm_side_close(vm);
  return false;
}

void vm_side_close(struct vm_side *vm) {
  free(vm->artifact);
  free(vm->plan);
  *vm = (struct vm_side){0};
}

// ------------------------------------------------------------------ cases

static const soc_case_limits limits = {.rows = PREMERA_MAX_EVENTS, .items = PREMERA_MAX_DIAGNOSES};

size_t vm_side_case_bytes(const struct vm_side *vm) {
  return load_case_bytes(&vm->policy, &limits);
}

bool vm_side_cases(const struct vm_side *vm, uint32_t count, void **block, soc_case **cases) {
  return load_cases(&vm->policy, &limits, count, block, cases);
}

// ------------------------------------------------------------------ binding

struct binding {
  const struct vm_side *vm;
  const struct premera_facts *f;
  soc_case *c;
  bool failed;
};

static bool has(const struct binding *b, enum premera_fact fact) {
  return (b->f->given >> fact & 1) != 0;
}

static void check(struct binding *b, soc_status status) {
  b->failed = b->failed || status != SOC_OK;
}

static void bind_bool(struct binding *b, enum premera_fact fact, bool value) {
  if (has(b, fact)) check(b, soc_case_set_bool(b->c, b->vm->facts[fact], 0, value));
}

static void bind_enum(struct binding *b, enum premera_fact fact, uint32_t value) {
  if (has(b, fact)) check(b, soc_case_set_enum(b->c, b->vm->facts[fact], 0, value));
}

static void bind_date(struct binding *b, enum premera_fact fact, int32_t days) {
  if (has(b, fact)) check(b, soc_case_set_date(b->c, b->vm->facts[fact], 0, days));
}

static void bind_number(struct binding *b, enum premera_fact fact, int64_t millionths) {
  if (has(b, fact)) check(b, soc_case_set_number(b->c, b->vm->facts[fact], 0, millionths));
}

static void bind_code(struct binding *b, enum premera_fact fact, const char *text) {
  if (has(b, fact)) check(b, soc_case_set_code(b->c, b->vm->facts[fact], 0, text, strlen(text)));
}

static void bind_none(struct binding *b, enum premera_fact fact) {
  if (b->f->none >> fact & 1) check(b, soc_case_set_none(b->c, b->vm->facts[fact], 0));
}

static void bind_code_list(struct binding *b, enum premera_fact fact, uint32_t count,
                           const char *texts, size_t stride) {
  if (!has(b, fact)) return;
  check(b, soc_case_set_list(b->c, b->vm->facts[fact], 0));
  for (uint32_t i = 0; i < count; i++) {
    const char *text = texts + i * stride;
    check(b, soc_case_add_code(b->c, b->vm->facts[fact], text, strlen(text)));
  }
}

static void bind_events(struct binding *b) {
  if (!has(b, FACT_EVENTS)) return;
  check(b, soc_case_set_list(b->c, b->vm->facts[FACT_EVENTS], b->f->event_count));
  for (uint32_t row = 0; row < b->f->event_count; row++) {
    const struct premera_event *e = &b->f->events[row];
    for (uint32_t i = 0; i < EVENT_FIELDS; i++) {
      if (e->given >> i & 1) {
        check(b, soc_case_set_enum(b->c, b->vm->event_fields[i], row, e->field[i]));
      }
    }
  }
}

static void bind_request(struct binding *b, const struct bench_case *from) {
  const struct premera_facts *f = b->f;
  bind_enum(b, FACT_LANGUAGE, f->language);
  bind_enum(b, FACT_LINE_OF_BUSINESS, f->line_of_business);
  bind_date(b, FACT_DATE, f->date);
  bind_code(b, FACT_CODE, from->code);
  if (has(b, FACT_DRUG)) {
    check(b, soc_case_set_text(b->c, b->vm->facts[FACT_DRUG], 0, from->drug, strlen(from->drug)));
  }
  bind_enum(b, FACT_ROUTE, f->route);
  bind_code_list(b, FACT_DIAGNOSES, f->diagnosis_count, from->diagnoses[0],
                 sizeof from->diagnoses[0]);
  bind_code_list(b, FACT_CONCURRENT, f->concurrent_count, from->concurrent[0],
                 sizeof from->concurrent[0]);
  bind_date(b, FACT_BIRTH, f->birth);
  bind_enum(b, FACT_SITE, f->site);
  bind_code(b, FACT_PLACE, from->place);
  bind_code(b, FACT_BILL, from->bill);
  bind_enum(b, FACT_STATUS, f->status);
}

static void bind_clinical(struct binding *b) {
  const struct premera_facts *f = b->f;
  bind_date(b, FACT_START, f->start);
  bind_date(b, FACT_PREVIOUS, f->previous);
  bind_none(b, FACT_PREVIOUS);
  bind_number(b, FACT_INTERVAL, f->interval_days * INT64_C(1000000));
  bind_number(b, FACT_MILES, f->miles);
  bind_none(b, FACT_MILES);
  bind_bool(b, FACT_HOME, f->home);
  bind_bool(b, FACT_HOSPITAL_ONLY, f->hospital_only);
  bind_bool(b, FACT_CARDIAC, f->cardiac);
  bind_bool(b, FACT_PULMONARY, f->pulmonary);
  bind_number(b, FACT_FVC, f->fvc);
  bind_none(b, FACT_FVC);
  bind_bool(b, FACT_RENAL, f->renal);
  bind_enum(b, FACT_VASCULAR, f->vascular);
  bind_bool(b, FACT_COGNITIVE, f->cognitive);
  bind_events(b);
}

bool vm_side_bind(const struct vm_side *vm, const struct bench_case *from, soc_case *c) {
  struct binding b = {vm, &from->facts, c, false};
  bind_request(&b, from);
  bind_clinical(&b);
  return !b.failed;
}

// ------------------------------------------------------------------ comparing

struct comparison {
  const struct vm_side *vm;
  const soc_case *c;
  uint32_t decision;
  struct difference d;
};

uint32_t vm_side_reason(const char *name) {
  uint32_t i = 0;
  while (i < REASON_COUNT && strcmp(reason_names[i], name) != 0) {
    i++;
  }
  return i;
}

static uint32_t fact_bit(const struct vm_side *vm, soc_fact_ref ref) {
  for (uint32_t i = 0; i < EVENT_FIELDS; i++) {
    if (vm->event_fields[i] == ref.fact) return MISSING_EVENT(ref.row, i);
  }
  for (uint32_t i = 0; i < FACT_COUNT; i++) {
    if (vm->facts[i] == ref.fact) return i;
  }
  return 63;
}

// The deciding reason first, the others in order.
static void compare_reasons(struct comparison *x, const soc_result *r,
                            const struct premera_outcome *e) {
  if (strcmp(r->reason.data, reason_names[e->reason]) != 0) {
    differ(&x->d, "reason %s, expected %s; ", r->reason.data, reason_names[e->reason]);
  }
  uint32_t seen = 0, before = 0;
  for (uint32_t i = 0; i < r->reason_count; i++) {
    soc_reason reason;
    if (soc_case_reason(x->c, x->decision, 0, i, &reason) != SOC_OK) continue;
    uint32_t index = vm_side_reason(reason.code.data);
    bool in_order = i == 0 ? index == e->reason : i == 1 || index > before;
    if (index == REASON_COUNT || !in_order) differ(&x->d, "reason %u is %s; ", i, reason.code.data);
    before = index;
    seen |= index < REASON_COUNT ? UINT32_C(1) << index : 0;
  }
  if (seen != e->reasons) differ(&x->d, "reasons %x, expected %x; ", seen, e->reasons);
}

static void compare_missing(struct comparison *x, const soc_result *r,
                            const struct premera_outcome *e) {
  uint64_t seen = 0;
  uint32_t before = 0;
  for (uint32_t i = 0; i < r->missing_count; i++) {
    soc_fact_ref ref;
    if (soc_case_missing(x->c, x->decision, 0, i, &ref) != SOC_OK) continue;
    uint32_t bit = fact_bit(x->vm, ref);
    if (i > 0 && bit < FACT_COUNT && bit <= before)
      differ(&x->d, "missing fact %u out of order; ", bit);
    before = bit;
    seen |= UINT64_C(1) << bit;
  }
  if (seen != e->missing) {
    differ(&x->d, "missing %llx, expected %llx; ", (unsigned long long)seen,
           (unsigned long long)e->missing);
  }
}

static void compare_assumed(struct comparison *x, const soc_result *r,
                            const struct premera_outcome *e) {
  if (r->assumed_count != e->assumed_language)
    differ(&x->d, "%u facts assumed; ", r->assumed_count);
  soc_fact_ref ref;
  if (r->assumed_count > 0 && (soc_case_assumed(x->c, x->decision, 0, 0, &ref) != SOC_OK ||
                               ref.fact != x->vm->facts[FACT_LANGUAGE])) {
    differ(&x->d, "another fact assumed; ");
  }
}

static void compare(struct comparison *x, const struct premera_outcome *e) {
  soc_result r;
  if (soc_case_result(x->c, x->decision, 0, &r) != SOC_OK) {
    differ(&x->d, "no result; ");
    return;
  }
  if (r.determination != (soc_determination)e->determination) {
    differ(&x->d, "%s, expected %s; ", soc_determination_name(r.determination),
           soc_determination_name((soc_determination)e->determination));
  }
  if (r.possible != e->possible)
    differ(&x->d, "possible %x, expected %x; ", r.possible, e->possible);
  if (r.has_approval != (e->determination == DECIDE_APPROVE)) differ(&x->d, "approval; ");
  if (r.has_through != e->has_through || (r.has_through && r.through != e->through)) {
    differ(&x->d, "through %d, expected %d; ", r.through, e->through);
  }
  compare_reasons(x, &r, e);
  compare_missing(x, &r, e);
  compare_assumed(x, &r, e);
}

bool vm_side_agrees(const struct vm_side *vm, const soc_case *c,
                    const struct premera_result *expected, char *text, size_t size) {
  struct comparison x = {vm, c, vm->site_decision, {text, size, 0, false}};
  text[0] = '\0';
  compare(&x, &expected->site);
  if (x.d.found) differ(&x.d, "(site_of_care) ");
  bool site = x.d.found;
  x.d.found = false;
  x.decision = vm->drug_decision;
  compare(&x, &expected->drug);
  if (x.d.found) differ(&x.d, "(drug)");
  return !site && !x.d.found;
}
