// SPDX-License-Identifier: Apache-2.0
//
// See r14_cases.h. Each draw_ function fills one group of facts; `leave_out` then takes facts of the claim away.
#include "r14_cases.h"

#include <stdio.h>
#include <string.h>

#include "draw.h"
#include "r14_lists.h"

#define COUNT(list) ((uint32_t)(sizeof(list) / sizeof *(list)))
#define MILLION INT64_C(1000000)

enum { DAY_2018_05_19 = 736832, DAY_2023_04_01 = 738610, ROUTES = 8 };

// ------------------------------------------------------------------ the claim

static void give(struct r14_case *c, enum r14_fact fact) {
  c->facts.given |= 1u << fact;
}

static const char *const places[] = {"11", "11", "11", "11", "12", "12", "12",
                                     "22", "22", "22", "19", "21", "23", "81"};

static uint8_t place_number(const char *place) {
  return (uint8_t)((place[0] - '0') * 10 + (place[1] - '0'));
}

static void draw_setting(struct draw *d, struct r14_case *c) {
  static const char *const bills[] = {"0131", "0131", "0131", "0331", "0321", "0111", "0121"};
  struct r14_facts *f = &c->facts;
  if (chance(d, 85)) {
    memcpy(c->place, PICK(d, places), sizeof c->place);
    f->place = place_number(c->place);
    give(c, R14_PLACE);
  }
  f->form = chance(d, 55) ? R14_CMS1500 : R14_UB04;
  give(c, R14_FORM);
  if (f->form == R14_UB04 || chance(d, 5)) {
    uint32_t bill = below(d, COUNT(bills));
    memcpy(c->bill, bills[bill], sizeof c->bill);
    f->bill = (uint8_t)(bill < 3 ? R14_BILL_OTHER : bill < 5 ? R14_BILL_HOME : R14_BILL_INPATIENT);
    give(c, R14_BILL);
  }
  f->primary_service = chance(d, 60) ? R14_FOR_INFUSION : R14_FOR_OTHER;
  give(c, R14_PRIMARY_SERVICE);
}

static void draw_review(struct draw *d, struct r14_case *c) {
  struct r14_facts *f = &c->facts;
  f->status = (uint8_t)(chance(d, 60) ? R14_MET : below(d, R14_NO_POLICY + 1));
  f->label = chance(d, 40);
  f->necessary = chance(d, 70);
  f->regimen = chance(d, 70);
  f->compendium = chance(d, 40);
  f->studies = (uint16_t)below(d, 4);
  f->precert = chance(d, 60);
  f->authorized = chance(d, 70);
  f->fluid = chance(d, 50);
  f->given |= (1u << (R14_FLUID + 1)) - (1u << R14_STATUS);
  if (chance(d, 12)) { // otherwise the plan's language is left out, as it mostly is
    f->language = chance(d, 60) ? R14_SILENT : (uint8_t)between(d, R14_EXCLUDES, R14_OVERRIDES);
    give(c, R14_LANGUAGE);
  }
  if (chance(d, 10)) {
    f->mismatch = (uint8_t)below(d, R14_NOT_BEFORE_ADMISSION + 1);
    give(c, R14_MISMATCH);
  }
}

static void draw_date(struct draw *d, struct r14_case *c) {
  static const int32_t edges[] = {
      733966, 733967, 735763, 735764, 736238, 736239, DAY_2023_04_01 - 1, DAY_2023_04_01};
  c->facts.date =
      chance(d, 10) ? PICK(d, edges) : between(d, DAY_2018_05_19, DAY_2018_05_19 + 2500);
  give(c, R14_DATE);
}

// ------------------------------------------------------------------ what a line is for

static const struct {
  uint32_t first, last;
  uint32_t groups;
} listed[] = {
#define X(letter, first, last, groups) {R14_CODE(letter, first), R14_CODE(letter, last), groups},
    R14_CODES(X)
#undef X
};

// A code of `groups`, or of any.
static uint32_t draw_listed(struct draw *d, uint32_t groups) {
  for (;;) {
    uint32_t i = below(d, COUNT(listed));
    if (groups == 0 || (listed[i].groups & groups)) {
      return listed[i].first + below(d, listed[i].last - listed[i].first + 1);
    }
  }
}

static void set_code(struct r14_case *c, unsigned i, uint32_t code) {
  c->facts.lines[i].code = code;
  int letter = (int)(code / 100000) + '0';
  if (letter == '0') {
    (void)snprintf(c->lines[i].code, sizeof c->lines[i].code, "%05u", code % 100000);
  } else {
    (void)snprintf(c->lines[i].code, sizeof c->lines[i].code, "%c%04u", letter, code % 10000);
  }
}

static void set_category(struct r14_line *l, enum r14_category category) {
  l->category = (uint8_t)category;
  l->given |= 1u << R14_CATEGORY;
}

static void set_revenue(struct r14_case *c, unsigned i, uint16_t revenue) {
  c->facts.lines[i].revenue = revenue;
  (void)snprintf(c->lines[i].revenue, sizeof c->lines[i].revenue, "%04u", revenue % 10000u);
}

static void draw_revenue(struct draw *d, struct r14_case *c, unsigned i) {
  static const uint16_t revenues[] = {250, 259, 260, 270, 274, 279, 280, 299, 390, 391, 399,
                                      400, 450, 622, 623, 624, 625, 630, 636, 639, 640};
  set_revenue(c, i, PICK(d, revenues));
}

static void draw_amounts(struct draw *d, struct r14_line *l) {
  static const int64_t sizes[] = {1, 5, 10, 50, 100};
  int64_t size = PICK(d, sizes) * MILLION;
  if (chance(d, 90)) l->administered = chance(d, 5) ? 0 : between(d, 1, 500) * MILLION;
  if (chance(d, 92)) l->per_unit = size;
  if (chance(d, 92)) {
    int64_t dose = l->administered > 0 ? l->administered : 7 * MILLION;
    l->units = (dose + size - 1) / size * MILLION;
    if (chance(d, 8)) l->units += between(d, -1, 1) * (chance(d, 50) ? MILLION : 1);
    if (l->units < 0) l->units = 0;
  }
}

static void draw_waste(struct draw *d, struct r14_line *l) {
  if (!chance(d, 25)) return;
  l->wasted = between(d, 0, 4) * 10 * MILLION;
  if (chance(d, 70)) l->vial = between(d, 1, 4) * 10 * MILLION;
  if (chance(d, 50)) l->modifiers |= R14_JW;
  if (chance(d, 50)) l->administered = -1;
}

static const struct {
  const char *text;
  uint8_t id;
} names[] = {{"RenAmin", R14_NAMED},
             {"Clinisol 15%", R14_STRONG_AMINO_ACID},
             {"PROSOL  20%", R14_STRONG_AMINO_ACID},
             {"Intralipid", R14_NAMED},
             {"vitamin K", R14_NAMED},
             {"Travasol", R14_NAMED},
             {"MVI-12", R14_NAMED},
             {"Some product", R14_NAMED}};

static void draw_name(struct draw *d, struct r14_case *c, unsigned i) {
  uint32_t which = below(d, COUNT(names));
  c->lines[i].drug_name = names[which].text;
  c->facts.lines[i].drug_name = names[which].id;
}

static void draw_drug(struct draw *d, struct r14_case *c, unsigned i) {
  static const uint32_t codes[] = {R14_CODE('J', 1745), R14_CODE('J', 1745), R14_CODE('J', 897),
                                   R14_CODE('J', 3490), R14_CODE('J', 9999), R14_CODE('J', 1642)};
  struct r14_line *l = &c->facts.lines[i];
  if (chance(d, 94)) set_code(c, i, PICK(d, codes));
  if (chance(d, 75)) {
    set_category(l, CATEGORY_drug);
  } else {
    set_revenue(c, i, 636);
  }
  l->has_ndc = chance(d, 50);
  if (chance(d, 90)) {
    l->has_route = true;
    c->lines[i].route = (uint8_t)below(d, ROUTES);
  }
  l->has_description = chance(d, 50);
  if (chance(d, 50)) draw_name(d, c, i);
  draw_amounts(d, l);
  draw_waste(d, l);
}

static void draw_blood(struct draw *d, struct r14_case *c, unsigned i) {
  struct r14_line *l = &c->facts.lines[i];
  if (chance(d, 40)) {
    set_revenue(c, i, (uint16_t)between(d, 390, 399));
  } else {
    set_category(l, (enum r14_category)between(d, CATEGORY_blood_product,
                                               CATEGORY_autologous_collection_for_surgery));
  }
  l->units = between(d, 1, 2) * MILLION;
  if (chance(d, 30)) {
    l->general_improvement = chance(d, 50);
    l->given |= 1u << R14_PURPOSE;
  }
  if (chance(d, 30)) {
    l->dialysis = chance(d, 50);
    l->given |= 1u << R14_DIALYSIS;
  }
}

static void draw_nutrition(struct draw *d, struct r14_case *c, unsigned i) {
  struct r14_line *l = &c->facts.lines[i];
  set_category(
      l, (enum r14_category)between(d, CATEGORY_tpn_or_lipid, CATEGORY_tpn_separate_component));
  if (chance(d, 60)) set_category(l, CATEGORY_tpn_or_lipid);
  set_code(c, i, R14_CODE('B', (uint32_t)between(d, 4185, 4186)));
  if (chance(d, 70)) draw_name(d, c, i);
  draw_amounts(d, l);
  l->basis = (uint8_t)below(d, R14_PER_UNIT + 1);
  if (l->basis != R14_PER_UNIT && chance(d, 90)) {
    l->units = (l->basis == R14_PER_HOUR ? between(d, 8, 25) : between(d, 0, 2)) * MILLION;
  }
}

static void draw_visit(struct draw *d, struct r14_case *c, unsigned i) {
  set_category(&c->facts.lines[i], CATEGORY_evaluation_management);
  set_code(c, i, R14_CODE('0', (uint32_t)between(d, 99211, 99215)));
  c->facts.lines[i].units = MILLION;
  if (chance(d, 40)) c->facts.lines[i].modifiers |= R14_25;
}

static void draw_per_diem(struct draw *d, struct r14_case *c, unsigned i) {
  static const uint16_t modifiers[] = {0, R14_59 | R14_SH, R14_59 | R14_SJ, R14_59, R14_SH};
  set_code(c, i, draw_listed(d, PER_DIEM | LATER));
  c->facts.lines[i].units = MILLION;
  c->facts.lines[i].modifiers |= PICK(d, modifiers);
}

static void draw_other(struct draw *d, struct r14_case *c, unsigned i) {
  if (chance(d, 60)) set_code(c, i, draw_listed(d, 0));
  if (chance(d, 40)) draw_revenue(d, c, i);
  if (chance(d, 50)) {
    set_category(&c->facts.lines[i], (enum r14_category)below(d, CATEGORY_COUNT));
  }
  if (chance(d, 80)) c->facts.lines[i].units = between(d, 1, 3) * MILLION;
}

typedef void draw_fn(struct draw *d, struct r14_case *c, unsigned i);

static void draw_infusion(struct draw *d, struct r14_case *c, unsigned i) {
  set_code(c, i, draw_listed(d, chance(d, 30) ? INJECTION : INFUSION));
  c->facts.lines[i].units = MILLION;
}

// ------------------------------------------------------------------ what all lines have

static void draw_documents(struct draw *d, struct r14_line *l) {
  if (chance(d, 8)) {
    l->order = chance(d, 60);
    l->given |= 1u << R14_ORDER;
  }
  if (chance(d, 8)) {
    l->record = chance(d, 60);
    l->given |= 1u << R14_RECORD;
  }
  if (chance(d, 15)) {
    l->supportive = chance(d, 60);
    l->given |= 1u << R14_ROLE;
  }
  if (chance(d, 92)) {
    l->npi = (uint32_t)between(d, 1, 2);
    l->given |= 1u << R14_NPI;
  }
}

static void draw_line(struct draw *d, struct r14_case *c, unsigned i, bool numbered) {
  static draw_fn *const kinds[] = {draw_drug,     draw_drug,  draw_drug,      draw_infusion,
                                   draw_infusion, draw_blood, draw_nutrition, draw_visit,
                                   draw_per_diem, draw_other, draw_other,     draw_other,
                                   draw_other};
  struct r14_line *l = &c->facts.lines[i];
  *l = (struct r14_line){.units = -1,
                         .administered = -1,
                         .per_unit = -1,
                         .wasted = -1,
                         .vial = -1,
                         .order = true,
                         .record = true,
                         .related = -1};
  l->number = numbered ? i + 1 : R14_LINES - i;
  PICK(d, kinds)(d, c, i);
  draw_documents(d, l);
  if (chance(d, 40)) {
    l->date = c->facts.date + (chance(d, 70) ? 0 : between(d, -1, 1));
    l->given |= 1u << R14_OWN_DATE;
  }
  if (chance(d, 25)) {
    memcpy(c->lines[i].place, PICK(d, places), sizeof c->lines[i].place);
    l->place = place_number(c->lines[i].place);
    l->given |= 1u << R14_OWN_PLACE;
  }
  if (i > 0 && chance(d, 30)) l->related = (int8_t)below(d, i);
}

static void forget(struct r14_facts *f, enum r14_fact fact) {
  switch (fact) {
  case R14_DATE: f->date = 0; break;
  case R14_PLACE: f->place = 0; break;
  case R14_FORM: f->form = 0; break;
  case R14_BILL: f->bill = 0; break;
  case R14_STATUS: f->status = 0; break;
  case R14_LABEL: f->label = false; break;
  case R14_NECESSARY: f->necessary = false; break;
  case R14_REGIMEN: f->regimen = false; break;
  case R14_COMPENDIUM: f->compendium = false; break;
  case R14_STUDIES: f->studies = 0; break;
  case R14_PRECERT: f->precert = false; break;
  case R14_AUTHORIZATION: f->authorized = false; break;
  case R14_FLUID: f->fluid = false; break;
  case R14_PRIMARY_SERVICE: f->primary_service = 0; break;
  case R14_LANGUAGE: f->language = R14_SILENT; break;
  case R14_MISMATCH: f->mismatch = R14_NO_MISMATCH; break;
  case R14_FACTS: break;
  }
}

static void leave_out(struct draw *d, struct r14_case *c, uint32_t percent) {
  for (unsigned fact = 0; fact < R14_FACTS; fact++) {
    if (!chance(d, percent)) continue;
    c->facts.given &= ~(1u << fact);
    forget(&c->facts, (enum r14_fact)fact);
  }
}

static void make(struct r14_case *c, uint64_t seed) {
  struct draw d = {seed};
  memset(c, 0, sizeof *c);
  uint32_t percent = (uint32_t)between(&d, 5, 10);
  draw_date(&d, c);
  draw_setting(&d, c);
  draw_review(&d, c);
  c->facts.line_count = R14_LINES;
  bool numbered = chance(&d, 90);
  for (unsigned i = 0; i < R14_LINES; i++) {
    draw_line(&d, c, i, numbered);
  }
  leave_out(&d, c, percent);
}

void r14_cases_make(struct r14_case *claims, uint32_t count, uint64_t seed) {
  struct draw seeds = {seed};
  for (uint32_t i = 0; i < count; i++) {
    make(&claims[i], next(&seeds));
  }
}
