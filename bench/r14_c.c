// SPDX-License-Identifier: Apache-2.0
//
// See r14_c.h. A condition is one word: 0 is met, the top bit is not met, anything else is unknown and is the mask of
// the facts that are missing, so that `all of` is an `or` and what is missing comes with the answer. All conditions of
// a line are worked out without asking first whether their rule can still matter; one bit per rule then tells which
// are met and which are open, and the first met one and the open ones before it decide, as the language defines it.
//
// An assumption matters if the answer is another one without it. What is assumed keeps rules from being met, so that
// without it a rule or two of one line would be open, and whether that matters shows in the bits; without the category
// that was assumed for a line, the claim is worked out again.
#include "r14_c.h"

#include "r14_lists.h"

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

enum {
  FIRST_PUBLISHED = 733967,   // 2010-07-15
  FURTHER_PER_DIEMS = 735764, // 2015-06-16
  WASTE_MODIFIER = 736239,    // 2016-10-03
  LATER_PER_DIEM = 738610,    // 2023-04-01
  STUDIES_NEEDED = 2
};
#define ONE INT64_C(1000000)

// ------------------------------------------------------------------ conditions

typedef uint64_t cond;
#define MET UINT64_C(0)
#define NOT_MET (UINT64_C(1) << 63)

INLINE cond yes(bool b) {
  return (cond)!b << 63;
}

INLINE cond no(cond a) {
  return a == MET ? NOT_MET : a == NOT_MET ? MET : a;
}

INLINE cond all(cond a, cond b) {
  cond both = a | b;
  return both >> 63 ? NOT_MET : both;
}

INLINE cond any(cond a, cond b) {
  if (a == MET || b == MET) return MET;
  return (a & b) >> 63 ? NOT_MET : (a | b) & ~NOT_MET;
}

// A number of lines, or what they come to, of which some may or may not count.
struct range {
  int64_t low, high;
  uint64_t missing;
};

INLINE void count(struct range *r, cond c, int64_t amount) {
  if (c >> 63) return;
  r->high += amount;
  r->low += c == MET ? amount : 0;
  r->missing |= c;
}

INLINE cond at_least(struct range r, int64_t n) {
  return r.low >= n ? MET : r.high < n ? NOT_MET : r.missing;
}

// ------------------------------------------------------------------ a claim and its lines

struct line {
  uint32_t groups;     // of its code
  uint32_t categories; // that are possible, as bits
  bool wasted;
  cond drug, blood, transfusion, nutrition, not_necessary;
};

struct claim {
  const struct r14_facts *f;
  cond ub04, cms1500, home_bill, inpatient;
  cond fails_coverage, fails_off_label, not_reviewed; // of any drug
  struct line lines[R14_LINES];
};

// What the rules come to for one line.
struct states {
  uint64_t met, open; // bit per rule
  cond of[R14_RULE_COUNT];
};

INLINE void put(struct states *s, unsigned rule, cond c) {
  s->met |= (uint64_t)(c == MET) << rule;
  s->open |= (uint64_t)(c - 1 < NOT_MET - 1) << rule;
  s->of[rule] = c;
}

#define CATEGORY(name) (1u << CATEGORY_##name)
#define EVERY_CATEGORY ((1u << CATEGORY_COUNT) - 1)

INLINE cond fact(const struct r14_facts *f, enum r14_fact which, bool value) {
  return f->given >> which & 1 ? yes(value) : R14_BIT(which);
}

INLINE bool has(const struct r14_line *l, unsigned field) {
  return (l->given >> field & 1) != 0;
}

static uint32_t groups_by_switch(uint32_t code) {
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic" // ranges of cases
#endif
  switch (code) {
#define X(letter, first, last, groups) \
  case R14_CODE(letter, first)... R14_CODE(letter, last): return groups;
    R14_CODES(X)
#undef X
  default: return 0;
  }
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
}

// The lists are ranges, so the hash is one of the thousand that a code belongs to, and its last three digits are the
// place in there. The multiplier was found by trial; if two thousands shared a slot, the initializer of `thousands`
// would set an element twice and not compile (-Wextra, -Werror).
#define HASH(code) (((code) / 1000u * 0x1dd39049u & 0xffffffffu) >> 28)

static const uint16_t thousands[16] = {
#define X(letter, thousand) \
  [HASH(R14_CODE(letter, (thousand)*1000))] = R14_CODE(letter, (thousand)*1000) / 1000,
    R14_THOUSANDS(X)
#undef X
};

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic" // ranges of elements
#endif
static const uint16_t groups_at[16][1000] = {
#define X(letter, first, last, groups) \
  [HASH(R14_CODE(letter, first))][(first) % 1000 ...(last) % 1000] = groups,
    R14_CODES(X)
#undef X
};
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

static uint32_t groups_by_hash(uint32_t code) {
  uint32_t slot = HASH(code);
  return thousands[slot] == code / 1000 ? groups_at[slot][code % 1000] : 0;
}

bool r14_hash_agrees(uint32_t code) {
  return groups_by_hash(code) == groups_by_switch(code);
}

static uint32_t categories_by_revenue(unsigned revenue) {
  if (revenue - 250 < 10 || revenue - 630 < 10) return CATEGORY(drug);
  if (revenue - 260 < 10) return CATEGORY(infusion_administration);
  if (revenue - 270 < 4 || revenue == 279 || revenue - 290 < 10 || revenue - 623 < 2)
    return CATEGORY(supply_or_equipment);
  if (revenue - 390 < 10) return CATEGORY(blood_product) | CATEGORY(blood_administration);
  return CATEGORY(other);
}

INLINE uint32_t categories_of(const struct r14_line *l, uint32_t groups) {
  if (has(l, R14_CATEGORY)) return 1u << l->category;
  if (groups & PER_DIEM) return CATEGORY(home_per_diem);
  if (groups & INFUSION) return CATEGORY(infusion_administration);
  return categories_by_revenue(l->revenue);
}

// Line `i` at hand, with what it is read from.
struct at {
  const struct claim *c;
  const struct r14_facts *f;
  const struct r14_line *l;
  const struct line *line;
  unsigned i;
};

INLINE struct at at(const struct claim *c, unsigned i) {
  return (struct at){c, c->f, &c->f->lines[i], &c->lines[i], i};
}

INLINE cond category_in(uint32_t categories, unsigned i, uint32_t set) {
  if ((categories & set) == 0) return NOT_MET;
  return (categories & ~set) == 0 ? MET : R14_LINE_BIT(i, R14_CATEGORY);
}

INLINE cond is_for(struct at a, uint32_t set) {
  return category_in(a.line->categories, a.i, set);
}

INLINE bool date_of(const struct r14_facts *f, const struct r14_line *l, int32_t *date) {
  bool own = has(l, R14_OWN_DATE);
  *date = own ? l->date : f->date;
  return own || (f->given >> R14_DATE & 1);
}

INLINE cond on_or_after(const struct r14_facts *f, const struct r14_line *l, int32_t day) {
  int32_t date;
  return date_of(f, l, &date) ? yes(date >= day) : R14_BIT(R14_DATE);
}

INLINE cond same_date(const struct r14_facts *f, const struct r14_line *a,
                      const struct r14_line *b) {
  int32_t x, y;
  bool one = date_of(f, a, &x), other = date_of(f, b, &y);
  return one && other ? yes(x == y) : R14_BIT(R14_DATE);
}

// What all lines of a claim have in common.
INLINE void take_claim(const struct r14_facts *f, struct claim *c) {
  c->f = f;
  c->ub04 = fact(f, R14_FORM, f->form == R14_UB04);
  c->cms1500 = fact(f, R14_FORM, f->form == R14_CMS1500);
  c->home_bill = fact(f, R14_BILL, f->bill == R14_BILL_HOME);
  c->inpatient = all(c->ub04, fact(f, R14_BILL, f->bill == R14_BILL_INPATIENT));
  c->fails_coverage = fact(f, R14_STATUS, f->status == R14_NOT_MET);
  c->not_reviewed = fact(f, R14_STATUS, f->status == R14_NOT_REVIEWED);
  cond supported = any(fact(f, R14_COMPENDIUM, f->compendium),
                       fact(f, R14_STUDIES, f->studies >= STUDIES_NEEDED));
  supported =
      all(supported, all(fact(f, R14_NECESSARY, f->necessary), fact(f, R14_REGIMEN, f->regimen)));
  c->fails_off_label = all(fact(f, R14_STATUS, f->status == R14_NO_POLICY),
                           all(no(fact(f, R14_LABEL, f->label)), no(supported)));
}

// What other lines ask of a line.
INLINE void take_categories(struct claim *c, unsigned i, uint32_t categories) {
  struct line *l = &c->lines[i];
  l->categories = categories;
  l->drug = category_in(categories, i, CATEGORY(drug));
  l->blood = category_in(categories, i, CATEGORY(blood_product) | CATEGORY(blood_administration));
  l->transfusion = category_in(categories, i, CATEGORY(blood_administration));
  l->nutrition = category_in(categories, i, CATEGORY(tpn_or_lipid));
  l->not_necessary = all(l->drug, any(c->fails_coverage, c->fails_off_label));
}

typedef uint32_t groups_fn(uint32_t code);

INLINE void take_line(struct claim *c, unsigned i, groups_fn *groups_of) {
  const struct r14_line *l = &c->f->lines[i];
  c->lines[i].groups = groups_of(l->code);
  c->lines[i].wasted = (l->modifiers & R14_JW) != 0;
  take_categories(c, i, categories_of(l, c->lines[i].groups));
}

// ------------------------------------------------------------------ where it was given

INLINE bool is_facility(unsigned place) {
  const uint64_t places = UINT64_C(1) << 19 | UINT64_C(1) << 21 | UINT64_C(1) << 22 |
                          UINT64_C(1) << 23 | UINT64_C(1) << 24 | UINT64_C(1) << 26 |
                          UINT64_C(1) << 31 | UINT64_C(1) << 34 | UINT64_C(1) << 51 |
                          UINT64_C(1) << 52 | UINT64_C(1) << 53 | UINT64_C(1) << 56 |
                          UINT64_C(1) << 61;
  return place < 64 && (places >> place & 1);
}

struct setting {
  cond facility, office, home;
};

// A place that is known is met or not; else a UB04 tells by its type of bill, and on another form it is asked for.
INLINE struct setting setting_of(struct at a) {
  bool own = has(a.l, R14_OWN_PLACE);
  if (own || (a.f->given >> R14_PLACE & 1)) {
    unsigned place = own ? a.l->place : a.f->place;
    return (struct setting){yes(is_facility(place)), yes(place == 11), yes(place == 12)};
  }
  cond asked = all(no(a.c->ub04), R14_BIT(R14_PLACE));
  return (struct setting){any(all(a.c->ub04, no(a.c->home_bill)), asked), asked,
                          any(all(a.c->ub04, a.c->home_bill), asked)};
}

// ------------------------------------------------------------------ what lines have to do with one another

// Walks up the chain of related lines; one that returns to itself is no claim, but ends.
INLINE cond up_the_chain(struct at a) {
  cond c = NOT_MET;
  int next = a.l->related;
  for (unsigned steps = 0; next >= 0 && steps < a.f->line_count; steps++) {
    c = any(c, a.c->lines[next].not_necessary);
    next = a.f->lines[next].related;
  }
  return c;
}

static cond serves_by_date(struct at a) {
  cond serves =
      is_for(a, CATEGORY(supply_or_equipment) | CATEGORY(nursing_or_administration_charge));
  if (a.l->related >= 0 || serves == NOT_MET) return NOT_MET;
  cond some = NOT_MET, every = MET;
  for (unsigned j = 0; j < a.f->line_count; j++) {
    if (j == a.i) continue;
    cond drug = all(same_date(a.f, a.l, &a.f->lines[j]), a.c->lines[j].drug);
    some = any(some, drug);
    every = all(every, any(no(drug), a.c->lines[j].not_necessary));
  }
  return all(serves, all(some, every));
}

// Lines of the date, this one among them.
struct of_date {
  cond infusion, per_diem, later;
};

INLINE struct of_date lines_of_date(struct at a) {
  struct of_date d = {NOT_MET, NOT_MET, NOT_MET};
  for (unsigned j = 0; j < a.f->line_count; j++) {
    const struct r14_line *l = &a.f->lines[j];
    uint32_t groups = a.c->lines[j].groups;
    if ((groups & (INFUSION | PER_DIEM | LATER)) == 0) continue;
    cond same = same_date(a.f, a.l, l);
    if (groups & INFUSION) d.infusion = any(d.infusion, same);
    if (groups & PER_DIEM) d.per_diem = any(d.per_diem, same);
    if (groups & LATER) d.later = any(d.later, all(same, on_or_after(a.f, l, LATER_PER_DIEM)));
  }
  return d;
}

INLINE cond same_professional(const struct at *a, unsigned j) {
  const struct r14_line *l = &a->f->lines[j];
  uint64_t missing = (has(a->l, R14_NPI) ? 0 : R14_LINE_BIT(a->i, R14_NPI)) |
                     (has(l, R14_NPI) ? 0 : R14_LINE_BIT(j, R14_NPI));
  return missing ? missing : yes(a->l->npi == l->npi);
}

static cond with_injection(struct at a) {
  cond visit = is_for(a, CATEGORY(evaluation_management)), some = NOT_MET;
  for (unsigned j = 0; visit != NOT_MET && j < a.f->line_count; j++) {
    if (j == a.i || !(a.c->lines[j].groups & INJECTION)) continue;
    some = any(some, all(same_date(a.f, a.l, &a.f->lines[j]), same_professional(&a, j)));
  }
  return all(visit, some);
}

// ------------------------------------------------------------------ the rules, in their order

INLINE void plan_rules(struct at a, struct states *s) {
  int32_t date;
  bool dated = date_of(a.f, a.l, &date);
  put(s, R14_RULE_BASIS, dated ? NOT_MET : R14_BIT(R14_DATE));
  put(s, R14_RULE_PLAN_EXCLUDES, yes(a.f->language == R14_EXCLUDES));
  put(s, R14_RULE_PLAN_OVERRIDES, yes(a.f->language == R14_OVERRIDES));
  put(s, R14_RULE_BEFORE_POLICY, dated ? yes(date < FIRST_PUBLISHED) : R14_BIT(R14_DATE));
}

INLINE cond concerns_blood(struct at a) {
  cond related = a.l->related >= 0 ? a.c->lines[a.l->related].blood : NOT_MET;
  return any(a.line->blood, related);
}

INLINE void necessity_rules(struct at a, struct setting in, struct states *s) {
  put(s, R14_RULE_MISMATCH,
      all(all(in.facility, concerns_blood(a)), yes(a.f->mismatch == R14_NOT_BEFORE_ADMISSION)));
  put(s, R14_RULE_COVERAGE_POLICY, all(a.line->drug, a.c->fails_coverage));
  put(s, R14_RULE_OFF_LABEL, all(a.line->drug, a.c->fails_off_label));
  put(s, R14_RULE_REVIEW_PENDING, all(a.line->drug, a.c->not_reviewed));
  put(s, R14_RULE_SERVES_NOT_NECESSARY, any(up_the_chain(a), serves_by_date(a)));
}

INLINE void record_rules(struct at a, struct setting in, struct states *s) {
  put(s, R14_RULE_NO_ORDER, yes(!a.l->order));
  put(s, R14_RULE_NOT_ADMINISTERED,
      yes(!a.l->record || (a.l->administered == 0 && !a.line->wasted)));
  cond required = fact(a.f, R14_PRECERT, a.f->precert);
  cond none = fact(a.f, R14_AUTHORIZATION, !a.f->authorized);
  put(s, R14_RULE_PRECERT_MISSING, all(in.home, all(required, none)));
}

INLINE void facility_rules(struct at a, struct setting in, struct states *s) {
  uint32_t groups = a.line->groups;
  put(s, R14_RULE_PROFESSIONAL_CHARGE,
      all(yes((groups & PROFESSIONAL) != 0), all(in.facility, a.c->cms1500)));
  put(s, R14_RULE_NURSING_CHARGE,
      all(in.facility, is_for(a, CATEGORY(nursing_or_administration_charge))));
  put(s, R14_RULE_PHARMACY_SERVICE,
      all(in.facility, is_for(a, CATEGORY(professional_pharmacy_service))));
  put(s, R14_RULE_BLOOD_COLLECTION, all(in.facility, is_for(a, CATEGORY(blood_collection))));
  put(s, R14_RULE_ALWAYS_BUNDLED, yes((groups & BUNDLED) != 0));
  cond other_reason = no(fact(a.f, R14_PRIMARY_SERVICE, a.f->primary_service == R14_FOR_INFUSION));
  put(s, R14_RULE_INCIDENTAL_SERVICE,
      all(yes((groups & INCIDENTAL) != 0), all(all(in.facility, a.c->ub04), other_reason)));
}

// Any item of its category is paid for, but for amino acids of 15 % and more, where fluids have to be restricted.
INLINE void nutrition_item_rules(struct at a, struct states *s) {
  cond item = is_for(a, CATEGORY(tpn_separate_component));
  bool strong = a.l->drug_name == R14_STRONG_AMINO_ACID;
  put(s, R14_RULE_SEPARATE_NUTRITION, all(item, strong ? fact(a.f, R14_FLUID, a.f->fluid) : MET));
  put(s, R14_RULE_FORMULA_PART,
      any(is_for(a, CATEGORY(tpn_standard_component)), all(item, yes(strong))));
}

INLINE void bundling_rules(struct at a, struct states *s) {
  put(s, R14_RULE_FLUSH, is_for(a, CATEGORY(infusion_flush)));
  put(s, R14_RULE_DILUENT, is_for(a, CATEGORY(admixture_or_diluent)));
  put(s, R14_RULE_IV_INSERTION, is_for(a, CATEGORY(iv_insertion)));
  put(s, R14_RULE_SUPPLY, is_for(a, CATEGORY(supply_or_equipment)));
  cond transfusion = a.line->transfusion;
  put(s, R14_RULE_BLOOD_IMPROVEMENT, all(transfusion, yes(a.l->general_improvement)));
  put(s, R14_RULE_BLOOD_DIALYSIS, all(transfusion, yes(a.l->dialysis)));
  put(s, R14_RULE_BLOOD_INPATIENT, all(transfusion, a.c->inpatient));
}

INLINE void office_and_home_rules(struct at a, struct setting in, struct states *s) {
  struct of_date d = lines_of_date(a);
  put(s, R14_RULE_VASCULAR_ACCESS,
      all(all(in.office, d.infusion), is_for(a, CATEGORY(vascular_access))));
  cond listed = yes((a.line->groups & OFFICE_ITEM) != 0);
  cond material = all(in.office, any(is_for(a, CATEGORY(local_anesthesia)), listed));
  put(s, R14_RULE_OFFICE_PART,
      all(d.infusion, any(is_for(a, CATEGORY(supply_or_equipment)), material)));
  cond service =
      is_for(a, CATEGORY(administrative_service) | CATEGORY(care_coordination) |
                    CATEGORY(supply_or_equipment) | CATEGORY(professional_pharmacy_service));
  cond included = all(service, any(d.per_diem, d.later));
  cond item = yes((a.line->groups & HOME_ITEM) != 0);
  put(s, R14_RULE_HOME_PART, any(included, all(d.per_diem, item)));
}

INLINE void visit_rules(struct at a, struct states *s) {
  cond visit = with_injection(a);
  bool separate = (a.l->modifiers & R14_25) != 0;
  put(s, R14_RULE_VISIT_SEPARATE, all(yes(separate), visit));
  put(s, R14_RULE_VISIT_PART, all(yes(!separate), visit));
}

INLINE bool further_therapy(const struct line *l) {
  return (l->groups & (PER_DIEM | KIT)) == PER_DIEM;
}

INLINE void per_diem_rules(struct at a, struct states *s) {
  bool supportive = a.l->related >= 0 && a.f->lines[a.l->related].supportive;
  put(s, R14_RULE_SUPPORTIVE_PER_DIEM, all(is_for(a, CATEGORY(home_per_diem)), yes(supportive)));
  struct range before = {0, 0, 0};
  if (!further_therapy(a.line)) {
    put(s, R14_RULE_PER_DIEM_MODIFIER, NOT_MET);
    return;
  }
  for (unsigned j = 0; j < a.f->line_count; j++) {
    const struct r14_line *l = &a.f->lines[j];
    if (l->number < a.l->number && further_therapy(&a.c->lines[j])) {
      count(&before, same_date(a.f, a.l, l), 1);
    }
  }
  bool second_right = (a.l->modifiers & (R14_59 | R14_SH)) == (R14_59 | R14_SH);
  bool later_right = (a.l->modifiers & (R14_59 | R14_SJ)) == (R14_59 | R14_SJ);
  cond second = all(all(at_least(before, 1), no(at_least(before, 2))), yes(!second_right));
  cond later = all(at_least(before, 2), yes(!later_right));
  put(s, R14_RULE_PER_DIEM_MODIFIER,
      all(on_or_after(a.f, a.l, FURTHER_PER_DIEMS), any(second, later)));
}

// How much of something was charged on earlier lines of the date.
struct before {
  struct range fees, nutrition;
};

INLINE void transfusion_rule(struct at a, struct states *s, struct before *b) {
  put(s, R14_RULE_TRANSFUSION_LIMIT, NOT_MET);
  if (a.line->transfusion == NOT_MET) return;
  for (unsigned j = 0; j < a.f->line_count; j++) {
    const struct r14_line *l = &a.f->lines[j];
    if (l->number < a.l->number) {
      count(&b->fees, all(same_date(a.f, a.l, l), a.c->lines[j].transfusion), 1);
    }
  }
  cond over = any(at_least(b->fees, 1), yes(a.l->units > ONE));
  put(s, R14_RULE_TRANSFUSION_LIMIT, all(all(a.line->transfusion, no(a.c->inpatient)), over));
}

INLINE cond of_product(struct at a, unsigned j) {
  const struct r14_line *l = &a.f->lines[j];
  if (a.l->code == 0 || l->code != a.l->code) return NOT_MET;
  return all(same_date(a.f, a.l, l), a.c->lines[j].nutrition);
}

// False: the line is not for nutrition.
INLINE bool nutrition_before(struct at a, struct before *b, cond *mixed) {
  *mixed = NOT_MET;
  if (a.line->nutrition == NOT_MET) return false;
  for (unsigned j = 0; j < a.f->line_count; j++) {
    const struct r14_line *l = &a.f->lines[j];
    if (l->number >= a.l->number || l->basis == 0 || a.l->basis == 0) continue;
    cond product = of_product(a, j);
    if (l->basis != a.l->basis) {
      *mixed = any(*mixed, product);
    } else if (l->units >= 0) {
      count(&b->nutrition, product, l->units);
    }
  }
  return true;
}

INLINE bool units_differ(const struct r14_line *l) {
  if (l->units < 0 || l->administered < 0 || l->per_unit < 0) return false;
  return l->units != (l->administered + l->per_unit - 1) / l->per_unit * ONE;
}

INLINE void nutrition_rules(struct at a, struct states *s, struct before *b) {
  cond mixed, nutrition = a.line->nutrition;
  if (!nutrition_before(a, b, &mixed)) {
    put(s, R14_RULE_NUTRITION_BASIS, NOT_MET);
    put(s, R14_RULE_DAILY_NUTRITION, NOT_MET);
    put(s, R14_RULE_HOURLY_NUTRITION, NOT_MET);
    put(s, R14_RULE_NUTRITION_UNITS, NOT_MET);
    return;
  }
  const struct r14_line *l = a.l;
  bool no_basis = l->basis == 0 || (l->basis == R14_PER_UNIT && l->per_unit < 0);
  put(s, R14_RULE_NUTRITION_BASIS, all(nutrition, any(yes(no_basis), mixed)));
  cond over_day = l->units < 0 ? NOT_MET : at_least(b->nutrition, ONE - l->units + 1);
  cond over_hours = l->units < 0 ? NOT_MET : at_least(b->nutrition, 24 * ONE - l->units + 1);
  put(s, R14_RULE_DAILY_NUTRITION, all(nutrition, all(yes(l->basis == R14_PER_DAY), over_day)));
  put(s, R14_RULE_HOURLY_NUTRITION, all(nutrition, all(yes(l->basis == R14_PER_HOUR), over_hours)));
  put(s, R14_RULE_NUTRITION_UNITS,
      all(nutrition, yes(l->basis == R14_PER_UNIT && units_differ(l))));
}

INLINE void detail_rules(struct at a, struct states *s) {
  const struct r14_line *l = a.l;
  bool wasted = a.line->wasted;
  bool dose = l->administered >= 0, rest = l->has_route && l->units >= 0;
  put(s, R14_RULE_DETAIL_MISSING, all(a.line->drug, yes(!wasted && !(dose && rest))));
  put(s, R14_RULE_CODE_MISSING, all(a.line->drug, yes(l->code == 0 && !l->has_ndc)));
  bool whole = l->drug_name != 0 && l->has_description && rest && (dose || wasted);
  put(s, R14_RULE_UNLISTED_DETAIL, yes((a.line->groups & UNLISTED) && !whole));
  put(s, R14_RULE_DRUG_UNITS, all(a.line->drug, yes(!wasted && units_differ(l))));
}

// Of lines with the code of this one: is there one of what was wasted on its date, or one of what was given?
INLINE void waste_beside(struct at a, cond *wasted, bool *given) {
  *wasted = NOT_MET;
  *given = false;
  for (unsigned j = 0; j < a.f->line_count && a.l->code != 0; j++) {
    const struct r14_line *l = &a.f->lines[j];
    if (j == a.i || l->code != a.l->code) continue;
    if (a.c->lines[j].wasted) *wasted = any(*wasted, same_date(a.f, a.l, l));
    *given = *given || !a.c->lines[j].wasted || l->administered > 0;
  }
}

INLINE void waste_rules(struct at a, struct states *s) {
  const struct r14_line *l = a.l;
  cond beside, then = on_or_after(a.f, l, WASTE_MODIFIER);
  bool given_beside, given = l->administered > 0, waste = l->wasted > 0, wasted = a.line->wasted;
  waste_beside(a, &beside, &given_beside);
  bool whole_vial = waste && l->vial >= 0 && l->wasted >= l->vial;
  put(s, R14_RULE_WASTE_REVIEW,
      any(yes(whole_vial), all(then, yes(wasted && !given && !given_beside))));
  put(s, R14_RULE_WASTE_WITHOUT_LINE, all(then, all(yes(waste && !wasted), no(beside))));
  put(s, R14_RULE_GIVEN_AND_WASTED, all(then, yes(wasted && given && waste)));
  put(s, R14_RULE_WASTE_ON_DOSE, all(then, yes(wasted && given && !waste)));
}

static void all_rules(struct at a, struct states *s, struct before *b) {
  struct setting in = setting_of(a);
  *b = (struct before){{0, 0, 0}, {0, 0, 0}};
  s->met = UINT64_C(1) << R14_RULE_OTHERWISE;
  s->open = 0;
  plan_rules(a, s);
  necessity_rules(a, in, s);
  record_rules(a, in, s);
  facility_rules(a, in, s);
  nutrition_item_rules(a, s);
  bundling_rules(a, s);
  office_and_home_rules(a, in, s);
  visit_rules(a, s);
  per_diem_rules(a, s);
  transfusion_rule(a, s, b);
  nutrition_rules(a, s, b);
  detail_rules(a, s);
  waste_rules(a, s);
}

// ------------------------------------------------------------------ from rules to an answer

#define RULE(name) (UINT64_C(1) << R14_RULE_##name)
#define STOPS \
  (RULE(PLAN_EXCLUDES) | RULE(PLAN_OVERRIDES) | RULE(BEFORE_POLICY) | RULE(SEPARATE_NUTRITION))
#define SAYS_NOTHING (RULE(BASIS) | RULE(SEPARATE_NUTRITION) | RULE(OTHERWISE))

static const uint8_t determination_of[R14_RULE_COUNT] = {
#define X(rule, code, determination) R14_##determination,
    R14_RULES(X)
#undef X
};

#define AS(wanted, rule, determination) \
  ((uint64_t)(R14_##determination == (wanted)) << R14_RULE_##rule)
static const uint64_t rules_of[R14_DETERMINATIONS] = {
#define X(rule, code, determination) AS(R14_PEND, rule, determination) |
    [R14_PEND] = R14_RULES(X) 0,
#undef X
#define X(rule, code, determination) AS(R14_ELIGIBLE, rule, determination) |
    [R14_ELIGIBLE] = R14_RULES(X) 0,
#undef X
#define X(rule, code, determination) AS(R14_DENY, rule, determination) |
    [R14_DENY] = R14_RULES(X) 0,
#undef X
#define X(rule, code, determination) AS(R14_NOT_SEPARATE, rule, determination) |
    [R14_NOT_SEPARATE] = R14_RULES(X) 0,
#undef X
#define X(rule, code, determination) AS(R14_RESUBMIT, rule, determination) |
    [R14_RESUBMIT] = R14_RULES(X) 0,
#undef X
#define X(rule, code, determination) AS(R14_NOT_ADDRESSED, rule, determination) |
    [R14_NOT_ADDRESSED] = R14_RULES(X) 0,
#undef X
};

INLINE int64_t not_below_zero(int64_t n) {
  return n < 0 ? 0 : n;
}

// How many units of the line stand, if that is certain.
INLINE void set_units(const struct before *b, struct r14_result *r) {
  int64_t limit = r->rule == R14_RULE_HOURLY_NUTRITION ? 24 * ONE : ONE;
  struct range used = b->nutrition;
  if (r->rule == R14_RULE_TRANSFUSION_LIMIT) {
    used = (struct range){b->fees.low * ONE, b->fees.high * ONE, 0};
  } else if (r->rule != R14_RULE_DAILY_NUTRITION && r->rule != R14_RULE_HOURLY_NUTRITION) {
    return;
  }
  int64_t least = not_below_zero(limit - used.high), most = not_below_zero(limit - used.low);
  r->has_units = least == most;
  r->units = r->has_units ? least : 0;
}

static void pend(const struct states *s, uint64_t open, uint64_t differing, unsigned k,
                 struct r14_result *r) {
  for (unsigned d = 0; d < R14_DETERMINATIONS; d++) {
    r->possible |= (uint16_t)((open & rules_of[d]) ? 1u << d : 0);
  }
  open &= UINT64_MAX >> __builtin_clzll(differing);
  for (; open != 0; open &= open - 1) {
    r->missing |= s->of[__builtin_ctzll(open)];
  }
  r->rule = determination_of[k] == R14_PEND ? (uint8_t)k : R14_RULE_COUNT;
  r->determination = R14_PEND;
  r->reasons = 0;
}

INLINE struct r14_result settle(const struct states *s, const struct before *b) {
  unsigned k = (unsigned)__builtin_ctzll(s->met);
  uint64_t from_k = s->met & ~((UINT64_C(1) << k) - 1), stops = from_k & STOPS;
  uint64_t until = stops ? (stops & -stops) | ((stops & -stops) - 1) : UINT64_MAX;
  struct r14_result r = {.determination = determination_of[k],
                         .rule = (uint8_t)k,
                         .possible = (uint16_t)(1u << determination_of[k]),
                         .reasons = from_k & until & ~SAYS_NOTHING};
  uint64_t open = s->open & ((UINT64_C(1) << k) - 1);
  uint64_t differing = open & ~rules_of[r.determination];
  if (differing == 0) {
    set_units(b, &r);
  } else {
    pend(s, open, differing, k, &r);
  }
  return r;
}

// ------------------------------------------------------------------ assumptions

// Would the answer be another one if `rule`, which is not met, were open?
INLINE bool opening_matters(const struct states *s, unsigned rule) {
  unsigned k = (unsigned)__builtin_ctzll(s->met);
  uint64_t same = rules_of[determination_of[k]];
  uint64_t differing = s->open & ((UINT64_C(1) << k) - 1) & ~same;
  return rule < k && (!(same >> rule & 1) || (differing >> rule) != 0);
}

// `c`: the rule's condition if `assumption` were true; without it the rule is open, if that can be.
INLINE uint64_t assumed_by(const struct states *s, unsigned rule, cond c, uint64_t assumption) {
  return c != NOT_MET && opening_matters(s, rule) ? assumption : 0;
}

INLINE uint64_t assumed_of_line(struct at a, const struct states *s) {
  uint64_t assumed = 0;
  if (!has(a.l, R14_ORDER))
    assumed |= assumed_by(s, R14_RULE_NO_ORDER, MET, R14_LINE_BIT(a.i, R14_ORDER));
  if (!has(a.l, R14_RECORD) && s->of[R14_RULE_NOT_ADMINISTERED] == NOT_MET)
    assumed |= assumed_by(s, R14_RULE_NOT_ADMINISTERED, MET, R14_LINE_BIT(a.i, R14_RECORD));
  if (!has(a.l, R14_PURPOSE))
    assumed |= assumed_by(s, R14_RULE_BLOOD_IMPROVEMENT, a.line->transfusion,
                          R14_LINE_BIT(a.i, R14_PURPOSE));
  if (!has(a.l, R14_DIALYSIS))
    assumed |= assumed_by(s, R14_RULE_BLOOD_DIALYSIS, a.line->transfusion,
                          R14_LINE_BIT(a.i, R14_DIALYSIS));
  if (a.l->related >= 0 && !has(&a.f->lines[a.l->related], R14_ROLE))
    assumed |= assumed_by(s, R14_RULE_SUPPORTIVE_PER_DIEM, is_for(a, CATEGORY(home_per_diem)),
                          R14_LINE_BIT(a.l->related, R14_ROLE));
  return assumed;
}

INLINE uint64_t assumed_of_claim(struct at a, const struct states *s) {
  uint64_t assumed = 0;
  if (!(a.f->given >> R14_LANGUAGE & 1)) {
    bool matters =
        opening_matters(s, R14_RULE_PLAN_EXCLUDES) || opening_matters(s, R14_RULE_PLAN_OVERRIDES);
    assumed |= matters ? R14_BIT(R14_LANGUAGE) : 0;
  }
  if (!(a.f->given >> R14_MISMATCH & 1)) {
    cond of_blood = all(setting_of(a).facility, concerns_blood(a));
    assumed |= assumed_by(s, R14_RULE_MISMATCH, of_blood, R14_BIT(R14_MISMATCH));
  }
  return assumed;
}

INLINE bool same_answer(const struct r14_result *a, const struct r14_result *b) {
  return a->determination == b->determination && a->rule == b->rule && a->reasons == b->reasons &&
         a->possible == b->possible && a->missing == b->missing && a->has_units == b->has_units &&
         a->units == b->units;
}

// Which answers depend on the category that was assumed for line `j`?
static void try_category(struct claim *c, unsigned j, struct r14_result results[R14_LINES]) {
  take_categories(c, j, EVERY_CATEGORY);
  for (unsigned i = 0; i < c->f->line_count; i++) {
    struct states s;
    struct before b;
    all_rules(at(c, i), &s, &b);
    struct r14_result without = settle(&s, &b);
    if (!same_answer(&without, &results[i])) results[i].assumed |= R14_LINE_BIT(j, R14_CATEGORY);
  }
  take_categories(c, j, CATEGORY(other));
}

INLINE bool category_is_assumed(const struct claim *c, unsigned i) {
  return !has(&c->f->lines[i], R14_CATEGORY) && c->lines[i].categories == CATEGORY(other);
}

INLINE void decide(const struct r14_facts *f, groups_fn *groups_of,
                   struct r14_result results[R14_LINES]) {
  struct claim c;
  struct states s;
  struct before b;
  take_claim(f, &c);
  for (unsigned i = 0; i < f->line_count; i++) {
    take_line(&c, i, groups_of);
  }
  for (unsigned i = 0; i < f->line_count; i++) {
    struct at a = at(&c, i);
    all_rules(a, &s, &b);
    results[i] = settle(&s, &b);
    results[i].assumed = assumed_of_claim(a, &s) | assumed_of_line(a, &s);
  }
  for (unsigned i = 0; i < f->line_count; i++) {
    if (category_is_assumed(&c, i)) try_category(&c, i, results);
  }
}

void r14_decide_switch(const struct r14_facts *f, struct r14_result results[R14_LINES]) {
  decide(f, groups_by_switch, results);
}

void r14_decide_hash(const struct r14_facts *f, struct r14_result results[R14_LINES]) {
  decide(f, groups_by_hash, results);
}
