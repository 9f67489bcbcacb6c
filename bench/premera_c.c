// SPDX-License-Identifier: Apache-2.0
//
// See premera_c.h. The full answer sets one bit per rule, met or open, without asking first whether the rule can
// still matter (a misjudged branch costs more than the few operations it saves), and then looks for the first met
// rule and the open ones before it, as the language defines it. The determination alone asks rule by rule.
#include "premera_c.h"

#include "premera_lists.h"

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

enum {
  REVIEW_AGE = 13,
  FIRST_COURSE_DAYS = 90,
  LONG_BREAK_MONTHS = 6,
  LONG_DOSING_DAYS = 180,
  FIRST_REVIEW = 736145,  // 2016-07-01
  FIRST_VERSION = 738579, // 2023-03-01
  LAST_DAY = 3652058      // 9999-12-31
};
#define FAR INT64_C(50000000)
#define LOW_FVC 40000000

// ------------------------------------------------------------------ rules

// The scope rules come first in both decisions.
enum {
  RULE_BASIS, // in front of every decision: open without the date that chooses the version
  RULE_PLAN_EXCLUDES,
  RULE_PLAN_OVERRIDES,
  RULE_LINE_OF_BUSINESS,
  RULE_INPATIENT,
  RULE_CONFLICT,
  RULE_DATE,
  RULE_VERSION,
  RULE_NOT_LISTED,
  RULE_FORM,
  RULE_INDICATION,
  RULE_MIXED,
  RULE_SCOPE_COUNT,
  // site_of_care
  RULE_COMBINATION = RULE_SCOPE_COUNT,
  RULE_AGE,
  RULE_PREFERRED,
  RULE_OTHER_SITE,
  // at a hospital, since the rules before settle every other place
  RULE_INITIAL,
  RULE_REINITIATION,
  RULE_NOTHING_NEAR,
  RULE_HOSPITAL_ONLY,
  RULE_CARDIAC,
  RULE_PULMONARY,
  RULE_RENAL,
  RULE_VASCULAR,
  RULE_COGNITIVE,
  RULE_ADVERSE,
  RULE_SITE_OTHERWISE,
  RULE_SITE_COUNT,
  // drug
  RULE_MET = RULE_SCOPE_COUNT,
  RULE_NOT_MET,
  RULE_DRUG_OTHERWISE,
  RULE_DRUG_COUNT
};

#define BIT(n) (1u << (n))
#define BITS(from, to) (BIT((to) + 1) - BIT(from)) // both included
#define HOSPITAL_RULES BITS(RULE_INITIAL, RULE_ADVERSE)
#define UNLIMITED_RULES BITS(RULE_NOTHING_NEAR, RULE_ADVERSE)

struct decision {
  uint32_t rules[4];                      // by determination
  uint8_t determination[RULE_SITE_COUNT]; // by rule
  uint8_t reason[RULE_SITE_COUNT];        // by rule
  uint32_t need[RULE_SITE_COUNT];         // by rule: facts it is missing if open and they are
};

#define SCOPE_REFER BIT(RULE_PLAN_EXCLUDES)
#define SCOPE_PEND                                                                       \
  (BIT(RULE_BASIS) | BIT(RULE_PLAN_OVERRIDES) | BIT(RULE_CONFLICT) | BIT(RULE_VERSION) | \
   BIT(RULE_MIXED))
#define SCOPE_NOT_APPLICABLE (BITS(0, RULE_MIXED) & ~SCOPE_REFER & ~SCOPE_PEND)

// X(rule, determination, reason, facts)
#define SCOPE_RULES(X)                                                              \
  X(BASIS, PEND, FACT_MISSING, BIT(FACT_DATE))                                      \
  X(PLAN_EXCLUDES, REFER, BENEFIT_PLAN_GOVERNS, 0)                                  \
  X(PLAN_OVERRIDES, PEND, BENEFIT_PLAN_GOVERNS, 0)                                  \
  X(LINE_OF_BUSINESS, NOT_APPLICABLE, NOT_IN_SCOPE_LOB, BIT(FACT_LINE_OF_BUSINESS)) \
  X(INPATIENT, NOT_APPLICABLE, NOT_IN_SCOPE_INPATIENT, BIT(FACT_SITE))              \
  X(CONFLICT, PEND, SITE_CONFLICT, BIT(FACT_SITE))                                  \
  X(DATE, NOT_APPLICABLE, NOT_IN_SCOPE_DATE, BIT(FACT_DATE))                        \
  X(VERSION, PEND, VERSION_NOT_AVAILABLE, BIT(FACT_DATE))                           \
  X(NOT_LISTED, NOT_APPLICABLE, NOT_IN_SCOPE_DRUG, BIT(FACT_CODE) | BIT(FACT_DRUG)) \
  X(FORM, NOT_APPLICABLE, NOT_IN_SCOPE_DRUG, BIT(FACT_ROUTE))                       \
  X(INDICATION, NOT_APPLICABLE, NOT_IN_SCOPE_INDICATION, BIT(FACT_DIAGNOSES))       \
  X(MIXED, PEND, INDICATION_UNCLEAR, BIT(FACT_DIAGNOSES))

#define WINDOW_FACTS (BIT(FACT_START) | BIT(FACT_PREVIOUS) | BIT(FACT_DATE))

#define SITE_RULES(X)                                                               \
  SCOPE_RULES(X)                                                                    \
  X(COMBINATION, NOT_APPLICABLE, NOT_IN_SCOPE_COMBINATION, BIT(FACT_CONCURRENT))    \
  X(AGE, NOT_APPLICABLE, NOT_IN_SCOPE_AGE, BIT(FACT_BIRTH) | BIT(FACT_DATE))        \
  X(PREFERRED, APPROVE, PREFERRED_SITE, BIT(FACT_SITE))                             \
  X(OTHER_SITE, PEND, SITE_NOT_ADDRESSED, BIT(FACT_SITE))                           \
  X(INITIAL, APPROVE, INITIAL_COURSE, WINDOW_FACTS)                                 \
  X(REINITIATION, APPROVE, REINITIATION, WINDOW_FACTS | BIT(FACT_INTERVAL))         \
  X(NOTHING_NEAR, APPROVE, ACCESS_NO_ALTERNATIVE, BIT(FACT_MILES) | BIT(FACT_HOME)) \
  X(HOSPITAL_ONLY, APPROVE, ACCESS_HOSPITAL_ONLY, BIT(FACT_HOSPITAL_ONLY))          \
  X(CARDIAC, APPROVE, CLINICAL_CARDIAC, BIT(FACT_CARDIAC))                          \
  X(PULMONARY, APPROVE, CLINICAL_PULMONARY, BIT(FACT_PULMONARY) | BIT(FACT_FVC))    \
  X(RENAL, APPROVE, CLINICAL_RENAL, BIT(FACT_RENAL))                                \
  X(VASCULAR, APPROVE, CLINICAL_VASCULAR, BIT(FACT_VASCULAR))                       \
  X(COGNITIVE, APPROVE, CLINICAL_COGNITIVE, BIT(FACT_COGNITIVE))                    \
  X(ADVERSE, APPROVE, CLINICAL_ADVERSE_REACTION, BIT(FACT_EVENTS))                  \
  X(SITE_OTHERWISE, REFER, SITE_CRITERIA_NOT_MET, 0)

#define DRUG_RULES(X)                                        \
  SCOPE_RULES(X)                                             \
  X(MET, APPROVE, DRUG_CRITERIA_MET, BIT(FACT_STATUS))       \
  X(NOT_MET, REFER, DRUG_CRITERIA_NOT_MET, BIT(FACT_STATUS)) \
  X(DRUG_OTHERWISE, PEND, DRUG_REVIEW_PENDING, 0)

#define AS_DETERMINATION(rule, d, r, facts) [RULE_##rule] = DECIDE_##d,
#define AS_REASON(rule, d, r, facts) [RULE_##rule] = REASON_##r,
#define AS_NEED(rule, d, r, facts) [RULE_##rule] = (facts),

static const struct decision site_decision = {
    {HOSPITAL_RULES | BIT(RULE_PREFERRED), SCOPE_REFER | BIT(RULE_SITE_OTHERWISE),
     SCOPE_PEND | BIT(RULE_OTHER_SITE),
     SCOPE_NOT_APPLICABLE | BIT(RULE_COMBINATION) | BIT(RULE_AGE)},
    {SITE_RULES(AS_DETERMINATION)},
    {SITE_RULES(AS_REASON)},
    {SITE_RULES(AS_NEED)},
};

static const struct decision drug_decision = {
    {BIT(RULE_MET), SCOPE_REFER | BIT(RULE_NOT_MET), SCOPE_PEND | BIT(RULE_DRUG_OTHERWISE),
     SCOPE_NOT_APPLICABLE},
    {DRUG_RULES(AS_DETERMINATION)},
    {DRUG_RULES(AS_REASON)},
    {DRUG_RULES(AS_NEED)},
};

// ------------------------------------------------------------------ codes

#define DIGIT(ch) ((ch) <= '9' ? (uint64_t)((ch) - '0') + 1 : (uint64_t)((ch) - 'A') + 11)
#define POW7 \
  UINT64_C(163840000000) // 40^7: what the seven empty places of a five character code weigh
#define POW9 (POW7 * 1600)
#define FIRST3(a, b, c) ((DIGIT(a) * 40 + DIGIT(b)) * 40 + DIGIT(c))
#define PACK3(a, b, c) (FIRST3(a, b, c) * POW9)
#define PACK5(a, b, c, d, e) (((FIRST3(a, b, c) * 40 + DIGIT(d)) * 40 + DIGIT(e)) * POW7)

uint64_t premera_pack(const char *text) {
  uint64_t value = 0;
  for (int i = 0; i < 12; i++) {
    value = value * 40 + (*text != '\0' ? DIGIT(*text) : 0);
    text += *text != '\0';
  }
  return value;
}

static uint32_t groups_by_switch(uint64_t code) {
  switch (code) {
#define X(a, b, c, d, e, groups) \
  case PACK5(a, b, c, d, e): return LISTED | (groups);
    PREMERA_CODES(X)
#undef X
  default: return 0;
  }
}

// A multiplier that gives each code a slot of its own, found by trial; if two shared one, the initializer below
// would set an element twice and not compile (-Wextra, -Werror). A packed code of five characters is a multiple of
// 2^21, so that its groups fit into the same word.
#define HASH(code) ((code)*UINT64_C(0xc3390b571808ff61) >> 56)
#define GROUPS UINT64_C(0x1fffff)

static const uint64_t code_table[256] = {
#define X(a, b, c, d, e, groups) \
  [HASH(PACK5(a, b, c, d, e))] = PACK5(a, b, c, d, e) | LISTED | (groups),
    PREMERA_CODES(X)
#undef X
};

INLINE uint32_t groups_by_hash(uint64_t code) {
  uint64_t entry = code_table[HASH(code)];
  return (entry & ~GROUPS) == code ? (uint32_t)(entry & GROUPS) : 0;
}

static const uint8_t brand_groups[] = {0,
#define X(name, groups) LISTED | (groups),
                                       PREMERA_BRANDS(X)
#undef X
};

// By the first three characters, of which the ranges run over digits: D3A lies outside D37..D49.
INLINE bool oncologic(uint64_t code) {
  uint64_t first3 = code / POW9;
  if (first3 % 40 > DIGIT('9')) {
    return first3 == FIRST3('C', '4', 'A') || first3 == FIRST3('C', '7', 'A') ||
           first3 == FIRST3('C', '7', 'B');
  }
  return (first3 >= FIRST3('C', '0', '0') && first3 <= FIRST3('C', '9', '6')) ||
         (first3 >= FIRST3('D', '0', '0') && first3 <= FIRST3('D', '0', '9')) ||
         (first3 >= FIRST3('D', '3', '7') && first3 <= FIRST3('D', '4', '9'));
}

// ------------------------------------------------------------------ dates

struct civil {
  int32_t year, month, day; // the year begins on 1 March: month 0 is March
};

static struct civil civil_of(int32_t days) {
  int32_t n = days + 306; // days since 1 March of year 0
  int32_t era = n / 146097, in_era = n % 146097;
  int32_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
  int32_t in_year = in_era - (365 * year + year / 4 - year / 100);
  int32_t month = (5 * in_year + 2) / 153;
  return (struct civil){era * 400 + year, month, in_year - (153 * month + 2) / 5 + 1};
}

static int32_t days_of(struct civil c) {
  return c.year * 365 + c.year / 4 - c.year / 100 + c.year / 400 + (153 * c.month + 2) / 5 + c.day -
         1 - 306;
}

static int32_t days_in_month(int32_t year, int32_t month) {
  static const int8_t length[12] = {31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28};
  int32_t calendar = year + 1; // January and February belong to the next calendar year
  bool leap = calendar % 4 == 0 && (calendar % 100 != 0 || calendar % 400 == 0);
  return length[month] + (month == 11 && leap);
}

static int32_t add_months(int32_t days, int32_t months) {
  struct civil c = civil_of(days);
  c.year += (c.month + months) / 12;
  c.month = (c.month + months) % 12;
  int32_t length = days_in_month(c.year, c.month);
  c.day = c.day < length ? c.day : length;
  return days_of(c);
}

// 13 years are at least 4,747 days and at most 4,749: only between is the calendar needed. Who is born on
// 29 February (the last day of a year that begins in March) completes the year on 1 March in common years, which
// is where the days of the next year begin.
static bool under_age_close(int32_t birth, int32_t date) {
  struct civil c = civil_of(birth);
  c.year += REVIEW_AGE;
  return date < days_of(c);
}
INLINE bool under_age(int32_t birth, int32_t date) {
  int32_t lived = date - birth;
  if (lived < 4747) return true;
  return lived < 4749 && under_age_close(birth, date);
}

// Six months are 181 to 184 days.
INLINE bool after_long_break(int32_t previous, int32_t start) {
  int32_t gap = start - previous;
  if (gap >= 184) return true;
  return gap >= 181 && start >= add_months(previous, LONG_BREAK_MONTHS);
}

INLINE bool in_first_course(int32_t start, int32_t date) {
  return (uint32_t)(date - start) < FIRST_COURSE_DAYS;
}

// ------------------------------------------------------------------ conditions

struct states {
  uint32_t met, open; // bit per rule
};

INLINE void set(struct states *s, unsigned rule, bool met, bool open) {
  s->met |= (uint32_t)met << rule;
  s->open |= (uint32_t)open << rule;
}

INLINE bool given(const struct premera_facts *f, enum premera_fact fact) {
  return (f->given >> fact & 1) != 0;
}

INLINE bool none(const struct premera_facts *f, enum premera_fact fact) {
  return (f->none >> fact & 1) != 0;
}

INLINE bool absent(const struct premera_facts *f, enum premera_fact fact) {
  return ((f->given | f->none) >> fact & 1) == 0;
}

#define SITE(name) BIT(SITE_##name)
#define ALL_SITES (BIT(SITE_COUNT) - 1)
#define PREFERRED_SITES (SITE(OFFICE) | SITE(INFUSION_CENTER) | SITE(HOME))
#define HOSPITAL_SITES (SITE(HOSPITAL) | SITE(HOSPITAL_SUITE))

// The sites that the place of service leaves possible; 0 stands for all.
static const uint8_t place_sites[101] = {
    [1] = SITE(PHARMACY),
    [11] = SITE(OFFICE) | SITE(INFUSION_CENTER),
    [12] = SITE(HOME),
    [19] = SITE(HOSPITAL),
    [21] = SITE(INPATIENT),
    [22] = SITE(HOSPITAL),
    [23] = SITE(HOSPITAL),
    [24] = SITE(SURGERY_CENTER) | SITE(INFUSION_CENTER),
    [49] = SITE(INFUSION_CENTER),
    [51] = SITE(INPATIENT),
    [61] = SITE(INPATIENT),
};

INLINE uint32_t site_candidates(const struct premera_facts *f) {
  if (given(f, FACT_SITE)) return BIT(f->site);
  uint32_t sites = given(f, FACT_PLACE) ? place_sites[f->place] : 0;
  return sites != 0 ? sites : ALL_SITES;
}

INLINE bool all_in(uint32_t candidates, uint32_t sites) {
  return (candidates & ~sites) == 0;
}
INLINE bool some_in(uint32_t candidates, uint32_t sites) {
  return (candidates & sites) != 0;
}

INLINE bool inpatient_bill(const struct premera_facts *f) {
  return f->bill >= PACK3('0', '1', '1') && f->bill < PACK3('0', '1', '3');
}

INLINE void plan_rules(const struct premera_facts *f, struct states *s) {
  set(s, RULE_PLAN_EXCLUDES, f->language == LANGUAGE_EXCLUDES, false);
  set(s, RULE_PLAN_OVERRIDES, f->language == LANGUAGE_OVERRIDES, false);
  set(s, RULE_LINE_OF_BUSINESS, f->line_of_business == BUSINESS_MEDICARE_ADVANTAGE,
      !given(f, FACT_LINE_OF_BUSINESS));
}

INLINE void inpatient_rules(const struct premera_facts *f, uint32_t sites, struct states *s) {
  bool bill = inpatient_bill(f);
  bool by_bill = bill && !given(f, FACT_SITE) && !given(f, FACT_PLACE);
  bool sure = sites == SITE(INPATIENT), possible = some_in(sites, SITE(INPATIENT));
  set(s, RULE_INPATIENT, sure || by_bill, possible && !sure && !by_bill);
  set(s, RULE_CONFLICT, bill && !possible, bill && possible && !sure);
}

INLINE void date_rules(const struct premera_facts *f, struct states *s) {
  bool known = given(f, FACT_DATE);
  set(s, RULE_BASIS, false, !known);
  set(s, RULE_DATE, known && f->date < FIRST_REVIEW, !known);
  set(s, RULE_VERSION, known && f->date < FIRST_VERSION, !known);
}

struct drug {
  uint32_t code, brand; // groups
  bool identity_missing, nothing_known;
};

INLINE struct drug drug_of(const struct premera_facts *f, uint32_t code_groups) {
  return (struct drug){.code = code_groups,
                       .brand = brand_groups[f->brand],
                       .identity_missing = (code_groups & SEVERAL) != 0 && !given(f, FACT_DRUG),
                       .nothing_known = (f->given & (BIT(FACT_CODE) | BIT(FACT_DRUG))) == 0};
}

INLINE void list_rules(const struct premera_facts *f, struct drug d, struct states *s) {
  bool listed = (d.code & (LISTED | SEVERAL)) == LISTED || (d.brand & LISTED) != 0;
  bool open = !listed && (!given(f, FACT_CODE) || d.identity_missing);
  set(s, RULE_NOT_LISTED, !listed && !open, open);
  bool asked = (d.code & ROUTE_ASKED) != 0, known = given(f, FACT_ROUTE);
  bool restricted = ((d.code | d.brand) & IV_FORM) != 0;
  set(s, RULE_FORM, known && f->route != ROUTE_INTRAVENOUS && (restricted || asked),
      !known && asked);
}

static unsigned oncologic_count(const struct premera_facts *f) {
  unsigned count = 0;
  for (unsigned i = 0; i < f->diagnosis_count; i++) {
    count += oncologic(f->diagnoses[i]);
  }
  return count;
}

INLINE void rituximab_rules(const struct premera_facts *f, struct drug d, struct states *s) {
  bool rituximab = ((d.code | d.brand) & RITUXIMAB) != 0;
  if (!rituximab && !d.nothing_known) return;
  bool known = given(f, FACT_DIAGNOSES);
  unsigned count = oncologic_count(f);
  bool oncologic_use = count > 0 && count == f->diagnosis_count;
  bool mixed_use = count > 0 && !oncologic_use;
  set(s, RULE_INDICATION, rituximab && oncologic_use, !known || (!rituximab && oncologic_use));
  set(s, RULE_MIXED, rituximab && mixed_use, !known || (!rituximab && mixed_use));
}

INLINE void exempt_rules(const struct premera_facts *f, struct drug d, struct states *s) {
  bool checkpoint = ((d.code | d.brand) & CHECKPOINT) != 0;
  bool others = f->concurrent_count > 0, others_open = !given(f, FACT_CONCURRENT);
  set(s, RULE_COMBINATION, checkpoint && others,
      ((checkpoint || d.nothing_known) && others_open) || (d.nothing_known && others));
  bool known = given(f, FACT_BIRTH) && given(f, FACT_DATE);
  set(s, RULE_AGE, known && under_age(f->birth, f->date), !known);
}

INLINE void place_rules(uint32_t sites, struct states *s) {
  bool preferred = all_in(sites, PREFERRED_SITES), hospital = some_in(sites, HOSPITAL_SITES);
  set(s, RULE_PREFERRED, preferred, !preferred && some_in(sites, PREFERRED_SITES));
  set(s, RULE_OTHER_SITE, !hospital, hospital && !all_in(sites, HOSPITAL_SITES));
}

INLINE void course_rules(const struct premera_facts *f, struct states *s) {
  bool start = given(f, FACT_START), date = given(f, FACT_DATE);
  bool unasked = absent(f, FACT_PREVIOUS), fresh = none(f, FACT_PREVIOUS);
  bool window_open = !start || !date;
  bool window = !window_open && in_first_course(f->start, f->date);
  bool window_live = window || window_open;
  set(s, RULE_INITIAL, fresh && window,
      (fresh || unasked) && window_live && (unasked || window_open));
  bool gap_open = !fresh && (!start || unasked);
  bool gap = !fresh && !gap_open && after_long_break(f->previous, f->start);
  bool dosing_open = !given(f, FACT_INTERVAL);
  bool dosing = !dosing_open && f->interval_days < LONG_DOSING_DAYS;
  set(s, RULE_REINITIATION, gap && window && dosing,
      (gap || gap_open) && window_live && (dosing || dosing_open) &&
          (gap_open || window_open || dosing_open));
}

INLINE void access_rules(const struct premera_facts *f, struct states *s) {
  bool far = none(f, FACT_MILES) || f->miles > FAR, far_open = absent(f, FACT_MILES);
  bool home_open = !given(f, FACT_HOME), no_home = !home_open && !f->home;
  set(s, RULE_NOTHING_NEAR, far && no_home,
      (far || far_open) && (no_home || home_open) && (far_open || home_open));
  set(s, RULE_HOSPITAL_ONLY, f->hospital_only, !given(f, FACT_HOSPITAL_ONLY));
}

INLINE void condition_rules(const struct premera_facts *f, struct states *s) {
  set(s, RULE_CARDIAC, f->cardiac, !given(f, FACT_CARDIAC));
  bool lung = f->pulmonary || (given(f, FACT_FVC) && f->fvc <= LOW_FVC);
  set(s, RULE_PULMONARY, lung, !lung && (!given(f, FACT_PULMONARY) || absent(f, FACT_FVC)));
  set(s, RULE_RENAL, f->renal, !given(f, FACT_RENAL));
  set(s, RULE_VASCULAR, f->vascular != VESSELS_ADEQUATE, !given(f, FACT_VASCULAR));
  set(s, RULE_COGNITIVE, f->cognitive, !given(f, FACT_COGNITIVE));
}

// One past event: is it a ground, and if that is open, the fields (bits) that keep it open.
struct event_state {
  bool met;
  uint8_t missing;
};

INLINE struct event_state event_state(const struct premera_event *e) {
  uint32_t unknown = ~(uint32_t)e->given;
  bool grave = ((e->given >> EVENT_SEVERITY & 1) && e->field[EVENT_SEVERITY] >= SEVERITY_SEVERE) ||
               ((e->given >> EVENT_KIND & 1) && e->field[EVENT_KIND] == KIND_ANAPHYLAXIS);
  uint32_t grave_missing = grave ? 0 : unknown & (BIT(EVENT_SEVERITY) | BIT(EVENT_KIND));
  uint32_t relation_missing = unknown & BIT(EVENT_RELATION);
  bool related = relation_missing == 0 && e->field[EVENT_RELATION] <= RELATION_SIMILAR;
  bool dead = (!related && relation_missing == 0) || (!grave && grave_missing == 0);
  uint32_t missing = dead ? 0 : grave_missing | relation_missing;
  return (struct event_state){related && grave, (uint8_t)missing};
}

INLINE void adverse_rule(const struct premera_facts *f, struct states *s) {
  bool met = false, open = !given(f, FACT_EVENTS);
  for (unsigned i = 0; i < f->event_count; i++) {
    struct event_state e = event_state(&f->events[i]);
    met = met || e.met;
    open = open || e.missing != 0;
  }
  set(s, RULE_ADVERSE, met, !met && open);
}

// ------------------------------------------------------------------ the full answer

static uint64_t missing_events(const struct premera_facts *f) {
  uint64_t missing = 0;
  for (unsigned i = 0; i < f->event_count; i++) {
    missing |= (uint64_t)event_state(&f->events[i]).missing << MISSING_EVENT(i, 0);
  }
  return missing;
}

// Facts that the rules `open` are missing.
static uint64_t missing_of(const struct decision *d, const struct premera_facts *f, uint32_t open) {
  uint32_t need = 0;
  for (uint32_t left = open; left != 0; left &= left - 1) {
    need |= d->need[__builtin_ctz(left)];
  }
  uint64_t missing = need & ~(f->given | f->none);
  if (need & BIT(FACT_EVENTS)) missing |= missing_events(f);
  return missing;
}

INLINE uint8_t pend_reason(const struct decision *d, uint32_t open, unsigned k, bool unidentified) {
  if (unidentified && (open & BIT(RULE_NOT_LISTED))) return REASON_DRUG_IDENTITY_MISSING;
  if (d == &site_decision && (open & BIT(RULE_PREFERRED))) return REASON_FACT_MISSING;
  return d->determination[k] == DECIDE_PEND ? d->reason[k] : REASON_FACT_MISSING;
}

// Finds the deciding rule; true if no missing fact can change the answer.
INLINE bool settle(const struct decision *d, const struct premera_facts *f, struct states s,
                   bool unidentified, struct premera_outcome *out) {
  unsigned k = (unsigned)__builtin_ctz(s.met);
  unsigned determination = d->determination[k];
  uint32_t open = s.open & (BIT(k) - 1), differing = open & ~d->rules[determination];
  *out = (struct premera_outcome){.determination = (uint8_t)determination,
                                  .reason = d->reason[k],
                                  .reasons = BIT(d->reason[k]),
                                  .possible = (uint8_t)BIT(determination),
                                  .assumed_language = !given(f, FACT_LANGUAGE)};
  if (differing == 0) return true;
  for (unsigned i = 0; i < 4; i++) {
    out->possible |= (uint8_t)((open & d->rules[i]) ? BIT(i) : 0);
  }
  open &= (BIT(31 - __builtin_clz(differing)) << 1) - 1;
  out->determination = DECIDE_PEND;
  out->reason = pend_reason(d, open, k, unidentified);
  out->reasons = BIT(out->reason);
  out->missing = missing_of(d, f, open);
  return false;
}

// The longest approval decides; the others that hold are listed.
INLINE void approve_hospital(const struct premera_facts *f, uint32_t met,
                             struct premera_outcome *out) {
  uint32_t rules = met & HOSPITAL_RULES, unlimited = met & UNLIMITED_RULES;
  unsigned k = (unsigned)__builtin_ctz(unlimited != 0 ? unlimited : rules);
  out->reason = site_decision.reason[k];
  out->reasons = rules >> RULE_INITIAL << REASON_INITIAL_COURSE;
  out->has_through = unlimited == 0;
  if (out->has_through) {
    int32_t through = f->start + FIRST_COURSE_DAYS - 1;
    out->through = through < LAST_DAY ? through : LAST_DAY;
  }
}

INLINE void decide_drug(const struct premera_facts *f, struct states s, bool unidentified,
                        struct premera_outcome *out) {
  bool known = given(f, FACT_STATUS);
  set(&s, RULE_MET, known && f->status == STATUS_MET, !known);
  set(&s, RULE_NOT_MET, known && f->status == STATUS_NOT_MET, !known);
  set(&s, RULE_DRUG_OTHERWISE, true, false);
  (void)settle(&drug_decision, f, s, unidentified, out);
}

INLINE void decide_site(const struct premera_facts *f, struct states s, uint32_t sites,
                        struct drug drug, struct premera_outcome *out) {
  exempt_rules(f, drug, &s);
  place_rules(sites, &s);
  course_rules(f, &s);
  access_rules(f, &s);
  condition_rules(f, &s);
  adverse_rule(f, &s);
  set(&s, RULE_SITE_OTHERWISE, true, false);
  bool certain = settle(&site_decision, f, s, drug.identity_missing, out);
  if (certain && (out->reasons >> REASON_INITIAL_COURSE & (HOSPITAL_RULES >> RULE_INITIAL))) {
    approve_hospital(f, s.met, out);
  }
}

INLINE void decide(const struct premera_facts *f, uint32_t code_groups,
                   struct premera_result *result) {
  struct states s = {0, 0};
  uint32_t sites = site_candidates(f);
  struct drug drug = drug_of(f, code_groups);
  plan_rules(f, &s);
  inpatient_rules(f, sites, &s);
  date_rules(f, &s);
  list_rules(f, drug, &s);
  rituximab_rules(f, drug, &s);
  decide_drug(f, s, drug.identity_missing, &result->drug);
  decide_site(f, s, sites, drug, &result->site);
}

void premera_decide_switch(const struct premera_facts *f, struct premera_result *result) {
  decide(f, groups_by_switch(f->code), result);
}

void premera_decide_hash(const struct premera_facts *f, struct premera_result *result) {
  decide(f, groups_by_hash(f->code), result);
}

// ------------------------------------------------------------------ the determinations alone

enum { GOING_ON = 4 }; // beside premera_determination: later rules decide

// What the first `count` rules come to.
INLINE uint8_t first_of(struct states s, const struct decision *d, unsigned count) {
  uint32_t rules = BIT(count) - 1, open = s.open & rules;
  if ((s.met & rules) == 0) return (open & d->rules[DECIDE_PEND]) ? DECIDE_PEND : GOING_ON;
  unsigned k = (unsigned)__builtin_ctz(s.met);
  open &= BIT(k) - 1;
  return (open & ~d->rules[d->determination[k]]) ? DECIDE_PEND : d->determination[k];
}

INLINE uint8_t determine_drug(const struct premera_facts *f, struct states s) {
  if (!given(f, FACT_STATUS) || s.open != 0) return DECIDE_PEND;
  if (f->status == STATUS_MET) return DECIDE_APPROVE;
  return f->status == STATUS_NOT_MET ? DECIDE_REFER : DECIDE_PEND;
}

static uint8_t determine_hospital(const struct premera_facts *f) {
  struct states s = {0, 0};
  condition_rules(f, &s);
  access_rules(f, &s);
  if (s.met != 0) return DECIDE_APPROVE;
  course_rules(f, &s);
  if (s.met != 0) return DECIDE_APPROVE;
  adverse_rule(f, &s);
  if (s.met != 0) return DECIDE_APPROVE;
  return s.open != 0 ? DECIDE_PEND : DECIDE_REFER;
}

// `s` holds the scope rules, none of which is met.
static uint8_t determine_site(const struct premera_facts *f, struct states s, struct drug drug,
                              uint32_t sites) {
  exempt_rules(f, drug, &s);
  uint8_t early = first_of(s, &site_decision, RULE_PREFERRED);
  if (early != GOING_ON) return early;
  if (s.open != 0) return DECIDE_PEND; // nothing from here on says not applicable
  if (all_in(sites, PREFERRED_SITES)) return DECIDE_APPROVE;
  return all_in(sites, HOSPITAL_SITES) ? determine_hospital(f) : DECIDE_PEND;
}

struct premera_determinations premera_determine(const struct premera_facts *f) {
  struct states s = {0, 0};
  uint32_t sites = site_candidates(f);
  plan_rules(f, &s);
  inpatient_rules(f, sites, &s);
  date_rules(f, &s);
  uint8_t early = first_of(s, &site_decision, RULE_NOT_LISTED);
  if (early != GOING_ON) return (struct premera_determinations){early, early};
  struct drug drug = drug_of(f, groups_by_switch(f->code));
  list_rules(f, drug, &s);
  rituximab_rules(f, drug, &s);
  early = first_of(s, &site_decision, RULE_SCOPE_COUNT);
  if (early != GOING_ON) return (struct premera_determinations){early, early};
  return (struct premera_determinations){determine_site(f, s, drug, sites), determine_drug(f, s)};
}
