// SPDX-License-Identifier: Apache-2.0
//
// The policy premera/11.01.523 of 2024-12-05 written by hand in C, for speed, with three-valued facts: the reference
// that the VM is measured against. It answers what the VM answers (determination, deciding code, the reasons that
// hold, what is possible, what is missing, what was assumed, the approval's end), and nothing of vm/ is used.
//
// The state of fact F is bit F of `given` (the value is known) and of `none` (looked up, there is none); with neither
// bit it was left out. The value of a fact that is not given is 0. Facts stand in the order in
// which the policy asks for them, so that a mask of missing facts is in order by itself.
#ifndef SOC_BENCH_PREMERA_C_H
#define SOC_BENCH_PREMERA_C_H

#include <stdbool.h>
#include <stdint.h>

enum premera_fact {
  FACT_LANGUAGE,
  FACT_LINE_OF_BUSINESS,
  FACT_DATE,
  FACT_CODE,
  FACT_DRUG,
  FACT_ROUTE,
  FACT_DIAGNOSES,
  FACT_CONCURRENT,
  FACT_BIRTH,
  FACT_SITE,
  FACT_STATUS,
  FACT_START,
  FACT_PREVIOUS,
  FACT_INTERVAL,
  FACT_MILES,
  FACT_HOME,
  FACT_HOSPITAL_ONLY,
  FACT_CARDIAC,
  FACT_PULMONARY,
  FACT_FVC,
  FACT_RENAL,
  FACT_VASCULAR,
  FACT_COGNITIVE,
  FACT_EVENTS,
  FACT_PLACE, // never asked for: the site is
  FACT_BILL,  // never asked for
  FACT_COUNT
};

enum premera_event_field { EVENT_RELATION, EVENT_KIND, EVENT_SEVERITY, EVENT_FIELDS };

// A field of an event, as a bit in a mask of missing facts.
#define MISSING_EVENT(row, field) (28u + (row)*EVENT_FIELDS + (field))

#define PREMERA_MAX_EVENTS 4
#define PREMERA_MAX_DIAGNOSES 8

enum { LANGUAGE_SILENT, LANGUAGE_EXCLUDES, LANGUAGE_OVERRIDES };
enum { BUSINESS_COMMERCIAL, BUSINESS_MEDICARE_ADVANTAGE = 4, BUSINESS_COUNT = 8 };
enum { ROUTE_INTRAVENOUS, ROUTE_SUBCUTANEOUS, ROUTE_COUNT = 8 };
enum {
  SITE_HOSPITAL,
  SITE_HOSPITAL_SUITE,
  SITE_OFFICE,
  SITE_INFUSION_CENTER,
  SITE_SURGERY_CENTER,
  SITE_HOME,
  SITE_PHARMACY,
  SITE_INPATIENT,
  SITE_COUNT
};
enum { STATUS_MET, STATUS_NOT_MET, STATUS_NOT_REVIEWED, STATUS_NO_POLICY, STATUS_COUNT };
enum { VESSELS_ADEQUATE, VESSELS_COUNT = 4 };
enum { RELATION_SAME, RELATION_SIMILAR, RELATION_UNRELATED, RELATION_COUNT };
enum { KIND_ANAPHYLAXIS, KIND_COUNT = 5 };
enum { SEVERITY_MILD, SEVERITY_MODERATE, SEVERITY_SEVERE, SEVERITY_COUNT = 4 };

struct premera_event {
  uint8_t given; // bit per premera_event_field
  uint8_t field[EVENT_FIELDS];
};

struct premera_facts {
  uint32_t given, none;                 // bit per premera_fact
  uint64_t code, bill;                  // packed, see premera_pack
  int64_t miles;                        // millionths
  int32_t fvc;                          // millionths
  int32_t date, birth, start, previous; // days since 0001-01-01
  int32_t interval_days;
  uint16_t brand; // 1 upward in the order of PREMERA_BRANDS; 0: any other text
  uint8_t place;  // two digits as a number; 100: anything else
  uint8_t language, line_of_business, route, site, status, vascular;
  bool home, hospital_only, cardiac, pulmonary, renal, cognitive;
  uint8_t concurrent_count, diagnosis_count, event_count;
  struct premera_event events[PREMERA_MAX_EVENTS];
  uint64_t diagnoses[PREMERA_MAX_DIAGNOSES]; // packed
};

enum premera_determination { DECIDE_APPROVE, DECIDE_REFER, DECIDE_PEND, DECIDE_NOT_APPLICABLE };

// Codes of results, those of approving rules in the order of the rules.
#define PREMERA_REASONS(X)     \
  X(BENEFIT_PLAN_GOVERNS)      \
  X(NOT_IN_SCOPE_LOB)          \
  X(NOT_IN_SCOPE_INPATIENT)    \
  X(SITE_CONFLICT)             \
  X(NOT_IN_SCOPE_DATE)         \
  X(VERSION_NOT_AVAILABLE)     \
  X(NOT_IN_SCOPE_DRUG)         \
  X(NOT_IN_SCOPE_INDICATION)   \
  X(INDICATION_UNCLEAR)        \
  X(NOT_IN_SCOPE_COMBINATION)  \
  X(NOT_IN_SCOPE_AGE)          \
  X(PREFERRED_SITE)            \
  X(SITE_NOT_ADDRESSED)        \
  X(INITIAL_COURSE)            \
  X(REINITIATION)              \
  X(ACCESS_NO_ALTERNATIVE)     \
  X(ACCESS_HOSPITAL_ONLY)      \
  X(CLINICAL_CARDIAC)          \
  X(CLINICAL_PULMONARY)        \
  X(CLINICAL_RENAL)            \
  X(CLINICAL_VASCULAR)         \
  X(CLINICAL_COGNITIVE)        \
  X(CLINICAL_ADVERSE_REACTION) \
  X(SITE_CRITERIA_NOT_MET)     \
  X(DRUG_CRITERIA_MET)         \
  X(DRUG_CRITERIA_NOT_MET)     \
  X(DRUG_REVIEW_PENDING)       \
  X(DRUG_IDENTITY_MISSING)     \
  X(FACT_MISSING)

enum premera_reason {
#define X(name) REASON_##name,
  PREMERA_REASONS(X)
#undef X
      REASON_COUNT
};

struct premera_outcome {
  uint64_t missing;      // bit per premera_fact, or MISSING_EVENT
  uint32_t reasons;      // bit per premera_reason: those that hold, the deciding one included
  uint8_t determination; // premera_determination
  uint8_t reason;        // premera_reason that decides
  uint8_t possible;      // bit per premera_determination
  bool assumed_language;
  bool has_through;
  int32_t through; // last day of the approval
};

struct premera_result {
  struct premera_outcome site, drug;
};

// The full answer; the code list tested by a switch, or by a perfect hash.
void premera_decide_switch(const struct premera_facts *f, struct premera_result *result);
void premera_decide_hash(const struct premera_facts *f, struct premera_result *result);

// The two determinations alone, returning as soon as they are certain.
struct premera_determinations {
  uint8_t site, drug; // premera_determination
};
struct premera_determinations premera_determine(const struct premera_facts *f);

// A code of at most 12 characters of 0-9 and A-Z as a number that orders as the text does; for binding.
uint64_t premera_pack(const char *text);

#endif
