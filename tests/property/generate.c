// SPDX-License-Identifier: Apache-2.0
//
// Writes random policies. It keeps to the rules of the language as well as it can without checking anything: what the
// compiler refuses is counted by the caller and must be a small share.
#include "generate.h"

#include <string.h>

void generated_free(struct generated *g) {
  text_free(&g->vocabulary);
  text_free(&g->policy);
  memset(g, 0, sizeof *g);
}

// ------------------------------------------------------------------ what can be named

enum kind { BOOLEAN, ENUMERATION, CODE, TEXT, DAY, NUMBER, CODES, VALUES, RECORDS, KINDS };

// Codes of one shape: some of them, a range head i tail .. head i last_tail, a prefix.
struct codes {
  const char *codes[8];
  const char *head, *tail, *last_tail, *prefix;
  bool by_first; // sets `by first 3 characters` make sense
};
static const struct codes ANY = {
    {"J1745", "J1746", "J1747", "C00", "D37", "11", "99213", "0001A"}, "J2", "00", "59", "Q", true};
static const struct codes FIVE = {
    {"J1745", "J1746", "J1747", "Q5133", "99213", "0001A", "G0089", "J3380"},
    "J2",
    "00",
    "59",
    "K1",
    false};
static const struct codes TWO = {
    {"11", "12", "19", "21", "22", "24", "49", "01"}, "3", "", "", "A", false};
static const struct codes FOUR = {
    {"0111", "0121", "0131", "0811", "0332", "0118", "0741", "013X"}, "02", "0", "9", "09", false};
static const struct codes BILL = {
    {"0111", "0121", "11", "12", "19", "013", "22", "03A"}, "02", "0", "9", "5", false};
static const struct codes DIAGNOSES = {
    {"C00", "C9011", "D37", "D3A0", "K5090", "M0579", "Z940", "C96"}, "G", "0", "5", "E", true};

struct enumeration {
  const char *name; // NULL: written in place
  const char *values[8];
  uint32_t count;
};

struct fact {
  const char *name;
  enum kind kind;
  const struct enumeration *values;
  const struct codes *codes;
  const char *unit;   // NULL: none
  const char *bounds; // as written after the type
  bool field;         // of the record list
  bool line;          // of the list of lines
  bool own;           // of the line outside of a loop: `this line's`
  bool whole;
  bool none;  // may be none; in the own vocabulary drawn for each policy
  bool plain; // own vocabulary: no variation
};

// The vocabulary that a policy is written in: the facts by kind, and those that play a part in derivations and windows.
struct lexicon {
  const char *use;
  const struct fact *facts;
  uint32_t fact_count;
  const struct enumeration *site;
  const char *day, *birth, *start, *end, *sites, *place, *bill, *interval, *longest, *count,
      *records;
  const char *bill_codes; // conditions and maps of derivations, for codes that `bill` can hold
  const char *bill_map;
  const char *lines, *units, *amount, *per, *related; // the list of lines, and fields of it
  const struct enumeration *category;
  const char *actions[2];
  const char *reasons[10];
};

enum { MOST_FACTS = 64 };

// ------------------------------------------------------------------ an own vocabulary, different for each policy

static const struct enumeration SITE = {
    "site", {"home", "office", "center", "hospital", "inpatient"}, 5};
static const struct enumeration STATUS = {NULL, {"met", "not_met", "not_reviewed"}, 3};
static const struct enumeration COLOR = {"color", {"red", "green", "blue", "none_of_these"}, 4};
static const struct enumeration KIND = {NULL, {"mild", "moderate", "severe"}, 3};

static const struct fact OWN_FACTS[] = {
    {.name = "case.day", .kind = DAY, .plain = true},
    {.name = "case.start", .kind = DAY, .none = true},
    {.name = "case.last", .kind = DAY, .none = true},
    {.name = "case.end", .kind = DAY},
    {.name = "case.birth", .kind = DAY, .plain = true},
    {.name = "case.ill", .kind = BOOLEAN},
    {.name = "case.alone", .kind = BOOLEAN, .none = true},
    {.name = "case.far", .kind = BOOLEAN},
    {.name = "case.place", .kind = ENUMERATION, .values = &SITE, .plain = true},
    {.name = "case.status", .kind = ENUMERATION, .values = &STATUS, .none = true},
    {.name = "case.color", .kind = ENUMERATION, .values = &COLOR},
    {.name = "case.code", .codes = &ANY, .kind = CODE, .bounds = "", .none = true},
    {.name = "case.bill", .codes = &BILL, .kind = CODE, .bounds = "(2..4)"},
    {.name = "case.drug", .kind = TEXT, .none = true},
    {.name = "case.interval",
     .kind = NUMBER,
     .unit = "days",
     .bounds = "from 0 to 400",
     .whole = true,
     .none = true},
    {.name = "case.longest", .kind = NUMBER, .unit = "days", .whole = true},
    {.name = "case.miles", .kind = NUMBER, .unit = "miles", .bounds = "from 0", .none = true},
    {.name = "case.share", .kind = NUMBER, .unit = "%", .bounds = "from 0 to 200"},
    {.name = "case.count", .kind = NUMBER, .whole = true},
    {.name = "case.codes", .codes = &ANY, .kind = CODES},
    {.name = "case.colors", .kind = VALUES, .values = &COLOR},
    {.name = "case.sites", .kind = VALUES, .values = &SITE},
    {.name = "case.events", .kind = RECORDS},
    {.name = "severity", .kind = ENUMERATION, .values = &KIND, .field = true},
    {.name = "sudden", .kind = BOOLEAN, .field = true, .none = true},
    {.name = "on", .kind = DAY, .field = true, .none = true},
    {.name = "cause", .codes = &ANY, .kind = CODE, .field = true},
    {.name = "hours", .kind = NUMBER, .unit = "hours", .bounds = "from 0 to 1000", .field = true},
    {.name = "remedy", .kind = TEXT, .field = true, .none = true},
    {.name = "item", .codes = &ANY, .kind = CODE, .line = true, .none = true},
    {.name = "this line's item", .codes = &ANY, .kind = CODE, .line = true, .own = true},
    {.name = "tags", .codes = &ANY, .kind = CODES, .line = true},
    {.name = "this line's tags", .codes = &ANY, .kind = CODES, .line = true, .own = true},
    {.name = "hues", .kind = VALUES, .values = &COLOR, .line = true},
    {.name = "this line's hues", .kind = VALUES, .values = &COLOR, .line = true, .own = true},
    {.name = "units", .kind = NUMBER, .unit = "units", .bounds = "from 0", .line = true},
    {.name = "this line's units", .kind = NUMBER, .unit = "units", .line = true, .own = true},
    {.name = "date", .kind = DAY, .line = true, .plain = true},
    {.name = "this line's date", .kind = DAY, .line = true, .own = true},
    {.name = "lone", .kind = BOOLEAN, .line = true, .none = true},
    {.name = "this line's lone", .kind = BOOLEAN, .line = true, .own = true},
    {.name = "label", .kind = TEXT, .line = true, .none = true},
    {.name = "this line's label", .kind = TEXT, .line = true, .own = true},
};

static const struct lexicon OWN = {
    .use = "gen",
    .facts = OWN_FACTS,
    .fact_count = sizeof OWN_FACTS / sizeof OWN_FACTS[0],
    .site = &SITE,
    .day = "case.day",
    .birth = "case.birth",
    .start = "case.start",
    .end = "case.end",
    .sites = "case.sites",
    .place = "case.place",
    .bill = "case.bill",
    .interval = "case.interval",
    .longest = "case.longest",
    .count = "case.count",
    .records = "case.events",
    .lines = "case.lines",
    .units = "units",
    .amount = "given",
    .per = "per",
    .related = "related",
    .category = &SITE,
    .bill_codes = "{ 011*, 012* }",
    .bill_map = "11 -> office or center; 12 -> home; 19, 22..23 -> hospital; 03* -> home or office "
                "or hospital",
    .actions = {"call", "write"},
    .reasons = {"R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9"},
};

// ------------------------------------------------------------------ the standard vocabulary, a part of it

static const struct enumeration CASE_SITE = {
    "site",
    {"hospital_outpatient", "hospital_affiliated_suite", "physician_office", "infusion_center",
     "ambulatory_surgical_center", "home", "pharmacy", "inpatient"},
    8};
static const struct enumeration CASE_STATUS = {
    NULL, {"met", "not_met", "not_reviewed", "no_policy"}, 4};
static const struct enumeration CASE_PLAN = {
    NULL, {"silent", "excludes_service", "overrides_policy"}, 3};
static const struct enumeration CASE_MISMATCH = {
    NULL, {"none", "present_on_admission", "not_present_on_admission"}, 3};
static const struct enumeration CASE_RECORDS = {NULL,
                                                {"office_notes", "lab_results", "medical_records",
                                                 "infusion_records", "drug_label",
                                                 "other_clinical"},
                                                6};
static const struct enumeration CASE_KIND = {
    NULL, {"anaphylaxis", "seizure", "myocardial_infarction", "renal_failure", "other"}, 5};
static const struct enumeration CASE_SEVERITY = {
    NULL, {"mild", "moderate", "severe", "life_threatening"}, 4};

static const struct fact CASE_FACTS[] = {
    {.name = "service.date", .kind = DAY, .plain = true},
    {.name = "member.birth_date", .kind = DAY},
    {.name = "therapy.course_start_date", .kind = DAY},
    {.name = "therapy.previous_course_last_dose_date", .kind = DAY, .none = true},
    {.name = "service.end_date", .kind = DAY},
    {.name = "therapy.drug_approval_end_date", .kind = DAY},
    {.name = "clinical.cardiac_condition", .kind = BOOLEAN},
    {.name = "service.self_administered", .kind = BOOLEAN},
    {.name = "access.home_infusion_available", .kind = BOOLEAN},
    {.name = "service.site_of_care", .kind = ENUMERATION, .values = &CASE_SITE},
    {.name = "therapy.drug_criteria_status", .kind = ENUMERATION, .values = &CASE_STATUS},
    {.name = "member.benefit_plan_language", .kind = ENUMERATION, .values = &CASE_PLAN},
    {.name = "claim.transfusion_mismatch", .kind = ENUMERATION, .values = &CASE_MISMATCH},
    {.name = "service.code", .codes = &FIVE, .kind = CODE, .bounds = "(5)"},
    {.name = "service.place_of_service", .codes = &TWO, .kind = CODE, .bounds = "(2)"},
    {.name = "claim.type_of_bill", .codes = &FOUR, .kind = CODE, .bounds = "(4)"},
    {.name = "service.drug", .kind = TEXT},
    {.name = "claim.prior_authorization_number", .kind = TEXT, .none = true},
    {.name = "therapy.dosing_interval_days", .kind = NUMBER, .unit = "days", .whole = true},
    {.name = "therapy.standard_of_care_max_days", .kind = NUMBER, .unit = "days", .whole = true},
    {.name = "access.infusion_center_miles", .kind = NUMBER, .unit = "miles", .none = true},
    {.name = "clinical.fvc_percent_predicted", .kind = NUMBER, .unit = "%", .none = true},
    {.name = "therapy.controlled_studies_count", .kind = NUMBER, .whole = true},
    {.name = "clinical.diagnosis_codes", .codes = &DIAGNOSES, .kind = CODES, .bounds = "(3..7)"},
    {.name = "clinical.unsafe_sites", .kind = VALUES, .values = &CASE_SITE},
    {.name = "documentation.submitted", .kind = VALUES, .values = &CASE_RECORDS},
    {.name = "clinical.adverse_events", .kind = RECORDS},
    {.name = "kind", .kind = ENUMERATION, .values = &CASE_KIND, .field = true},
    {.name = "severity", .kind = ENUMERATION, .values = &CASE_SEVERITY, .field = true},
    {.name = "date", .kind = DAY, .field = true},
    {.name = "controllable", .kind = BOOLEAN, .field = true},
    {.name = "code", .codes = &FIVE, .kind = CODE, .line = true, .none = true},
    {.name = "this line's code", .codes = &FIVE, .kind = CODE, .line = true, .own = true},
    {.name = "modifiers", .codes = &TWO, .kind = CODES, .line = true},
    {.name = "this line's modifiers", .codes = &TWO, .kind = CODES, .line = true, .own = true},
    {.name = "units", .kind = NUMBER, .unit = "units", .line = true, .none = true},
    {.name = "this line's units", .kind = NUMBER, .unit = "units", .line = true, .own = true},
    {.name = "date", .kind = DAY, .line = true},
    {.name = "this line's date", .kind = DAY, .line = true, .own = true},
    {.name = "place_of_service", .codes = &TWO, .kind = CODE, .line = true},
    {.name = "dialysis_related", .kind = BOOLEAN, .line = true},
    {.name = "order_documented", .kind = BOOLEAN, .line = true},
    {.name = "drug_name", .kind = TEXT, .line = true, .none = true},
    {.name = "this line's drug_name", .kind = TEXT, .line = true, .own = true},
};

static const struct enumeration CASE_CATEGORY = {
    "line_category", {"drug", "infusion_flush", "vascular_access", "blood_product", "other"}, 5};

static const struct lexicon CASE = {
    .use = "vocabulary/case",
    .facts = CASE_FACTS,
    .fact_count = sizeof CASE_FACTS / sizeof CASE_FACTS[0],
    .site = &CASE_SITE,
    .day = "service.date",
    .birth = "member.birth_date",
    .start = "therapy.course_start_date",
    .end = "service.end_date",
    .sites = "clinical.unsafe_sites",
    .place = "service.site_of_care",
    .bill = "service.place_of_service",
    .interval = "therapy.dosing_interval_days",
    .longest = "therapy.standard_of_care_max_days",
    .count = "therapy.controlled_studies_count",
    .records = "clinical.adverse_events",
    .lines = "claim.lines",
    .units = "units",
    .amount = "wasted_amount",
    .per = "hcpcs_unit_amount",
    .related = "related_line",
    .category = &CASE_CATEGORY,
    .bill_codes = "{ 21, 51 }",
    .bill_map = "11 -> physician_office or infusion_center; 12 -> home; 19, 22..23 -> "
                "hospital_outpatient; 0* -> pharmacy",
    .actions = {"submit_records", "plan_transition"},
    .reasons = {"INITIAL_COURSE", "REINITIATION", "PREFERRED_SITE", "CLINICAL_CARDIAC",
                "SITE_CRITERIA_NOT_MET", "NOT_IN_SCOPE_AGE", "DRUG_IDENTITY_MISSING", "HOME_UNSAFE",
                "OUT_OF_NETWORK", "CLINICAL_RENAL"},
};

// ------------------------------------------------------------------ constants

static const char *const DATES[] = {"2024-01-01", "2024-02-29", "2024-01-31", "2023-12-31",
                                    "2024-03-01", "2024-06-15", "2023-02-28", "2020-02-29",
                                    "1999-12-31", "2024-12-05", "0001-01-01", "9999-12-31"};
static const char *const TEXTS[] = {"Actemra", "Simponi Aria", "a b c", "Zz Aa Rituxan", "X"};
static const char *const NUMBERS[] = {"0",  "1",   "2",   "7",        "28", "30", "89",
                                      "90", "180", "3.5", "0.000001", "50", "365"};
static const char *const WHOLES[] = {"0", "1", "2", "3", "7", "28", "30", "89", "90", "180", "400"};
enum { DATE_COUNT = 12, CODE_COUNT = 8, TEXT_COUNT = 5, NUMBER_COUNT = 13, WHOLE_COUNT = 11 };

enum { MAX_CRITERIA = 8, MAX_SETS = 4, DEEP = 4 };
enum loop { NO_LOOP, RECORD_LOOP, LINE_LOOP };

struct writer {
  struct choices *c;
  struct text *out;
  const struct lexicon *words;
  struct fact facts[MOST_FACTS];
  uint32_t criteria, code_sets, text_sets, constants, switches, derived,
      enumerations; // declared so far
  uint32_t labels;  // given so far in this criterion
  const struct codes *set_codes[MAX_SETS];
  bool
      plain; // mostly tests of one fact, no assumptions and no lines: what columns decide without the scalar executor
  bool basis;                    // the policy names one
  enum loop loop;                // over which rows
  bool in_line;                  // what is said of each line
  bool category;                 // the policy derives what a line is for
  uint32_t of_lines, quantities; // criteria and quantities of lines declared so far
  bool may_label;
  uint32_t budget; // conditions that may still be written in this declaration
};

static const char *pick_date(struct writer *w) {
  return DATES[choose(w->c, DATE_COUNT)];
}
static const char *pick_site(struct writer *w) {
  return w->words->site->values[choose(w->c, w->words->site->count)];
}

static const char *pick_reason(struct writer *w) {
  return w->words->reasons[choose(w->c, 10)];
}
static const char *pick_code(struct writer *w, const struct codes *codes) {
  return codes->codes[choose(w->c, CODE_COUNT)];
}

static bool can_read(const struct writer *w, const struct fact *f) {
  if (f->field) return w->loop == RECORD_LOOP;
  if (!f->line) return true;
  if (f->own) return w->in_line && w->loop != NO_LOOP;
  return w->loop == LINE_LOOP || (w->in_line && w->loop == NO_LOOP);
}

// A fact of a kind that can be read here; fields of the row at hand are taken half of the time.
static const struct fact *pick_fact(struct writer *w, enum kind kind) {
  const struct fact *found[MOST_FACTS];
  bool fields = (w->in_line || w->loop != NO_LOOP) && choose(w->c, 2) == 1;
  for (int round = 0; round < 2; round++) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < w->words->fact_count; i++) {
      const struct fact *f = &w->facts[i];
      if (f->kind != kind || !can_read(w, f)) continue;
      if (round == 0 && fields && !f->field && !f->line) continue;
      found[count++] = f;
    }
    if (count) return found[choose(w->c, count)];
  }
  return NULL;
}

static const char *if_given(struct writer *w, const struct fact *f) {
  (void)f;
  return choose_one_in(w->c, 6) ? " if given" : "";
}

// ------------------------------------------------------------------ the vocabulary

static void put_values(struct text *out, const struct enumeration *e) {
  text_put(out, "{ ");
  for (uint32_t i = 0; i < e->count; i++) text_put(out, "%s%s", i ? ", " : "", e->values[i]);
  text_put(out, " }");
}

static const char *word(const char *s) {
  return s != NULL ? s : "";
}

static void put_type(struct text *out, const struct fact *f) {
  static const char *const words[KINDS] = {"boolean", NULL, "code",         "text",
                                           "date",    NULL, "list of code", "list of "};
  if (f->kind == NUMBER) {
    text_put(out, "%s %s %s", f->whole ? "integer" : "decimal", word(f->unit), word(f->bounds));
    return;
  }
  if (words[f->kind] != NULL) text_put(out, "%s", words[f->kind]);
  if (f->kind == CODE) text_put(out, "%s", word(f->bounds));
  if (f->values == NULL) return;
  if (f->values->name != NULL) {
    text_put(out, "%s", f->values->name);
  } else {
    text_put(out, "one of ");
    put_values(out, f->values);
  }
}

static void put_assumed(struct writer *w, const struct fact *f) {
  text_put(w->out, " left out means assumed ");
  switch (f->kind) {
  case BOOLEAN: text_put(w->out, "%s", choose(w->c, 2) ? "true" : "false"); break;
  case ENUMERATION:
    text_put(w->out, "%s", f->values->values[choose(w->c, f->values->count)]);
    break;
  case NUMBER: text_put(w->out, "28 %s", word(f->unit)); break;
  default: text_put(w->out, "%s", pick_date(w)); break;
  }
}

static void put_left_out(struct writer *w, const struct fact *f) {
  uint32_t n = choose(w->c, 16);
  if (w->plain && n < 15) return;
  bool scalar = f->kind == BOOLEAN || f->kind == ENUMERATION || f->kind == NUMBER || f->kind == DAY;
  if (n == 15 && f->none) {
    text_put(w->out, " left out means none");
  } else if (n == 14 && (f->kind == CODES || f->kind == VALUES || f->kind == RECORDS)) {
    text_put(w->out, " left out means empty");
  } else if ((n == 13 || n == 12) && scalar && !f->none) {
    put_assumed(w, f);
  } else if (n == 11 && f->kind == DAY) {
    text_put(w->out, " left out means case.birth");
  }
}

static void put_fact(struct writer *w, struct fact *f) {
  text_put(w->out, "%s%s : ", f->field || f->line ? "  " : "fact ", f->name);
  put_type(w->out, f);
  f->none = f->none && choose_one_in(w->c, 3);
  if (f->none) text_put(w->out, " or none");
  if (!f->plain) put_left_out(w, f);
  text_put(w->out, "\n");
}

static void put_lines_of_vocabulary(struct writer *w) {
  text_put(w->out,
           "list case.lines keyed by number \"lines\" {\n  number : integer from 0 required\n"
           "  category : site left out means derived\n"
           "  given : decimal base units from 0 left out means none\n"
           "  per : decimal base units per unit from 0%s\n  related : line of case.lines%s\n",
           choose(w->c, 2) ? " left out means none" : "",
           choose(w->c, 2) ? " left out means none" : " or none");
  for (uint32_t i = 0; i < OWN.fact_count; i++) {
    struct fact *f = &w->facts[i];
    if (!f->line) continue;
    if (f->own) {
      f->none = f[-1].none; // what stands before it is the same field
    } else if (f->plain) {
      text_put(w->out, "  %s : date left out means case.day\n", f->name);
    } else {
      put_fact(w, f);
    }
  }
  text_put(w->out, "}\n");
}

static void put_vocabulary(struct writer *w) {
  text_put(w->out, "soc 1\nvocabulary \"gen\"\nenumeration site ");
  put_values(w->out, &SITE);
  text_put(w->out, "\nenumeration required_action { call, write, visit }\nenumeration color ");
  put_values(w->out, &COLOR);
  text_put(w->out, "\n");
  for (int i = 0; i < 10; i++) text_put(w->out, "reason R%d \"reason %d\"\n", i, i);
  text_put(w->out, "reason FACT_MISSING \"a fact is missing\"\n");
  for (uint32_t i = 0; i < OWN.fact_count; i++) {
    struct fact *f = &w->facts[i];
    if (!f->field && !f->line && f->kind != RECORDS) put_fact(w, f);
  }
  text_put(w->out, "list case.events \"events\" {\n");
  for (uint32_t i = 0; i < OWN.fact_count; i++) {
    if (w->facts[i].field) put_fact(w, &w->facts[i]);
  }
  text_put(w->out, "}\n");
  put_lines_of_vocabulary(w);
}

// ------------------------------------------------------------------ sets

// Members that do not overlap: codes of the list once each, ranges and prefixes apart by their number.
static void put_code_members(struct writer *w, const struct codes *codes) {
  uint32_t n = 1 + choose(w->c, 4), first = choose(w->c, CODE_COUNT);
  for (uint32_t i = 0; i < n; i++) {
    if (i) text_put(w->out, ", ");
    switch (choose(w->c, 6)) {
    default: text_put(w->out, "%s", codes->codes[(first + i) % CODE_COUNT]); break;
    case 4:
      text_put(w->out, "%s%u%s..%s%u%s", codes->head, i, codes->tail, codes->head, i,
               codes->last_tail);
      break;
    case 5: text_put(w->out, "%s%u*", codes->prefix, i); break;
    }
  }
}

static void put_dated_members(struct writer *w, const struct codes *codes) {
  uint32_t n = 1 + choose(w->c, 4), first = choose(w->c, CODE_COUNT);
  for (uint32_t i = 0; i < n; i++) {
    text_put(w->out, "%s%s", i ? ", " : "", codes->codes[(first + i) % CODE_COUNT]);
    if (choose(w->c, 3)) text_put(w->out, " from 2024-0%u-01", 1 + choose(w->c, 4));
    if (choose(w->c, 3)) text_put(w->out, " to 2024-0%u-15", 5 + choose(w->c, 4));
  }
}

static void put_set(struct writer *w, uint32_t number) {
  const struct fact *f = pick_fact(w, choose(w->c, 2) ? CODE : CODES);
  w->set_codes[number] = f->codes;
  bool prefixes = f->codes->by_first && choose_one_in(w->c, 3);
  text_put(w->out, "set codes%u of codes%s \"s\" cite \"c\" { ", number,
           prefixes ? " by first 3 characters" : "");
  if (prefixes) {
    text_put(w->out, "C00..C96, D00..D09, D37..D49");
  } else if (choose(w->c, 2)) {
    put_dated_members(w, f->codes);
  } else {
    put_code_members(w, f->codes);
  }
  text_put(w->out, " }\n");
}

static void put_sets(struct writer *w) {
  for (uint32_t n = choose(w->c, MAX_SETS + 1); w->code_sets < n; w->code_sets++)
    put_set(w, w->code_sets);
  if (choose(w->c, 2)) {
    text_put(w->out, "set texts0 of texts \"s\" cite \"c\" { \"Actemra\", \"simponi  ARIA\" }\n");
    w->text_sets = 1;
  }
}

// A named set of the fact's kind of codes if there is one, else one in place.
static void put_code_set(struct writer *w, const struct codes *codes) {
  uint32_t n = choose(w->c, 2 + MAX_SETS);
  if (n < w->code_sets && w->set_codes[n] == codes) {
    text_put(w->out, "codes%u", n);
  } else {
    text_put(w->out, "{ ");
    put_code_members(w, codes);
    text_put(w->out, " }");
    return;
  }
  if (!w->basis || choose_one_in(w->c, 4)) {
    text_put(w->out, " as of %s", choose(w->c, 2) ? w->words->birth : w->words->day);
  }
}

static void put_value_set(struct writer *w, const struct enumeration *e) {
  uint32_t n = 1 + choose(w->c, e->count - 1), first = choose(w->c, e->count);
  text_put(w->out, "{ ");
  for (uint32_t i = 0; i < n; i++)
    text_put(w->out, "%s%s", i ? ", " : "", e->values[(first + i) % e->count]);
  text_put(w->out, " }");
}

// ------------------------------------------------------------------ values

static void put_day_term(struct writer *w) {
  const struct fact *f = pick_fact(w, DAY);
  if (choose_one_in(w->c, 4)) {
    text_put(w->out, "%s", pick_date(w));
  } else {
    text_put(w->out, "%s%s", f->name, if_given(w, f));
  }
}

static void put_day(struct writer *w, uint32_t depth) {
  uint32_t n = choose(w->c, 8);
  if (depth && n == 7 && !w->plain) {
    text_put(w->out, "%s of { ", choose(w->c, 2) ? "latest" : "earliest");
    for (uint32_t i = 0; i < 2; i++) {
      if (i) text_put(w->out, "; ");
      put_day(w, depth - 1);
    }
    text_put(w->out, " }");
    return;
  }
  put_day_term(w);
  if (w->plain) return;
  for (uint32_t i = 0; n >= 4 && i < n - 3 && i < 2; i++) {
    static const char *const units[] = {"days", "months", "years", "days"};
    const char *unit = units[choose(w->c, 4)];
    text_put(w->out, " %s ", choose(w->c, 2) ? "-" : "+");
    if (choose_one_in(w->c, 5)) {
      text_put(w->out, "%s%s", w->words->interval, choose_one_in(w->c, 3) ? " if given" : "");
    } else {
      text_put(w->out, "%s %s", WHOLES[choose(w->c, WHOLE_COUNT)], unit);
    }
  }
}

static void put_length(struct writer *w) {
  if (w->constants && choose_one_in(w->c, 4)) {
    text_put(w->out, "days0");
  } else {
    text_put(w->out, "%s days", WHOLES[1 + choose(w->c, WHOLE_COUNT - 1)]);
  }
}

static const char *relation(struct writer *w) {
  static const char *const rels[] = {"=", "differs from", "<", "<=", ">", ">="};
  return rels[choose(w->c, 6)];
}

static const char *day_relation(struct writer *w) {
  static const char *const rels[] = {
      "before", "after", "on or before", "on or after", "=", "differs from", "<", ">="};
  return rels[choose(w->c, 8)];
}

static void put_number_literal(struct writer *w, const struct fact *f) {
  const char *n =
      f->whole ? WHOLES[choose(w->c, WHOLE_COUNT)] : NUMBERS[choose(w->c, NUMBER_COUNT)];
  text_put(w->out, "%s%s%s", n, f->unit ? " " : "", word(f->unit));
}

// ------------------------------------------------------------------ comparisons

static void put_condition(struct writer *w, uint32_t depth);

static void put_truth(struct writer *w) {
  if (w->switches && choose_one_in(w->c, 8)) {
    text_put(w->out, "on0");
    return;
  }
  const struct fact *f = pick_fact(w, BOOLEAN);
  text_put(w->out, "%s%s", f->name, if_given(w, f));
}

static void put_enumeration(struct writer *w) {
  const struct fact *f = pick_fact(w, ENUMERATION);
  text_put(w->out, "%s%s ", f->name, if_given(w, f));
  if (choose(w->c, 2)) {
    text_put(w->out, "in ");
    put_value_set(w, f->values);
  } else {
    text_put(w->out, "%s %s", choose_one_in(w->c, 3) ? "differs from" : "=",
             f->values->values[choose(w->c, f->values->count)]);
  }
}

static void put_days(struct writer *w) {
  uint32_t n = choose(w->c, 4);
  put_day(w, 1);
  if (n >= 2) {
    text_put(w->out, n == 2 ? " in first " : " within ");
    put_length(w);
    text_put(w->out, n == 2 ? " from " : " of ");
  } else {
    text_put(w->out, " %s ", day_relation(w));
  }
  put_day(w, 1);
}

static void put_number(struct writer *w) {
  const struct fact *f = pick_fact(w, NUMBER);
  text_put(w->out, "%s%s", f->name, if_given(w, f));
  if (choose_one_in(w->c, 5)) {
    text_put(w->out, " %s ", choose(w->c, 2) ? "+" : "-");
    put_number_literal(w, f);
  }
  text_put(w->out, " %s ", relation(w));
  if (strcmp(f->name, w->words->interval) == 0 && choose(w->c, 2)) {
    text_put(w->out, "%s", w->words->longest);
  } else {
    put_number_literal(w, f);
  }
}

static void put_code(struct writer *w) {
  const struct fact *f = pick_fact(w, CODE);
  text_put(w->out, "%s%s ", f->name, if_given(w, f));
  if (choose(w->c, 3)) {
    text_put(w->out, "in ");
    put_code_set(w, f->codes);
  } else {
    text_put(w->out, "%s %s", choose(w->c, 2) ? "=" : "differs from", pick_code(w, f->codes));
  }
}

static void put_text(struct writer *w) {
  const struct fact *f = pick_fact(w, TEXT);
  text_put(w->out, "%s%s ", f->name, if_given(w, f));
  uint32_t n = choose(w->c, 4);
  if (n == 3 && w->text_sets) {
    text_put(w->out, "in texts0");
  } else if (n >= 2) {
    text_put(w->out, "in { \"%s\", \"%s\" }", TEXTS[choose(w->c, 2)], TEXTS[2 + choose(w->c, 3)]);
  } else {
    text_put(w->out, "%s \"%s\"", n ? "differs from" : "=", TEXTS[choose(w->c, TEXT_COUNT)]);
  }
}

static void put_state(struct writer *w) {
  enum kind kind = (enum kind)choose(w->c, KINDS);
  const struct fact *f = pick_fact(w, kind);
  if (f->kind == RECORDS && (w->in_line || w->loop != NO_LOOP)) f = pick_fact(w, DAY);
  const char *not = choose(w->c, 2) ? "not " : "";
  bool list = f->kind == CODES || f->kind == VALUES || f->kind == RECORDS;
  if (list && choose(w->c, 2)) {
    text_put(w->out, "%s is %sempty", f->name, not );
  } else if (f->none && choose(w->c, 3)) {
    text_put(w->out, "%s is %snone", f->name, not );
  } else {
    text_put(w->out, "%s is %sleft out", f->name, not );
  }
}

static void put_includes(struct writer *w) {
  static const char *const modes[] = {"includes any of ", "includes all of ", "includes only ",
                                      "includes none of "};
  const struct fact *f = pick_fact(w, choose(w->c, 2) ? CODES : VALUES);
  text_put(w->out, "%s%s ", f->name, if_given(w, f));
  uint32_t n = choose(w->c, 5);
  if (n == 4) {
    text_put(w->out, "includes { %s }",
             f->kind == CODES ? pick_code(w, f->codes)
                              : f->values->values[choose(w->c, f->values->count)]);
    return;
  }
  text_put(w->out, "%s", modes[n]);
  if (f->kind == VALUES) {
    put_value_set(w, f->values);
  } else if (n == 1) {
    text_put(w->out, "{ %s, %s }", f->codes->codes[choose(w->c, 4)],
             f->codes->codes[4 + choose(w->c, 4)]);
  } else {
    put_code_set(w, f->codes);
  }
}

// A value that is derived for each line, of the row at hand or of `this line`.
static bool put_category(struct writer *w) {
  bool bare = w->loop == LINE_LOOP || (w->in_line && w->loop == NO_LOOP);
  if (!w->category || (!bare && !w->in_line)) return false;
  bool own = w->in_line && w->loop != NO_LOOP && (!bare || choose(w->c, 2));
  const struct enumeration *e = w->words->category;
  text_put(w->out, "%scategory ", own ? "this line's " : "");
  if (choose(w->c, 3)) {
    text_put(w->out, "in ");
    put_value_set(w, e);
  } else {
    text_put(w->out, "%s %s", choose(w->c, 2) ? "=" : "differs from",
             e->values[choose(w->c, e->count)]);
  }
  return true;
}

static void put_derived(struct writer *w) {
  if (choose(w->c, 2) && put_category(w)) return;
  if (w->enumerations && choose(w->c, 2)) {
    text_put(w->out, "where%u ", choose(w->c, w->enumerations));
    if (choose(w->c, 3)) {
      text_put(w->out, "in ");
      put_value_set(w, w->words->site);
    } else {
      text_put(w->out, "%s %s", choose(w->c, 2) ? "=" : "differs from", pick_site(w));
    }
    return;
  }
  uint32_t n = choose(w->c, w->derived ? 4 : 3);
  if (n == 3) {
    text_put(w->out, "derived%u", w->derived - 1);
  } else {
    text_put(w->out, "%s from %s to ", n < 2 ? "completed years" : "days",
             n == 0 ? w->words->birth : w->words->start);
    put_day_term(w);
  }
  bool years = n < 2 || (n == 3 && w->derived == 1);
  text_put(w->out, " %s %s %s", relation(w), WHOLES[choose(w->c, WHOLE_COUNT)],
           years ? "years" : "days");
}

static void put_rows_body(struct writer *w, uint32_t depth, enum loop loop) {
  bool may_label = w->may_label;
  w->loop = loop;
  w->may_label = false;
  put_condition(w, depth ? depth - 1 : 0);
  w->loop = NO_LOOP;
  w->may_label = may_label;
}

static void put_rows(struct writer *w, uint32_t depth) {
  static const char *const words[] = {"some", "every", "no"};
  uint32_t n = choose(w->c, 4);
  enum loop loop = w->category && choose(w->c, 2) ? LINE_LOOP : RECORD_LOOP;
  const char *list = loop == LINE_LOOP ? w->words->lines : w->words->records;
  if (n < 3) {
    text_put(w->out, "%s record of %s has ", words[n], list);
    put_rows_body(w, depth, loop);
    return;
  }
  text_put(w->out, "number of records of %s with { ", list);
  put_rows_body(w, depth, loop);
  text_put(w->out, " } %s ", relation(w));
  if (choose(w->c, 2)) {
    text_put(w->out, "%u", choose(w->c, 4));
  } else {
    text_put(w->out, "%s", w->words->count);
  }
}

// ------------------------------------------------------------------ other lines

static const char *which_lines(struct writer *w) {
  static const char *const words[] = {"", "other ", "earlier "};
  return words[choose(w->c, 3)];
}

static const char *same_date(struct writer *w) {
  return choose_one_in(w->c, 3) ? " on the same date" : "";
}

static void put_number_of_lines(struct writer *w, uint32_t depth) {
  const char *which = which_lines(w), *date = same_date(w);
  text_put(w->out, "number of %slines%s with { ", which, date);
  put_rows_body(w, depth, LINE_LOOP);
  text_put(w->out, " }");
}

static void put_sum_of_lines(struct writer *w, uint32_t depth) {
  const char *which = which_lines(w), *date = same_date(w);
  text_put(w->out, "sum of %s of %slines%s with { ", w->words->units, which, date);
  put_rows_body(w, depth, LINE_LOOP);
  text_put(w->out, " }");
}

static void put_quotient(struct writer *w) {
  text_put(w->out, "%s / %s rounded up to a whole unit", w->words->amount, w->words->per);
}

static void put_some_lines(struct writer *w, uint32_t depth) {
  static const char *const words[] = {"some", "every", "no"};
  const char *word = words[choose(w->c, 3)], *which = which_lines(w), *date = same_date(w);
  text_put(w->out, "%s %sline%s has ", word, which, date);
  put_rows_body(w, depth, LINE_LOOP);
}

// Only where a line is at hand and no loop goes over others.
static void put_other_lines(struct writer *w, uint32_t depth) {
  switch (choose(w->c, 8)) {
  default: put_some_lines(w, depth); break;
  case 3:
    text_put(w->out, "the related line has ");
    put_rows_body(w, depth, LINE_LOOP);
    break;
  case 4:
    text_put(w->out, "some line up the chain of %s has ", w->words->related);
    put_rows_body(w, depth, LINE_LOOP);
    break;
  case 5:
    put_number_of_lines(w, depth);
    text_put(w->out, " %s %u", relation(w), choose(w->c, 4));
    break;
  case 6:
    put_sum_of_lines(w, depth);
    text_put(w->out, " %s %s units", relation(w), NUMBERS[choose(w->c, NUMBER_COUNT)]);
    break;
  case 7:
    put_quotient(w);
    text_put(w->out, " %s %s units", relation(w), WHOLES[choose(w->c, WHOLE_COUNT)]);
    break;
  }
}

// A criterion or quantity of lines, of the row at hand or of `this line`. False: there is none to read here.
static bool put_of_line(struct writer *w) {
  bool bare = w->loop == LINE_LOOP || (w->in_line && w->loop == NO_LOOP);
  if (w->of_lines + w->quantities == 0 || (!bare && !w->in_line)) return false;
  const char *own =
      w->in_line && w->loop != NO_LOOP && (!bare || choose(w->c, 2)) ? "this line's " : "";
  uint32_t n = choose(w->c, w->of_lines + w->quantities);
  if (n < w->of_lines) {
    text_put(w->out, "%sline.c%u", own, n);
    return true;
  }
  n -= w->of_lines;
  text_put(w->out, "%squantity%u %s %u%s", own, n, relation(w), choose(w->c, 4),
           n % 2 ? " units" : "");
  return true;
}

// A test of one fact.
static void put_plain_leaf(struct writer *w) {
  const struct fact *f;
  switch (choose(w->c, 8)) {
  default: put_truth(w); break;
  case 1: put_enumeration(w); break;
  case 2:
    f = pick_fact(w, DAY);
    text_put(w->out, "%s%s %s %s", f->name, if_given(w, f), day_relation(w), pick_date(w));
    break;
  case 3:
    f = pick_fact(w, NUMBER);
    text_put(w->out, "%s%s %s ", f->name, if_given(w, f), relation(w));
    put_number_literal(w, f);
    break;
  case 4: put_code(w); break;
  case 5: put_text(w); break;
  case 6: put_state(w); break;
  case 7: put_includes(w); break;
  }
}

static void put_leaf(struct writer *w, uint32_t depth) {
  if (w->plain && choose(w->c, 16)) {
    put_plain_leaf(w);
    return;
  }
  switch (choose(w->c, 14)) {
  default: put_truth(w); break;
  case 1: put_enumeration(w); break;
  case 2:
  case 3: put_days(w); break;
  case 4: put_number(w); break;
  case 5:
  case 6: put_code(w); break;
  case 7: put_text(w); break;
  case 8: put_state(w); break;
  case 9:
  case 10: put_includes(w); break;
  case 11: put_derived(w); break;
  case 12:
  case 13:
    if (w->loop == NO_LOOP && w->in_line && choose(w->c, 4)) {
      put_other_lines(w, depth);
    } else if (w->loop == NO_LOOP) {
      put_rows(w, depth);
    } else if (!put_of_line(w)) {
      put_enumeration(w);
    }
    break;
  }
}

// ------------------------------------------------------------------ conditions

static void put_block(struct writer *w, uint32_t depth) {
  uint32_t n = 1 + choose(w->c, 4), kind = choose(w->c, 4);
  static const char *const words[] = {"all of", "any of", "none of"};
  if (kind < 3) {
    text_put(w->out, "%s { ", words[kind]);
  } else {
    text_put(w->out, "at least %u of { ", 1 + choose(w->c, n));
  }
  for (uint32_t i = 0; i < n; i++) {
    if (i) text_put(w->out, "; ");
    if (w->may_label && choose_one_in(w->c, 5)) text_put(w->out, "part%u: ", w->labels++);
    put_condition(w, depth - 1);
  }
  text_put(w->out, " }");
}

static void put_condition(struct writer *w, uint32_t depth) {
  if (w->budget) w->budget--;
  if (depth == 0 || w->budget == 0) {
    put_leaf(w, 0);
    return;
  }
  switch (choose(w->c, 8)) {
  default: put_leaf(w, depth); break;
  case 4:
  case 5: put_block(w, depth); break;
  case 6:
    text_put(w->out, "not ");
    put_condition(w, depth - 1);
    break;
  case 7:
    if (choose(w->c, 2) && put_of_line(w)) break;
    if (w->criteria) {
      text_put(w->out, "crit.c%u", choose(w->c, w->criteria));
    } else {
      put_block(w, depth);
    }
    break;
  }
}

static void put_top_condition(struct writer *w, bool may_label) {
  w->labels = 0;
  w->may_label = may_label;
  w->budget = 24;
  put_condition(w, DEEP);
}

// ------------------------------------------------------------------ declarations of the policy

static void put_derivation(struct writer *w) {
  const struct lexicon *words = w->words;
  text_put(w->out, "derive where%u : site asks %s \"s\" cite \"c\" { %s when given",
           w->enumerations, words->place, words->place);
  if (choose(w->c, 2))
    text_put(w->out, "; inpatient when %s if given in %s", words->bill, words->bill_codes);
  if (choose(w->c, 3) == 1) {
    uint32_t first = choose(w->c, words->site->count - 1);
    text_put(w->out, "; %s or %s when ", words->site->values[first],
             words->site->values[first + 1]);
    w->may_label = false;
    w->budget = 3;
    put_condition(w, 1);
  }
  if (choose(w->c, 2)) {
    text_put(w->out, "; from %s { %s }", words->bill, words->bill_map);
  } else if (choose(w->c, 2)) {
    text_put(w->out, "; %s otherwise", pick_site(w));
  }
  text_put(w->out, " }\n");
  w->enumerations++;
}

static void put_while_open(struct writer *w);

// ------------------------------------------------------------------ what is said of each line

static void put_category_derivation(struct writer *w) {
  const struct enumeration *e = w->words->category;
  text_put(w->out, "  derive category : %s asks %s.category \"s\" cite \"c\" { category when given",
           e->name, w->words->lines);
  for (uint32_t n = choose(w->c, 3); n > 0; n--) {
    text_put(w->out, "; %s when ", e->values[choose(w->c, e->count)]);
    w->may_label = false;
    w->budget = 3;
    put_condition(w, 1);
  }
  if (choose(w->c, 3)) {
    text_put(w->out, "; %s otherwise%s", e->values[choose(w->c, e->count)],
             choose(w->c, 2) ? " assumed" : "");
  }
  text_put(w->out, " }\n");
}

// Those with an even number are counts, the others units.
static void put_quantity(struct writer *w) {
  text_put(w->out, "  quantity quantity%u = ", w->quantities);
  w->budget = 8;
  w->may_label = false;
  if (w->quantities % 2 == 0) {
    put_number_of_lines(w, 2);
    if (choose_one_in(w->c, 3)) text_put(w->out, " + 1");
  } else if (choose(w->c, 2)) {
    put_sum_of_lines(w, 2);
  } else {
    put_quotient(w);
  }
  text_put(w->out, " \"s\" cite \"c\"\n");
  w->quantities++;
}

static void put_each_line(struct writer *w) {
  text_put(w->out, "each line of %s {\n", w->words->lines);
  w->in_line = true;
  put_category_derivation(w);
  w->category = true;
  for (uint32_t n = 1 + choose(w->c, 5); n > 0; n--) {
    if (choose_one_in(w->c, 3)) {
      put_quantity(w);
      continue;
    }
    text_put(w->out, "  criterion line.c%u \"c\" cite \"c\" met when ", w->of_lines);
    put_top_condition(w, true);
    text_put(w->out, "\n");
    w->of_lines++;
  }
  w->in_line = false;
  text_put(w->out, "}\n");
}

static void put_line_rule(struct writer *w, uint32_t number, bool last) {
  static const char *const say[] = {"eligible", "deny",     "not separate", "resubmit",
                                    "pend",     "eligible", "not addressed"};
  const char *word = say[choose(w->c, 7)];
  bool code = strcmp(word, "eligible") != 0 || choose(w->c, 2);
  text_put(w->out, "  %s %s%sas r%u ", word, code ? pick_reason(w) : "", code ? " " : "", number);
  w->may_label = false;
  w->budget = 12;
  if (last) {
    text_put(w->out, "otherwise");
  } else {
    text_put(w->out, "%s ", choose_one_in(w->c, 4) ? "unless" : "when");
    put_condition(w, 2);
  }
  text_put(w->out, " \"text\" cite \"c\"");
  if (!last && choose_one_in(w->c, 6)) text_put(w->out, " and stop");
  if (w->quantities && choose_one_in(w->c, 3)) {
    bool units = w->quantities > 1 && choose(w->c, 2);
    text_put(w->out, " stands %u%s - quantity%u at least 0%s", choose(w->c, 5),
             units ? " units" : "", units ? 1u : 0u, units ? " units" : "");
  }
  if (choose_one_in(w->c, 5)) text_put(w->out, " action %s", w->words->actions[choose(w->c, 2)]);
  if (!last) put_while_open(w);
  text_put(w->out, "\n");
}

static void put_line_decision(struct writer *w) {
  uint32_t number = 1000;
  text_put(w->out, "decision pay administrative for each line of %s {\n", w->words->lines);
  if (choose(w->c, 2)) text_put(w->out, "  report every match\n");
  w->in_line = true;
  for (uint32_t n = 1 + choose(w->c, 5); n > 0; n--) put_line_rule(w, number++, false);
  put_line_rule(w, number, true);
  w->in_line = false;
  text_put(w->out, "}\n");
}

static void put_declarations(struct writer *w) {
  if (choose(w->c, 2)) {
    text_put(w->out, "constant days0 = %s days \"c\" cite \"c\"\n",
             WHOLES[1 + choose(w->c, WHOLE_COUNT - 1)]);
    w->constants = 1;
  }
  if (choose(w->c, 2)) {
    text_put(w->out, "constant on0 = %s \"c\" cite \"c\"\n", choose(w->c, 2) ? "true" : "false");
    w->switches = 1;
  }
  put_sets(w);
  if (choose(w->c, 2)) {
    text_put(w->out, "derive derived0 = completed years from %s to %s \"s\" cite \"c\"\n",
             w->words->birth, w->words->day);
    w->derived = 1;
    if (choose(w->c, 2)) {
      text_put(w->out, "derive derived1 = days from %s to %s \"s\" cite \"c\"\n", w->words->start,
               w->words->day);
      w->derived = 2;
    }
  }
  for (uint32_t i = choose(w->c, 3); i > 0; i--) put_derivation(w);
  uint32_t lines_before =
      w->plain ? 3 : choose(w->c, 4); // criteria before what is said of lines; 3: nothing is
  if (lines_before == 0) put_each_line(w);
  for (uint32_t n = choose(w->c, MAX_CRITERIA); w->criteria < n; w->criteria++) {
    if (w->criteria == lines_before && lines_before > 0 && lines_before < 3) put_each_line(w);
    text_put(w->out, "criterion crit.c%u \"c\" cite \"c\" met when ", w->criteria);
    put_top_condition(w, true);
    text_put(w->out, "\n");
  }
}

// ------------------------------------------------------------------ rules

// A window may read only facts that are certain once its rule is met: the policy's date, a date that the rule's own
// condition compares, or what is `if given`.
static void put_window_end(struct writer *w, const char *certain) {
  bool day = w->basis && !(certain != NULL && choose(w->c, 2));
  const char *start = day ? w->words->day : certain;
  switch (start != NULL ? choose(w->c, 4) : 3) {
  default: text_put(w->out, "%s + %s days", start, WHOLES[choose(w->c, WHOLE_COUNT)]); break;
  case 1: text_put(w->out, "%s + %u months - 1 day", start, 1 + choose(w->c, 14)); break;
  case 2:
    text_put(w->out, "earliest of { %s + 12 months; %s if given }", start, w->words->end);
    break;
  case 3: text_put(w->out, "%s if given", w->words->end); break;
  }
}

static void put_window(struct writer *w, const char *certain) {
  if (choose_one_in(w->c, 4)) {
    text_put(w->out, " from latest of { %s%s; %s if given }", w->words->day,
             w->basis ? "" : " if given", w->words->start);
  }
  if (choose(w->c, 2)) {
    text_put(w->out, " through ");
    put_window_end(w, certain);
  }
  if (choose_one_in(w->c, 6)) text_put(w->out, " one time");
}

static void put_clauses(struct writer *w, bool approve, const char *certain, bool stop) {
  text_put(w->out, " \"text\" cite \"c\"");
  if (stop) text_put(w->out, " and stop");
  if (approve) {
    put_window(w, certain);
  } else if (choose_one_in(w->c, 4)) {
    text_put(w->out, " redirect ");
    put_value_set(w, w->words->site);
    if (choose(w->c, 2)) text_put(w->out, " except %s if given", w->words->sites);
  }
  if (choose_one_in(w->c, 5)) {
    text_put(w->out, " action %s", w->words->actions[choose(w->c, 2)]);
    if (choose(w->c, 2)) {
      text_put(w->out, " if ");
      w->budget = 2;
      put_condition(w, 1);
    }
  }
  for (uint32_t n = choose(w->c, 8); n >= 6; n--) {
    text_put(w->out, " because %s", pick_reason(w));
    if (n == 7 || choose(w->c, 2)) {
      text_put(w->out, " when ");
      w->budget = 2;
      put_condition(w, 1);
    }
  }
}

static void put_while_open(struct writer *w) {
  if (!choose_one_in(w->c, 5)) return;
  const char *code = pick_reason(w);
  text_put(w->out, " while open %s", choose_one_in(w->c, 4) ? "FACT_MISSING" : code);
  if (choose(w->c, 2)) {
    text_put(w->out, " if ");
    w->budget = 2;
    put_condition(w, 1);
  }
}

static const char *determination(struct writer *w, bool administrative) {
  static const char *const medical[] = {"approve", "approve", "refer", "pend", "not applicable"};
  static const char *const lines[] = {"approve", "deny", "pend", "refer", "not applicable"};
  return (administrative ? lines : medical)[choose(w->c, 5)];
}

static void put_rule(struct writer *w, bool administrative, uint32_t number, const char *indent) {
  const char *say = determination(w, administrative);
  bool approve = strcmp(say, "approve") == 0;
  const char *certain = approve && choose(w->c, 3) == 2 ? w->words->start : NULL;
  text_put(w->out, "%s%s %s as r%u ", indent, say, pick_reason(w), number);
  w->may_label = false;
  w->budget = 12;
  if (certain != NULL) {
    text_put(w->out, "when all of { %s on or after 1990-01-01; ", certain);
    put_condition(w, 1);
    text_put(w->out, " }");
  } else {
    text_put(w->out, "%s ", choose_one_in(w->c, 4) ? "unless" : "when");
    put_condition(w, 2);
  }
  put_clauses(w, approve, certain, choose_one_in(w->c, 6));
  put_while_open(w);
  text_put(w->out, "\n");
}

// A window may also read what an earlier rule settles: while that fact is left out, the earlier rule is open and has
// another determination, so the later one cannot decide.
static void put_settled(struct writer *w, uint32_t *number, const char *indent) {
  const char *say = choose(w->c, 2) ? "refer" : "pend";
  text_put(w->out, "%s%s %s as r%u when %s before 1990-01-01 \"text\" cite \"c\"\n", indent, say,
           pick_reason(w), (*number)++, w->words->end);
  text_put(w->out, "%sapprove %s as r%u when ", indent, pick_reason(w), (*number)++);
  w->may_label = false;
  w->budget = 4;
  put_condition(w, 1);
  text_put(w->out, " \"text\" cite \"c\" through %s + %u days\n", w->words->end, choose(w->c, 60));
}

static void put_rules(struct writer *w, bool administrative, uint32_t *number, const char *indent) {
  for (uint32_t n = choose(w->c, 5); n > 0; n--) put_rule(w, administrative, (*number)++, indent);
}

static void put_within(struct writer *w, bool administrative, uint32_t *number) {
  text_put(w->out, "  within ");
  w->may_label = false;
  w->budget = 4;
  put_condition(w, 2);
  text_put(w->out, " {\n");
  put_rules(w, administrative, number, "    ");
  put_rule(w, administrative, (*number)++, "    ");
  text_put(w->out, "  }\n");
}

static void put_decision(struct writer *w, uint32_t index) {
  bool administrative = choose_one_in(w->c, 4);
  uint32_t number = 100 * (index + 1);
  text_put(w->out, "decision made%u %s {\n", index, administrative ? "administrative" : "medical");
  if (choose_one_in(w->c, 3)) text_put(w->out, "  longest approval decides\n");
  if (choose_one_in(w->c, 3)) text_put(w->out, "  report every match\n");
  put_rules(w, administrative, &number, "  ");
  if (choose_one_in(w->c, 3)) text_put(w->out, "  include shared\n");
  if (choose_one_in(w->c, 12)) put_settled(w, &number, "  ");
  if (choose_one_in(w->c, 3)) put_within(w, administrative, &number);
  put_rules(w, administrative, &number, "  ");
  text_put(w->out, "  %s %s as last otherwise \"text\"", determination(w, administrative),
           pick_reason(w));
  text_put(w->out, " cite \"c\"\n}\n");
}

static void put_ask_order(struct writer *w) {
  const char *names[] = {w->words->end, w->words->start, w->words->place, w->words->bill,
                         w->words->count};
  text_put(w->out, "ask order { ");
  for (uint32_t i = 0, first = choose(w->c, 5); i < 3; i++) {
    text_put(w->out, "%s%s", i ? ", " : "", names[(first + i) % 5]);
  }
  text_put(w->out, " }\n");
}

void generate_policy(struct choices *c, struct generated *g) {
  struct writer w = {.c = c, .out = &g->vocabulary};
  memset(g, 0, sizeof *g);
  w.words = choose_one_in(c, 3) ? &CASE : &OWN;
  w.plain = choose_one_in(c, 4);
  memcpy(w.facts, w.words->facts, w.words->fact_count * sizeof *w.facts);
  if (w.words == &OWN) put_vocabulary(&w);
  w.out = &g->policy;
  text_put(w.out,
           "soc 1\npolicy \"gen/policy\" {\n  title \"t\"\n  payer \"p\"\n  version 2024-01-01\n");
  w.basis = !choose_one_in(c, 10);
  if (w.basis) text_put(w.out, "  basis %s\n", w.words->day);
  text_put(w.out, "  source \"s\" revised 2023-12-01\n}\nuse \"%s\"\n", w.words->use);
  put_declarations(&w);
  uint32_t number = 0;
  text_put(w.out, "rules shared {\n");
  put_rules(&w, false, &number, "  ");
  put_rule(&w, false, number++, "  ");
  text_put(w.out, "}\n");
  for (uint32_t i = 0, n = 1 + choose(c, 2); i < n; i++) put_decision(&w, i);
  if (w.category) put_line_decision(&w);
  if (choose_one_in(c, 3)) put_ask_order(&w);
}
