// SPDX-License-Identifier: Apache-2.0
//
// See r14_vm.h.
#include "r14_vm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "difference.h"
#include "load.h"

// The enumerations of both sides must count the same way.
_Static_assert((int)R14_PEND == (int)SOC_PEND && (int)R14_ELIGIBLE == (int)SOC_ELIGIBLE &&
                   (int)R14_DENY == (int)SOC_DENY &&
                   (int)R14_NOT_SEPARATE == (int)SOC_NOT_SEPARATELY_REIMBURSED &&
                   (int)R14_RESUBMIT == (int)SOC_CORRECT_AND_RESUBMIT &&
                   (int)R14_NOT_ADDRESSED == (int)SOC_NOT_ADDRESSED,
               "determinations");

static const char *const fact_names[R14_FACTS] = {
    [R14_DATE] = "service.date",
    [R14_PLACE] = "service.place_of_service",
    [R14_FORM] = "claim.form",
    [R14_BILL] = "claim.type_of_bill",
    [R14_STATUS] = "therapy.drug_criteria_status",
    [R14_LABEL] = "therapy.fda_approved_indication",
    [R14_NECESSARY] = "therapy.offlabel_medically_necessary",
    [R14_REGIMEN] = "therapy.offlabel_regimen_reasonable",
    [R14_COMPENDIUM] = "therapy.ahfs_listed",
    [R14_STUDIES] = "therapy.controlled_studies_count",
    [R14_PRECERT] = "claim.precertification_required",
    [R14_AUTHORIZATION] = "claim.prior_authorization_number",
    [R14_FLUID] = "clinical.fluid_intolerance",
    [R14_PRIMARY_SERVICE] = "claim.primary_service",
    [R14_LANGUAGE] = "member.benefit_plan_language",
    [R14_MISMATCH] = "claim.transfusion_mismatch",
};

// Fields of a line; the first R14_FIELDS as in r14_field.
enum {
  NUMBER = R14_FIELDS,
  CODE,
  MODIFIERS,
  REVENUE,
  UNITS,
  DATE,
  PLACE,
  NAME,
  NDC,
  DESCRIPTION,
  ADMINISTERED,
  PER_UNIT,
  WASTED,
  VIAL,
  ROUTE,
  BASIS,
  RELATED,
  LINE_FACTS
};
_Static_assert(LINE_FACTS == R14_LINE_FACTS, "room for the fields");

static const char *const field_names[LINE_FACTS] = {
    [R14_CATEGORY] = "category",
    [R14_ORDER] = "order_documented",
    [R14_RECORD] = "administration_documented",
    [R14_PURPOSE] = "blood_purpose",
    [R14_DIALYSIS] = "dialysis_related",
    [R14_NPI] = "rendering_npi",
    [R14_ROLE] = "role",
    [NUMBER] = "number",
    [CODE] = "code",
    [MODIFIERS] = "modifiers",
    [REVENUE] = "revenue_code",
    [UNITS] = "units",
    [DATE] = "date",
    [PLACE] = "place_of_service",
    [NAME] = "drug_name",
    [NDC] = "ndc",
    [DESCRIPTION] = "description",
    [ADMINISTERED] = "administered_amount",
    [PER_UNIT] = "hcpcs_unit_amount",
    [WASTED] = "wasted_amount",
    [VIAL] = "vial_amount",
    [ROUTE] = "route",
    [BASIS] = "billing_basis",
    [RELATED] = "related_line",
};

static const char *const rule_codes[R14_RULE_COUNT] = {
#define X(rule, code, determination) code,
    R14_RULES(X)
#undef X
};

static const char *const category_names[CATEGORY_COUNT] = {
#define X(name) #name,
    R14_CATEGORIES(X)
#undef X
};

// ------------------------------------------------------------------ the policy

static bool find(const struct r14_vm *vm, const char *name, uint32_t *fact) {
  *fact = soc_policy_find_fact(&vm->policy, name, strlen(name));
  if (*fact == SOC_NO_INDEX) (void)fprintf(stderr, "bench: the policy does not read %s\n", name);
  return *fact != SOC_NO_INDEX;
}

static bool find_facts(struct r14_vm *vm) {
  for (uint32_t i = 0; i < R14_FACTS; i++) {
    if (!find(vm, fact_names[i], &vm->facts[i])) return false;
  }
  for (uint32_t i = 0; i < LINE_FACTS; i++) {
    char name[64];
    (void)snprintf(name, sizeof name, "claim.lines[].%s", field_names[i]);
    if (!find(vm, name, &vm->fields[i])) return false;
  }
  return find(vm, "claim.lines", &vm->lines);
}

static bool is_value(const struct r14_vm *vm, uint32_t fact, uint32_t value, const char *name) {
  const char *found = soc_policy_fact_value(&vm->policy, fact, value).data;
  bool same = strcmp(found, name) == 0;
  if (!same) (void)fprintf(stderr, "bench: value %u is %s, not %s\n", value, found, name);
  return same;
}

// Do both sides number the values of enumerations alike?
static bool same_values(const struct r14_vm *vm) {
  bool same =
      is_value(vm, vm->facts[R14_LANGUAGE], R14_OVERRIDES, "overrides_policy") &&
      is_value(vm, vm->facts[R14_FORM], R14_UB04, "ub04") &&
      is_value(vm, vm->facts[R14_STATUS], R14_NO_POLICY, "no_policy") &&
      is_value(vm, vm->facts[R14_STATUS], R14_NOT_REVIEWED, "not_reviewed") &&
      is_value(vm, vm->facts[R14_MISMATCH], R14_NOT_BEFORE_ADMISSION, "not_present_on_admission") &&
      is_value(vm, vm->facts[R14_PRIMARY_SERVICE], R14_FOR_OTHER, "other_medical_surgical");
  for (uint32_t i = 0; same && i < CATEGORY_COUNT; i++) {
    same = is_value(vm, vm->fields[R14_CATEGORY], i, category_names[i]);
  }
  return same && is_value(vm, vm->fields[BASIS], R14_PER_UNIT - 1, "per_unit") &&
         is_value(vm, vm->fields[R14_ROLE], 1, "supportive");
}

bool r14_vm_open(struct r14_vm *vm, const char *path) {
  *vm = (struct r14_vm){0};
  if (load_policy(path, &vm->policy, &vm->artifact, &vm->length, &vm->plan) && find_facts(vm) &&
      same_values(vm)) {
    return true;
  }
  r14_vm_close(vm);
  return false;
}

void r14_vm_close(struct r14_vm *vm) {
  free(vm->artifact);
  free(vm->plan);
  *vm = (struct r14_vm){0};
}

static const soc_case_limits limits = {.rows = R14_LINES, .items = R14_LINES};

size_t r14_vm_case_bytes(const struct r14_vm *vm) {
  return load_case_bytes(&vm->policy, &limits);
}

bool r14_vm_cases(const struct r14_vm *vm, uint32_t count, void **block, soc_case **cases) {
  return load_cases(&vm->policy, &limits, count, block, cases);
}

// ------------------------------------------------------------------ binding

struct binding {
  const struct r14_vm *vm;
  soc_case *c;
  uint32_t row;
  bool failed;
};

static void check(struct binding *b, soc_status status) {
  b->failed = b->failed || status != SOC_OK;
}

static void bind_bool(struct binding *b, bool given, uint32_t fact, bool value) {
  if (given) check(b, soc_case_set_bool(b->c, fact, b->row, value));
}

static void bind_enum(struct binding *b, bool given, uint32_t fact, uint32_t value) {
  if (given) check(b, soc_case_set_enum(b->c, fact, b->row, value));
}

static void bind_date(struct binding *b, bool given, uint32_t fact, int32_t days) {
  if (given) check(b, soc_case_set_date(b->c, fact, b->row, days));
}

static void bind_code(struct binding *b, bool given, uint32_t fact, const char *text) {
  if (given) check(b, soc_case_set_code(b->c, fact, b->row, text, strlen(text)));
}

static void bind_text(struct binding *b, bool given, uint32_t fact, const char *text) {
  if (given) check(b, soc_case_set_text(b->c, fact, b->row, text, strlen(text)));
}

static void bind_amount(struct binding *b, uint32_t fact, int64_t millionths) {
  if (millionths >= 0) check(b, soc_case_set_number(b->c, fact, b->row, millionths));
}

static void bind_claim(struct binding *b, const struct r14_case *from) {
  const struct r14_facts *f = &from->facts;
  const uint32_t *facts = b->vm->facts;
#define GIVEN(fact) ((f->given >> (fact)&1) != 0), facts[fact]
  bind_date(b, GIVEN(R14_DATE), f->date);
  bind_code(b, GIVEN(R14_PLACE), from->place);
  bind_enum(b, GIVEN(R14_FORM), f->form);
  bind_code(b, GIVEN(R14_BILL), from->bill);
  bind_enum(b, GIVEN(R14_STATUS), f->status);
  bind_bool(b, GIVEN(R14_LABEL), f->label);
  bind_bool(b, GIVEN(R14_NECESSARY), f->necessary);
  bind_bool(b, GIVEN(R14_REGIMEN), f->regimen);
  bind_bool(b, GIVEN(R14_COMPENDIUM), f->compendium);
  if (f->given >> R14_STUDIES & 1)
    bind_amount(b, facts[R14_STUDIES], f->studies * INT64_C(1000000));
  bind_bool(b, GIVEN(R14_PRECERT), f->precert);
  if (f->authorized) {
    bind_text(b, GIVEN(R14_AUTHORIZATION), "PA1");
  } else if (f->given >> R14_AUTHORIZATION & 1) {
    check(b, soc_case_set_none(b->c, facts[R14_AUTHORIZATION], 0));
  }
  bind_bool(b, GIVEN(R14_FLUID), f->fluid);
  bind_enum(b, GIVEN(R14_PRIMARY_SERVICE), f->primary_service);
  bind_enum(b, GIVEN(R14_LANGUAGE), f->language);
  bind_enum(b, GIVEN(R14_MISMATCH), f->mismatch);
#undef GIVEN
}

static void bind_modifiers(struct binding *b, const struct r14_line *l) {
  static const char *const names[] = {"JW", "25", "59", "SH", "SJ"}; // by bit
  if (l->modifiers == 0) return;
  check(b, soc_case_set_row_list(b->c, b->vm->fields[MODIFIERS], b->row));
  for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
    if (l->modifiers >> i & 1) {
      check(b, soc_case_add_row_code(b->c, b->vm->fields[MODIFIERS], b->row, names[i], 2));
    }
  }
}

static void bind_identity(struct binding *b, const struct r14_case *from,
                          const struct r14_line *l) {
  const uint32_t *fields = b->vm->fields;
  const char *name = from->lines[b->row].drug_name;
  bind_amount(b, fields[NUMBER], l->number * INT64_C(1000000));
  bind_code(b, l->code != 0, fields[CODE], from->lines[b->row].code);
  bind_modifiers(b, l);
  bind_code(b, l->revenue != 0, fields[REVENUE], from->lines[b->row].revenue);
  bind_code(b, l->given >> R14_OWN_PLACE & 1, fields[PLACE], from->lines[b->row].place);
  bind_date(b, l->given >> R14_OWN_DATE & 1, fields[DATE], l->date);
  bind_text(b, name != NULL, fields[NAME], name ? name : "");
  bind_code(b, l->has_ndc, fields[NDC], "00002143380");
  bind_text(b, l->has_description, fields[DESCRIPTION], "a drug without a code of its own");
  if (l->related >= 0) {
    check(b, soc_case_set_line(b->c, fields[RELATED], b->row, (uint32_t)l->related));
  }
}

static void bind_line(struct binding *b, const struct r14_case *from, const struct r14_line *l) {
  const uint32_t *fields = b->vm->fields;
  char npi[] = "1000000000";
  npi[9] = (char)('0' + l->npi % 10);
  bind_identity(b, from, l);
#define GIVEN(field) ((l->given >> (field)&1) != 0), fields[field]
  bind_enum(b, GIVEN(R14_CATEGORY), l->category);
  bind_bool(b, GIVEN(R14_ORDER), l->order);
  bind_bool(b, GIVEN(R14_RECORD), l->record);
  bind_enum(b, GIVEN(R14_PURPOSE), l->general_improvement);
  bind_bool(b, GIVEN(R14_DIALYSIS), l->dialysis);
  bind_text(b, GIVEN(R14_NPI), npi);
  bind_enum(b, GIVEN(R14_ROLE), l->supportive);
#undef GIVEN
  bind_amount(b, fields[UNITS], l->units);
  bind_amount(b, fields[ADMINISTERED], l->administered);
  bind_amount(b, fields[PER_UNIT], l->per_unit);
  bind_amount(b, fields[WASTED], l->wasted);
  bind_amount(b, fields[VIAL], l->vial);
  bind_enum(b, l->has_route, fields[ROUTE], from->lines[b->row].route);
  bind_enum(b, l->basis != 0, fields[BASIS], l->basis - 1u);
}

bool r14_vm_bind(const struct r14_vm *vm, const struct r14_case *from, soc_case *c) {
  struct binding b = {vm, c, 0, false};
  bind_claim(&b, from);
  check(&b, soc_case_set_list(c, vm->lines, from->facts.line_count));
  for (b.row = 0; b.row < from->facts.line_count; b.row++) {
    bind_line(&b, from, &from->facts.lines[b.row]);
  }
  return !b.failed;
}

uint32_t r14_vm_decide(soc_case *c, uint32_t flags) {
  uint32_t sum = soc_case_decide(c, flags);
  for (uint32_t row = 0; row < soc_case_rows(c, 0); row++) {
    soc_result r;
    sum += (uint32_t)soc_case_result(c, 0, row, &r) + r.missing_count;
  }
  return sum;
}

// ------------------------------------------------------------------ comparing

struct comparison {
  const struct r14_vm *vm;
  const soc_case *c;
  uint32_t row;
  struct difference d;
};

// The reasons in order are the codes of the rules in order; facts that are missing alone give one.
static void compare_reasons(struct comparison *x, const soc_result *r, const struct r14_result *e) {
  const char *code = e->rule == R14_RULE_COUNT ? "FACT_MISSING" : rule_codes[e->rule];
  if (strcmp(r->reason.data, code) != 0) {
    differ(&x->d, "reason %s, expected %s; ", r->reason.data, code);
  }
  if (e->missing != 0) return;
  uint32_t i = 0;
  for (uint64_t left = e->reasons; left != 0; left &= left - 1, i++) {
    const char *expected = rule_codes[__builtin_ctzll(left)];
    soc_reason reason;
    if (soc_case_reason(x->c, 0, x->row, i, &reason) != SOC_OK) {
      differ(&x->d, "no reason %s; ", expected);
    } else if (strcmp(reason.code.data, expected) != 0) {
      differ(&x->d, "reason %u is %s, expected %s; ", i, reason.code.data, expected);
    }
  }
  if (i != r->reason_count) differ(&x->d, "%u reasons, expected %u; ", r->reason_count, i);
}

static uint64_t fact_bit(const struct r14_vm *vm, soc_fact_ref ref) {
  for (uint32_t i = 0; i < R14_FACTS; i++) {
    if (vm->facts[i] == ref.fact) return R14_BIT(i);
  }
  for (uint32_t i = 0; i < R14_FIELDS; i++) {
    if (vm->fields[i] == ref.fact) return R14_LINE_BIT(ref.row, i);
  }
  return UINT64_C(1) << 63;
}

typedef soc_status list_fn(const soc_case *c, uint32_t decision, uint32_t row, uint32_t index,
                           soc_fact_ref *fact);

static void compare_facts(struct comparison *x, const char *what, list_fn *list, uint32_t count,
                          uint64_t expected) {
  uint64_t seen = 0;
  for (uint32_t i = 0; i < count; i++) {
    soc_fact_ref ref;
    if (list(x->c, 0, x->row, i, &ref) == SOC_OK) seen |= fact_bit(x->vm, ref);
  }
  if (seen != expected) {
    differ(&x->d, "%s %llx, expected %llx; ", what, (unsigned long long)seen,
           (unsigned long long)expected);
  }
}

static void compare(struct comparison *x, const struct r14_result *e) {
  soc_result r;
  if (soc_case_result(x->c, 0, x->row, &r) != SOC_OK) {
    differ(&x->d, "no result; ");
    return;
  }
  if (r.determination != (soc_determination)e->determination) {
    differ(&x->d, "%s, expected %s; ", soc_determination_name(r.determination),
           soc_determination_name((soc_determination)e->determination));
  }
  if (r.possible != e->possible)
    differ(&x->d, "possible %x, expected %x; ", r.possible, e->possible);
  if (r.has_units_allowed != e->has_units || (e->has_units && r.units_allowed != e->units)) {
    differ(&x->d, "units %lld, expected %lld; ", (long long)r.units_allowed, (long long)e->units);
  }
  compare_reasons(x, &r, e);
  compare_facts(x, "missing", soc_case_missing, r.missing_count, e->missing);
  compare_facts(x, "assumed", soc_case_assumed, r.assumed_count, e->assumed);
}

bool r14_vm_agrees(const struct r14_vm *vm, const soc_case *c, uint32_t line_count,
                   const struct r14_result *expected, char *text, size_t size) {
  struct comparison x = {vm, c, 0, {text, size, 0, false}};
  text[0] = '\0';
  bool any = soc_case_rows(c, 0) != line_count;
  for (; x.row < line_count; x.row++) {
    x.d.found = false;
    compare(&x, &expected[x.row]);
    if (x.d.found) differ(&x.d, "(line %u) ", x.row);
    any = any || x.d.found;
  }
  return !any;
}
