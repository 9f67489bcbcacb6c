// SPDX-License-Identifier: Apache-2.0
//
// See sources.h. A chapter reads facts of the standard vocabulary, its own sets and a set of the chapter before it;
// each put_ function writes one of its parts.
#include "sources.h"

#include <stdbool.h>
#include <string.h>

enum { CODES = 18, BRANDS = 8, TABLES = 7, ROWS = 8, TESTS = 8 };

struct chapter {
  struct text *t;
  uint32_t n;
  uint64_t state; // of the random numbers
};

static uint32_t below(struct chapter *c, uint32_t n) { // Knuth's MMIX generator; its upper bits
  c->state = c->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)(c->state >> 33) % n;
}

static const char *pick(struct chapter *c, const char *const *words, uint32_t count) {
  return words[below(c, count)];
}
#define PICK(c, words) pick((c), (words), (uint32_t)(sizeof(words) / sizeof *(words)))

static const char *const ADJECTIVES[] = {"known",    "acute",    "severe",    "past",
                                         "unstable", "repeated", "documented"};
static const char *const CONDITIONS[] = {"heart condition",         "lung condition",
                                         "reaction to an infusion", "kidney disease",
                                         "loss of veins",           "change of mental status"};
static const char *const PLACES[] = {"hospital_outpatient", "physician_office", "infusion_center",
                                     "home"};
static const char *const STATES[] = {"true", "false", "unknown"};
static const char *const OUTCOMES[] = {"approve INITIAL_COURSE", "refer SITE_CRITERIA_NOT_MET",
                                       "not applicable NOT_IN_SCOPE_DRUG", "pend FACT_MISSING",
                                       "refer"};

// ------------------------------------------------------------------ the file

static void put_head(struct text *t) {
  text_put(
      t, "soc 1\n\npolicy \"bench/large\" {\n  title   \"Site of service, many groups of drugs\"\n"
         "  payer   \"Nobody\"\n  version 2024-01-01\n  basis   service.date\n"
         "  source  \"Made up\" revised 2023-12-01\n}\n\nuse \"vocabulary/case\"\n");
}

static void put_comments(struct chapter *c) {
  text_put(c->t,
           "\n# ------------------------------------------------------------------ group %u "
           "(L%u-%u)\n\n",
           c->n, c->n * 7, c->n * 7 + 6);
  text_put(c->t,
           "# The group has a list of codes and one of brands. A code that names its product "
           "decides alone; a\n"
           "# stated brand that is listed is enough beside any code (O%u).\n",
           c->n);
}

// ------------------------------------------------------------------ lists

static void put_codes(struct chapter *c) {
  text_put(c->t, "\nset group_%u.codes of codes \"HCPCS codes of group %u\" cite \"L%u; P-%u\" {\n",
           c->n, c->n, c->n * 7, c->n);
  uint32_t code = below(c, 1000);
  for (uint32_t i = 0; i < CODES; i++, code += 2 + below(c, 300)) {
    char letter = "JQSG"[c->n % 4];
    if (i % 6 == 5)
      text_put(c->t, "  %c%04u..%c%04u\n", letter, code, letter, code + 1);
    else if (i % 6 == 4)
      text_put(c->t, "  %c%04u from 20%02u-07-01\n", letter, code, 10 + below(c, 12));
    else
      text_put(c->t, "  %c%04u cite \"L%u\"   # %s %s\n", letter, code, c->n * 7 + i,
               PICK(c, ADJECTIVES), PICK(c, CONDITIONS));
  }
  text_put(c->t, "}\n");
}

static void put_brands(struct chapter *c) {
  text_put(c->t, "\nset group_%u.brands of texts \"Brands of group %u\" cite \"L%u\" {\n", c->n,
           c->n, c->n * 7);
  for (uint32_t i = 0; i < BRANDS; i++)
    text_put(c->t, "  \"%c%c%s %u\"\n", 'A' + (int)below(c, 26), 'a' + (int)i, "zimab",
             below(c, 5000));
  text_put(c->t, "}\n");
  text_put(
      c->t,
      "\nset group_%u.reviewed of codes \"Codes that are reviewed with them\" cite \"L%u\" {\n  ",
      c->n, c->n * 7);
  if (c->n > 0) text_put(c->t, "group_%u.codes, ", c->n - 1);
  text_put(c->t, "group_%u.codes\n}\n", c->n);
}

// ------------------------------------------------------------------ criteria

static void put_head_of(struct chapter *c, const char *indent, const char *name, const char *text) {
  text_put(c->t, "\n%scriterion group_%u.%s \"%s, group %u\"\n%s  cite \"L%u; P-%u\"\n", indent,
           c->n, name, text, c->n, indent, c->n * 7, c->n);
}

static void put_criteria(struct chapter *c) {
  text_put(
      c->t,
      "\nconstant group_%u.days = %u days \"Days for which a hospital is accepted\" cite \"L%u\"\n",
      c->n, 30 + below(c, 150), c->n * 7);
  put_head_of(c, "", "listed", "The drug or its code is listed");
  text_put(c->t,
           "  met when any of {\n    by_code: service.code in group_%u.reviewed\n"
           "    by_brand: service.drug if given in group_%u.brands\n  }\n",
           c->n, c->n);
  put_head_of(c, "", "initial_course", "First course of this agent");
  text_put(c->t,
           "  met when all of {\n    therapy.previous_course_last_dose_date is none\n"
           "    service.date in first group_%u.days from therapy.course_start_date\n  }\n",
           c->n);
  put_head_of(c, "", "lungs", "Known lung condition, or a forced vital capacity that is low");
  text_put(c->t,
           "  met when any of {\n    known: clinical.pulmonary_condition\n"
           "    measured: clinical.fvc_percent_predicted <= %u %%\n  }\n",
           20 + below(c, 60));
  put_head_of(c, "", "reaction", "Past severe reaction");
  text_put(c->t, "  met when some record of clinical.adverse_events has all of {\n"
                 "    drug_relation in { same_drug, related_or_similar_drug }\n"
                 "    any of {\n      severity in { severe, life_threatening }\n      kind = "
                 "anaphylaxis\n    }\n  }\n");
}

static void put_line_criteria(struct chapter *c) {
  text_put(c->t, "\neach line of claim.lines {");
  put_head_of(c, "  ", "coded", "Billed with a code of the group");
  text_put(c->t, "    met when code in group_%u.codes\n", c->n);
  put_head_of(c, "  ", "office", "Given in an office");
  text_put(c->t, "    met when any of {\n      by_place: place_of_service if given = 11\n      "
                 "place_asked: all of {\n"
                 "        not claim.form = ub04\n        place_of_service = 11\n      }\n    }\n");
  put_head_of(c, "  ", "bundled", "Billed beside a line of the group on the same date");
  text_put(c->t,
           "    met when all of {\n      some other line on the same date has group_%u.coded\n"
           "      not group_%u.coded\n    }\n",
           c->n, c->n);
  text_put(c->t, "}\n");
}

// ------------------------------------------------------------------ decisions

static void put_decision(struct chapter *c) {
  text_put(c->t,
           "\ndecision group_%u.site medical \"May group %u be given in the place asked for?\" {\n",
           c->n, c->n);
  text_put(c->t,
           "  not applicable NOT_IN_SCOPE_DRUG unless group_%u.listed\n"
           "    \"The drug is not on the list on the date of service\" cite \"L%u; P-29\"\n",
           c->n, c->n * 7);
  text_put(c->t,
           "  approve PREFERRED_SITE when site in { physician_office, infusion_center, home }\n"
           "    \"The place is preferred\" cite \"L%u\"\n",
           c->n * 7);
  text_put(c->t,
           "  approve INITIAL_COURSE when group_%u.initial_course\n"
           "    through therapy.course_start_date + group_%u.days - 1 day\n",
           c->n, c->n);
  text_put(c->t,
           "  approve CLINICAL_PULMONARY when group_%u.lungs\n"
           "  approve CLINICAL_ADVERSE_REACTION when group_%u.reaction\n",
           c->n, c->n);
  text_put(c->t,
           "  refer SITE_CRITERIA_NOT_MET otherwise\n    \"None of the criteria is met\" cite "
           "\"L%u; P-27\"\n"
           "    redirect { physician_office, infusion_center, home }\n}\n",
           c->n * 7);
}

static void put_line_decision(struct chapter *c) {
  text_put(c->t,
           "\ndecision group_%u.lines administrative for each line of claim.lines \"Is the line "
           "paid?\" {\n"
           "  not separate OFFICE_SUPPLY_BUNDLED when group_%u.office\n"
           "  deny SUPPLY_BUNDLED when group_%u.bundled\n"
           "  eligible otherwise \"Nothing stands against paying it\" cite \"L%u\"\n}\n",
           c->n, c->n, c->n, c->n * 7);
}

// ------------------------------------------------------------------ tests

static void put_sample(struct chapter *c) {
  text_put(c->t,
           "\nsample case_%u {\n  member.birth_date 19%02u-05-01\n  service.code J%04u\n  "
           "service.drug \"Azimab %u\"\n"
           "  service.date 2024-%02u-11\n  service.place_of_service 22\n",
           c->n, 10 + below(c, 80), below(c, 9999), below(c, 5000), 1 + below(c, 12));
  text_put(c->t,
           "  therapy.previous_course_last_dose_date none\n  clinical.diagnosis_codes { K5090 }\n"
           "  clinical.fvc_percent_predicted %u %%\n}\n",
           40 + below(c, 60));
}

static void put_table(struct chapter *c, uint32_t table) {
  text_put(c->t,
           "\ntest table \"group %u, table %u\" cite \"L%u\" {\n  given case_%u\n"
           "  | \"case\"       | service.code | clinical.pulmonary_condition | service.date | "
           "expect group_%u.site |\n",
           c->n, table, c->n * 7, c->n, c->n);
  for (uint32_t i = 0; i < ROWS; i++)
    text_put(c->t, "  | \"case %u.%u\" | J%04u        | %-28s | 2024-%02u-%02u   | %s |\n", table,
             i, below(c, 9999), PICK(c, STATES), 1 + below(c, 12), 1 + below(c, 28),
             PICK(c, OUTCOMES));
  text_put(c->t, "}\n");
}

static void put_test(struct chapter *c, uint32_t test) {
  text_put(c->t,
           "\ntest \"group %u, case %u\" cite \"L%u\" {\n  given case_%u\n  with { "
           "service.site_of_care %s }\n",
           c->n, test, c->n * 7, c->n, PICK(c, PLACES));
  text_put(c->t, "  expect group_%u.site %s\n}\n", c->n, PICK(c, OUTCOMES));
}

static void put_tests(struct chapter *c) {
  put_sample(c);
  for (uint32_t i = 0; i < TABLES; i++) put_table(c, i);
  for (uint32_t i = 0; i < TESTS; i++) put_test(c, i);
  text_put(c->t, "\nnot computed \"P-%u.1\" \"an example: informational\"\n", c->n);
}

// ------------------------------------------------------------------ chapters

static void put_chapter(struct text *t, uint32_t n) {
  struct chapter c = {t, n, n};
  put_comments(&c);
  put_codes(&c);
  put_brands(&c);
  put_criteria(&c);
  put_line_criteria(&c);
  put_decision(&c);
  put_line_decision(&c);
  put_tests(&c);
}

void bench_policy(struct text *t, uint32_t lines) {
  uint32_t have = 0;
  size_t counted = 0;
  put_head(t);
  for (uint32_t n = 0; have < lines; n++) {
    put_chapter(t, n);
    for (; counted < t->length; counted++) have += t->data[counted] == '\n';
  }
}
