// SPDX-License-Identifier: Apache-2.0
//
// See cases.h. Each draw_ function fills one group of facts; `leave_out` then takes facts away.
#include "cases.h"

#include <stdio.h>
#include <string.h>

#include "draw.h"
#include "premera_lists.h"

// ------------------------------------------------------------------ dates

enum {
  DAY_2024_12_05 = 739224,
  DAY_1940_01_01 = 708204,
  YEAR_DAYS_4 = 1461,
  THIRTEEN_YEARS = 4748
};

static const int32_t boundary_dates[] = {736144, 736145, 738578, 738579, 739223, 739224};

static void give(struct bench_case *c, enum premera_fact fact) {
  c->facts.given |= 1u << fact;
}

static void draw_dates(struct draw *d, struct bench_case *c) {
  struct premera_facts *f = &c->facts;
  f->date =
      chance(d, 4) ? PICK(d, boundary_dates) : between(d, DAY_2024_12_05, DAY_2024_12_05 + 450);
  give(c, FACT_DATE);
  if (chance(d, 8)) {
    f->birth = f->date - THIRTEEN_YEARS + between(d, -3, 3);
  } else if (chance(d, 5)) {
    f->birth = f->date - between(d, 0, 18 * 365);
  } else {
    f->birth = between(d, DAY_1940_01_01, DAY_1940_01_01 + 16 * YEAR_DAYS_4);
  }
  give(c, FACT_BIRTH);
}

static void draw_course(struct draw *d, struct bench_case *c) {
  static const int32_t edges[] = {-1, 0, 1, 88, 89, 90, 91};
  static const int32_t intervals[] = {7, 14, 21, 28, 42, 56, 84, 168, 179, 180, 181, 365};
  struct premera_facts *f = &c->facts;
  f->start = f->date - (chance(d, 20) ? PICK(d, edges) : between(d, 0, 900));
  give(c, FACT_START);
  f->interval_days = PICK(d, intervals);
  give(c, FACT_INTERVAL);
  if (chance(d, 45)) {
    f->none |= 1u << FACT_PREVIOUS;
    return;
  }
  f->previous = f->start - (chance(d, 30) ? between(d, 180, 185) : between(d, 10, 900));
  give(c, FACT_PREVIOUS);
}

// ------------------------------------------------------------------ the request

static void draw_member(struct draw *d, struct bench_case *c) {
  if (chance(d, 12)) { // otherwise the plan's language is left out, as it mostly is
    c->facts.language = chance(d, 60) ? LANGUAGE_SILENT : (uint8_t)between(d, 1, 2);
    give(c, FACT_LANGUAGE);
  }
  c->facts.line_of_business =
      chance(d, 85) ? BUSINESS_COMMERCIAL : (uint8_t)below(d, BUSINESS_COUNT);
  give(c, FACT_LINE_OF_BUSINESS);
}

static const char *const listed_codes[] = {
#define X(a, b, c, d, e, groups) (const char[]){a, b, c, d, e, 0},
    PREMERA_CODES(X)
#undef X
};
static const char *const special_codes[] = {"J0256", "J1566", "J1599", "J1602", "J1747",
                                            "J2327", "J3247", "J3358", "Q5133", "J9312",
                                            "Q5115", "Q5119", "Q5123", "J9271", "J9299"};
static const char *const other_codes[] = {"J2507", "J3590", "J1562", "90281", "90285",
                                          "96365", "J0897", "J9305", "A0000", "Z9999"};
static const char *const brands[] = {
#define X(name, groups) name,
    PREMERA_BRANDS(X)
#undef X
};
static const char *const other_brands[] = {"Krystexxa", "Yimmugo", "Riabni", "Stelara SC",
                                           "Prolia"};

static void draw_brand(struct draw *d, struct bench_case *c) {
  enum { BRANDS = sizeof brands / sizeof *brands };
  give(c, FACT_DRUG);
  if (chance(d, 12)) {
    (void)snprintf(c->drug, sizeof c->drug, "%s", PICK(d, other_brands));
    return;
  }
  uint32_t i =
      chance(d, 15) ? (uint32_t)between(d, 29, 36) : below(d, BRANDS); // 29 to 36: with limits
  c->facts.brand = (uint16_t)(i + 1);
  (void)snprintf(c->drug, sizeof c->drug, "%s", brands[i]);
  for (char *p = c->drug; chance(d, 90) && *p != '\0'; p++) { // folded by the VM when it is set
    if (*p >= 'a' && *p <= 'z') *p = (char)(*p - 'a' + 'A');
  }
}

static void draw_drug(struct draw *d, struct bench_case *c) {
  const char *code = PICK(d, listed_codes);
  if (chance(d, 25)) code = PICK(d, special_codes);
  if (chance(d, 10)) code = PICK(d, other_codes);
  memcpy(c->code, code, sizeof c->code);
  c->facts.code = premera_pack(code);
  give(c, FACT_CODE);
  draw_brand(d, c);
  c->facts.route = chance(d, 85) ? ROUTE_INTRAVENOUS : (uint8_t)below(d, ROUTE_COUNT);
  give(c, FACT_ROUTE);
  c->facts.status = chance(d, 80) ? STATUS_MET : (uint8_t)below(d, STATUS_COUNT);
  give(c, FACT_STATUS);
}

static void draw_place(struct draw *d, struct bench_case *c) {
  static const char *const places[] = {"22", "22", "22", "22", "22", "22", "19", "19", "19", "11",
                                       "11", "12", "24", "49", "21", "23", "01", "51", "61", "99"};
  static const char *const bills[] = {"0131", "0131", "0131", "0831",
                                      "0111", "0121", "0130", "0110"};
  struct premera_facts *f = &c->facts;
  memcpy(c->place, PICK(d, places), sizeof c->place);
  f->place = (uint8_t)((c->place[0] - '0') * 10 + (c->place[1] - '0'));
  give(c, FACT_PLACE);
  if (chance(d, 30)) {
    f->site = chance(d, 60) ? SITE_HOSPITAL : (uint8_t)below(d, SITE_COUNT);
    give(c, FACT_SITE);
  }
  if (chance(d, 25)) {
    memcpy(c->bill, PICK(d, bills), sizeof c->bill);
    f->bill = premera_pack(c->bill);
    give(c, FACT_BILL);
  }
}

// ------------------------------------------------------------------ the clinical picture

static void draw_diagnoses(struct draw *d, struct bench_case *c) {
  static const char *const other[] = {"K5090",  "M0579", "D801", "G35",  "E7521", "M1A9XX1", "D839",
                                      "D3A010", "D36",   "D50",  "B999", "D100",  "D4A",     "D3A"};
  static const char *const oncologic[] = {"C8330", "C9110", "C00",  "C969", "D000", "D099",
                                          "D374",  "D499",  "D399", "D400", "C7A1", "C4A9"};
  bool cancer = chance(d, 25);
  c->facts.diagnosis_count = (uint8_t)(chance(d, 60) ? 1 : below(d, 5));
  for (uint32_t i = 0; i < c->facts.diagnosis_count; i++) {
    const char *code = cancer && chance(d, 70) ? PICK(d, oncologic) : PICK(d, other);
    (void)snprintf(c->diagnoses[i], sizeof c->diagnoses[i], "%s", code);
    c->facts.diagnoses[i] = premera_pack(code);
  }
  give(c, FACT_DIAGNOSES);
  c->facts.concurrent_count = (uint8_t)(chance(d, 85) ? 0 : between(d, 1, CASE_CONCURRENT));
  for (uint32_t i = 0; i < c->facts.concurrent_count; i++) {
    memcpy(c->concurrent[i], i == 0 ? "J9305" : "J9045", sizeof c->concurrent[i]);
  }
  give(c, FACT_CONCURRENT);
}

static void draw_access(struct draw *d, struct bench_case *c) {
  struct premera_facts *f = &c->facts;
  f->home = chance(d, 75);
  give(c, FACT_HOME);
  f->hospital_only = chance(d, 5);
  give(c, FACT_HOSPITAL_ONLY);
  if (chance(d, 5)) {
    f->none |= 1u << FACT_MILES;
    return;
  }
  f->miles = chance(d, 10) ? 50000000 + between(d, -1, 1) : between(d, 0, 1200) * INT64_C(100000);
  give(c, FACT_MILES);
}

static void draw_conditions(struct draw *d, struct bench_case *c) {
  struct premera_facts *f = &c->facts;
  f->cardiac = chance(d, 7);
  f->pulmonary = chance(d, 7);
  f->renal = chance(d, 5);
  f->cognitive = chance(d, 5);
  f->vascular = chance(d, 90) ? VESSELS_ADEQUATE : (uint8_t)below(d, VESSELS_COUNT);
  give(c, FACT_CARDIAC);
  give(c, FACT_PULMONARY);
  give(c, FACT_RENAL);
  give(c, FACT_COGNITIVE);
  give(c, FACT_VASCULAR);
  if (chance(d, 12)) {
    f->none |= 1u << FACT_FVC;
    return;
  }
  f->fvc = chance(d, 5) ? 40000000 + between(d, -1, 1) : between(d, 350, 1150) * 100000;
  give(c, FACT_FVC);
}

static void draw_events(struct draw *d, struct bench_case *c, uint32_t out) {
  static const uint8_t values[EVENT_FIELDS] = {RELATION_COUNT, KIND_COUNT, SEVERITY_COUNT};
  c->facts.event_count = (uint8_t)(chance(d, 70) ? 0 : between(d, 1, 3));
  for (uint32_t i = 0; i < c->facts.event_count; i++) {
    struct premera_event *e = &c->facts.events[i];
    for (uint32_t field = 0; field < EVENT_FIELDS; field++) {
      if (chance(d, out * 2)) continue;
      e->given |= (uint8_t)(1u << field);
      e->field[field] = (uint8_t)below(d, values[field]);
    }
  }
  give(c, FACT_EVENTS);
}

// ------------------------------------------------------------------ facts left out

static void forget_request(struct premera_facts *f, enum premera_fact fact) {
  switch (fact) {
  case FACT_LANGUAGE: f->language = 0; break;
  case FACT_LINE_OF_BUSINESS: f->line_of_business = 0; break;
  case FACT_DATE: f->date = 0; break;
  case FACT_CODE: f->code = 0; break;
  case FACT_DRUG: f->brand = 0; break;
  case FACT_ROUTE: f->route = 0; break;
  case FACT_DIAGNOSES: f->diagnosis_count = 0; break;
  case FACT_CONCURRENT: f->concurrent_count = 0; break;
  case FACT_BIRTH: f->birth = 0; break;
  case FACT_SITE: f->site = 0; break;
  case FACT_STATUS: f->status = 0; break;
  case FACT_PLACE: f->place = 0; break;
  case FACT_BILL: f->bill = 0; break;
  default: break;
  }
}

static void forget_clinical(struct premera_facts *f, enum premera_fact fact) {
  switch (fact) {
  case FACT_START: f->start = 0; break;
  case FACT_PREVIOUS: f->previous = 0; break;
  case FACT_INTERVAL: f->interval_days = 0; break;
  case FACT_MILES: f->miles = 0; break;
  case FACT_HOME: f->home = false; break;
  case FACT_HOSPITAL_ONLY: f->hospital_only = false; break;
  case FACT_CARDIAC: f->cardiac = false; break;
  case FACT_PULMONARY: f->pulmonary = false; break;
  case FACT_FVC: f->fvc = 0; break;
  case FACT_RENAL: f->renal = false; break;
  case FACT_VASCULAR: f->vascular = 0; break;
  case FACT_COGNITIVE: f->cognitive = false; break;
  case FACT_EVENTS: f->event_count = 0; break;
  default: break;
  }
}

static void leave_out(struct draw *d, struct bench_case *c, uint32_t percent) {
  for (unsigned fact = 0; fact < FACT_COUNT; fact++) {
    if (!chance(d, percent)) continue;
    c->facts.given &= ~(1u << fact);
    c->facts.none &= ~(1u << fact);
    forget_request(&c->facts, (enum premera_fact)fact);
    forget_clinical(&c->facts, (enum premera_fact)fact);
  }
}

static void make(struct bench_case *c, uint64_t seed) {
  struct draw d = {seed};
  memset(c, 0, sizeof *c);
  uint32_t percent = (uint32_t)between(&d, 5, 10);
  draw_member(&d, c);
  draw_dates(&d, c);
  draw_course(&d, c);
  draw_drug(&d, c);
  draw_place(&d, c);
  draw_diagnoses(&d, c);
  draw_access(&d, c);
  draw_conditions(&d, c);
  draw_events(&d, c, percent);
  leave_out(&d, c, percent);
}

void cases_make(struct bench_case *cases, uint32_t count, uint64_t seed) {
  struct draw seeds = {seed};
  for (uint32_t i = 0; i < count; i++) {
    make(&cases[i], next(&seeds));
  }
}
