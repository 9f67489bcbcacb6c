// SPDX-License-Identifier: Apache-2.0
//
// The policy cigna/R14 of 2018-05-19 written by hand in C, for speed, with three-valued facts: the reference that the
// VM is measured against on claims of a few lines. For each line it answers what the VM answers (determination, the
// rule that decides, the reasons that hold in order, what is possible, what is missing, what was assumed, how many
// units stand), and nothing of vm/ is used. The actions follow from the rule and are not in the answer.
//
// Facts that a line leaves out are none (amounts -1, names and codes 0), as the vocabulary says, but for those that it
// leaves unknown or assumes: bits of `given` tell these apart. The value of a fact that is not given is 0, or what is
// assumed.
#ifndef SOC_BENCH_R14_C_H
#define SOC_BENCH_R14_C_H

#include <stdbool.h>
#include <stdint.h>

#define R14_LINES 5

// Facts that can be missing or assumed, as bits of a mask; in the order in which the policy asks for them.
enum r14_fact {
  R14_DATE,
  R14_PLACE,
  R14_FORM,
  R14_BILL,
  R14_STATUS,
  R14_LABEL,
  R14_NECESSARY,
  R14_REGIMEN,
  R14_COMPENDIUM,
  R14_STUDIES,
  R14_PRECERT,
  R14_AUTHORIZATION,
  R14_FLUID,
  R14_PRIMARY_SERVICE,
  R14_LANGUAGE, // assumed: the plan is silent
  R14_MISMATCH, // assumed: none
  R14_FACTS
};

enum r14_field {
  R14_CATEGORY, // can be derived as "other", which is assumed then
  R14_ORDER,    // assumed: documented
  R14_RECORD,   // assumed: documented
  R14_PURPOSE,  // assumed: a clinical indication
  R14_DIALYSIS, // assumed: no
  R14_NPI,
  R14_ROLE, // assumed: primary
  R14_FIELDS,
  // given or not, but never missing by themselves
  R14_OWN_DATE = R14_FIELDS,
  R14_OWN_PLACE
};

// A field of a line, as a bit in a mask of facts.
#define R14_BIT(fact) (UINT64_C(1) << (fact))
#define R14_LINE_BIT(line, field) (UINT64_C(1) << (R14_FACTS + (line)*R14_FIELDS + (field)))

enum { R14_SILENT, R14_EXCLUDES, R14_OVERRIDES };
enum { R14_CMS1500, R14_UB04 };
enum { R14_MET, R14_NOT_MET, R14_NOT_REVIEWED, R14_NO_POLICY };
enum { R14_NO_MISMATCH, R14_BEFORE_ADMISSION, R14_NOT_BEFORE_ADMISSION };
enum { R14_FOR_INFUSION, R14_FOR_OTHER };
enum { R14_BILL_OTHER, R14_BILL_HOME, R14_BILL_INPATIENT }; // 03*, 011* and 012*
enum { R14_PER_DAY = 1, R14_PER_HOUR, R14_PER_UNIT };       // 0: none
enum { R14_NAMED = 1, R14_STRONG_AMINO_ACID };              // 0: no name

// Modifiers, as bits.
enum { R14_JW = 1, R14_25 = 2, R14_59 = 4, R14_SH = 8, R14_SJ = 16 };

#define R14_CATEGORIES(X)              \
  X(drug)                              \
  X(infusion_administration)           \
  X(evaluation_management)             \
  X(infusion_flush)                    \
  X(admixture_or_diluent)              \
  X(iv_insertion)                      \
  X(central_line_insertion)            \
  X(vascular_access)                   \
  X(local_anesthesia)                  \
  X(supply_or_equipment)               \
  X(nursing_or_administration_charge)  \
  X(administrative_service)            \
  X(care_coordination)                 \
  X(professional_pharmacy_service)     \
  X(blood_product)                     \
  X(blood_administration)              \
  X(blood_collection)                  \
  X(autologous_collection_for_surgery) \
  X(tpn_or_lipid)                      \
  X(tpn_standard_component)            \
  X(tpn_separate_component)            \
  X(home_per_diem)                     \
  X(other_medical_surgical)            \
  X(other)

enum r14_category {
#define X(name) CATEGORY_##name,
  R14_CATEGORIES(X)
#undef X
      CATEGORY_COUNT
};

struct r14_line {
  uint32_t given;                                      // bit per r14_field
  uint32_t code;                                       // R14_CODE; 0: none
  uint32_t npi;                                        // a number for each text
  uint16_t revenue;                                    // 0: none
  uint16_t modifiers;                                  // bits
  int32_t date;                                        // days since 0001-01-01
  int64_t units, administered, per_unit, wasted, vial; // millionths; -1: none
  uint32_t number;
  int8_t related;    // a line; -1: none
  uint8_t place;     // two digits as a number
  uint8_t category;  // r14_category
  uint8_t drug_name; // 0: none
  uint8_t basis;     // 0: none
  bool has_route, has_ndc, has_description;
  bool order, record, general_improvement, dialysis, supportive;
};

#define R14_CODE(letter, number) (((uint32_t)(letter) - '0') * 100000u + (number))

struct r14_facts {
  uint32_t given; // bit per r14_fact
  int32_t date;
  uint8_t place, form, bill, status, language, mismatch, primary_service;
  bool label, necessary, regimen, compendium, precert, authorized, fluid;
  uint16_t studies;
  uint8_t line_count;
  struct r14_line lines[R14_LINES];
};

enum r14_determination { // as the VM numbers them
  R14_PEND = 2,
  R14_ELIGIBLE = 4,
  R14_DENY,
  R14_NOT_SEPARATE,
  R14_RESUBMIT,
  R14_NOT_ADDRESSED,
  R14_DETERMINATIONS
};

// The rules in the order in which they are tried. X(rule, code, determination)
#define R14_RULES(X)                                                              \
  X(BASIS, "", PEND) /* open without a date */                                    \
  X(PLAN_EXCLUDES, "BENEFIT_PLAN_GOVERNS", DENY)                                  \
  X(PLAN_OVERRIDES, "BENEFIT_PLAN_GOVERNS", PEND)                                 \
  X(BEFORE_POLICY, "NOT_IN_SCOPE_DATE", NOT_ADDRESSED)                            \
  X(MISMATCH, "TRANSFUSION_MISMATCH", DENY)                                       \
  X(COVERAGE_POLICY, "DRUG_CRITERIA_NOT_MET", DENY)                               \
  X(OFF_LABEL, "OFF_LABEL_NOT_SUPPORTED", DENY)                                   \
  X(REVIEW_PENDING, "DRUG_REVIEW_PENDING", PEND)                                  \
  X(SERVES_NOT_NECESSARY, "RELATED_SERVICE_NOT_NECESSARY", DENY)                  \
  X(NO_ORDER, "NO_ORDER", DENY)                                                   \
  X(NOT_ADMINISTERED, "NOT_ADMINISTERED", DENY)                                   \
  X(PRECERT_MISSING, "PRECERT_MISSING", DENY)                                     \
  X(PROFESSIONAL_CHARGE, "PRO_ADMIN_FACILITY", DENY)                              \
  X(NURSING_CHARGE, "PRO_ADMIN_FACILITY", NOT_SEPARATE)                           \
  X(PHARMACY_SERVICE, "PHARMACY_SERVICE", DENY)                                   \
  X(BLOOD_COLLECTION, "BLOOD_COLLECTION", DENY)                                   \
  X(ALWAYS_BUNDLED, "ALWAYS_BUNDLED", NOT_SEPARATE)                               \
  X(SEPARATE_NUTRITION, "", ELIGIBLE)                                             \
  X(FLUSH, "FLUSH", NOT_SEPARATE)                                                 \
  X(DILUENT, "DILUENT", NOT_SEPARATE)                                             \
  X(IV_INSERTION, "IV_INSERTION", NOT_SEPARATE)                                   \
  X(SUPPLY, "SUPPLY_BUNDLED", NOT_SEPARATE)                                       \
  X(FORMULA_PART, "TPN_COMPONENT", NOT_SEPARATE)                                  \
  X(BLOOD_IMPROVEMENT, "BLOOD_GENERAL_IMPROVEMENT", DENY)                         \
  X(BLOOD_DIALYSIS, "BLOOD_WITH_DIALYSIS", NOT_SEPARATE)                          \
  X(BLOOD_INPATIENT, "BLOOD_INPATIENT", NOT_SEPARATE)                             \
  X(INCIDENTAL_SERVICE, "INCIDENTAL_TO_PRIMARY", NOT_SEPARATE)                    \
  X(VASCULAR_ACCESS, "VASCULAR_ACCESS", NOT_SEPARATE)                             \
  X(OFFICE_PART, "OFFICE_SUPPLY_BUNDLED", NOT_SEPARATE)                           \
  X(HOME_PART, "HOME_BUNDLED", NOT_SEPARATE)                                      \
  X(VISIT_SEPARATE, "M25_EXCEPTION", PEND)                                        \
  X(VISIT_PART, "EM_WITH_INJECTION", NOT_SEPARATE)                                \
  X(SUPPORTIVE_PER_DIEM, "PERDIEM_SUPPORTIVE_DRUG", DENY)                         \
  X(PER_DIEM_MODIFIER, "PERDIEM_MODIFIER", RESUBMIT)                              \
  X(TRANSFUSION_LIMIT, "TRANSFUSION_LIMIT", DENY)                                 \
  X(NUTRITION_BASIS, "TPN_BASIS", RESUBMIT)                                       \
  X(DAILY_NUTRITION, "TPN_UNITS", DENY)                                           \
  X(HOURLY_NUTRITION, "TPN_UNITS", DENY)                                          \
  X(DETAIL_MISSING, "DRUG_DETAIL_MISSING", RESUBMIT)                              \
  X(CODE_MISSING, "DRUG_CODE_MISSING", RESUBMIT)                                  \
  X(UNLISTED_DETAIL, "UNLISTED_DETAIL_MISSING", RESUBMIT)                         \
  X(DRUG_UNITS, "UNITS_WRONG", RESUBMIT)                                          \
  X(WASTE_REVIEW, "WASTE_REVIEW", PEND)                                           \
  X(WASTE_WITHOUT_LINE, "JW_MISSING", RESUBMIT)                                   \
  X(GIVEN_AND_WASTED, "JW_SEPARATE_LINE", RESUBMIT)                               \
  X(WASTE_ON_DOSE, "JW_ON_ADMINISTERED", RESUBMIT)                                \
  X(WASTE_NDC, "NDC_FOR_WASTE", PEND) /* the policy does not ask for it: never */ \
  X(NUTRITION_UNITS, "UNITS_WRONG", RESUBMIT)                                     \
  X(OTHERWISE, "", ELIGIBLE)

enum r14_rule {
#define X(rule, code, determination) R14_RULE_##rule,
  R14_RULES(X)
#undef X
      R14_RULE_COUNT
};

struct r14_result {
  uint64_t
      reasons; // bit per rule that gives a reason, the deciding one included; 0 if the line lacks facts
  uint64_t missing, assumed; // R14_BIT, R14_LINE_BIT
  int64_t units;             // that stand, millionths
  uint16_t possible;         // bit per determination
  uint8_t determination;     // r14_determination
  uint8_t rule;              // that gives the code; R14_RULE_COUNT: FACT_MISSING
  bool has_units;
};

// Decides every line; results[i] is for lines[i]. Code lists are tested by a switch, or by a perfect hash.
void r14_decide_switch(const struct r14_facts *f, struct r14_result results[R14_LINES]);
void r14_decide_hash(const struct r14_facts *f, struct r14_result results[R14_LINES]);

// Do both know the same of a code? Any number below R14_CODES_END.
bool r14_hash_agrees(uint32_t code);
#define R14_CODES_END R14_CODE('Z' + 1, 0)

#endif
