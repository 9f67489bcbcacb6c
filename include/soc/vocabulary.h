// SPDX-License-Identifier: Apache-2.0
//
// Names of the facts of the standard vocabulary, so that a misspelt one does not compile; soc/names.h takes them.
// Made from dsl/lib/vocabulary/case.soc; do not edit. `cmake --build build/release --target docs-update` makes it anew.
#ifndef SOC_VOCABULARY_H
#define SOC_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define SOC_FACT_REQUEST_KIND "request.kind"
#define SOC_FACT_REQUEST_RECEIVED_DATE "request.received_date"
#define SOC_FACT_REQUEST_FOLLOWUP_SITE "request.followup_site"
#define SOC_FACT_REQUEST_PRIOR_TRANSITION_APPROVAL_DATE "request.prior_transition_approval_date"
#define SOC_FACT_REQUEST_STATED_REASONS "request.stated_reasons"
#define SOC_FACT_MEMBER_BIRTH_DATE "member.birth_date"
#define SOC_FACT_MEMBER_LINE_OF_BUSINESS "member.line_of_business"
#define SOC_FACT_MEMBER_PLAN_STATE "member.plan_state"
#define SOC_FACT_MEMBER_BENEFIT_PLAN_LANGUAGE "member.benefit_plan_language"
#define SOC_FACT_SERVICE_CODE "service.code"
#define SOC_FACT_SERVICE_DRUG "service.drug"
#define SOC_FACT_SERVICE_ROUTE "service.route"
#define SOC_FACT_SERVICE_DATE "service.date"
#define SOC_FACT_SERVICE_END_DATE "service.end_date"
#define SOC_FACT_SERVICE_PLACE_OF_SERVICE "service.place_of_service"
#define SOC_FACT_SERVICE_SITE_OF_CARE "service.site_of_care"
#define SOC_FACT_SERVICE_PROVIDER_IN_NETWORK "service.provider_in_network"
#define SOC_FACT_SERVICE_FACILITY_CERTIFIED "service.facility_certified"
#define SOC_FACT_SERVICE_SELF_ADMINISTERED "service.self_administered"
#define SOC_FACT_THERAPY_COURSE_START_DATE "therapy.course_start_date"
#define SOC_FACT_THERAPY_PREVIOUS_COURSE_LAST_DOSE_DATE "therapy.previous_course_last_dose_date"
#define SOC_FACT_THERAPY_DOSING_INTERVAL_DAYS "therapy.dosing_interval_days"
#define SOC_FACT_THERAPY_STANDARD_OF_CARE_MAX_DAYS "therapy.standard_of_care_max_days"
#define SOC_FACT_THERAPY_CONCURRENT_IV_CANCER_DRUGS "therapy.concurrent_iv_cancer_drugs"
#define SOC_FACT_THERAPY_DRUG_CRITERIA_STATUS "therapy.drug_criteria_status"
#define SOC_FACT_THERAPY_DRUG_APPROVAL_END_DATE "therapy.drug_approval_end_date"
#define SOC_FACT_THERAPY_FDA_APPROVED_DRUG "therapy.fda_approved_drug"
#define SOC_FACT_THERAPY_FDA_APPROVED_INDICATION "therapy.fda_approved_indication"
#define SOC_FACT_THERAPY_LABEL_REQUIRED_SITES "therapy.label_required_sites"
#define SOC_FACT_THERAPY_OFFLABEL_MEDICALLY_NECESSARY "therapy.offlabel_medically_necessary"
#define SOC_FACT_THERAPY_OFFLABEL_REGIMEN_REASONABLE "therapy.offlabel_regimen_reasonable"
#define SOC_FACT_THERAPY_AHFS_LISTED "therapy.ahfs_listed"
#define SOC_FACT_THERAPY_CONTROLLED_STUDIES_COUNT "therapy.controlled_studies_count"
#define SOC_FACT_CLINICAL_DIAGNOSIS_CODES "clinical.diagnosis_codes"
#define SOC_FACT_CLINICAL_CARDIAC_CONDITION "clinical.cardiac_condition"
#define SOC_FACT_CLINICAL_PULMONARY_CONDITION "clinical.pulmonary_condition"
#define SOC_FACT_CLINICAL_FVC_PERCENT_PREDICTED "clinical.fvc_percent_predicted"
#define SOC_FACT_CLINICAL_RENAL_FUNCTION_UNSTABLE "clinical.renal_function_unstable"
#define SOC_FACT_CLINICAL_FLUID_INTOLERANCE "clinical.fluid_intolerance"
#define SOC_FACT_CLINICAL_VASCULAR_ACCESS "clinical.vascular_access"
#define SOC_FACT_CLINICAL_VEIN_FINDER_AVAILABLE "clinical.vein_finder_available"
#define SOC_FACT_CLINICAL_COGNITIVE_SAFETY_CONCERN "clinical.cognitive_safety_concern"
#define SOC_FACT_CLINICAL_CAREGIVER_AVAILABLE "clinical.caregiver_available"
#define SOC_FACT_CLINICAL_OTHER_SIGNIFICANT_CONDITION "clinical.other_significant_condition"
#define SOC_FACT_CLINICAL_UNSAFE_SITES "clinical.unsafe_sites"
#define SOC_FACT_CLINICAL_ADVERSE_EVENTS "clinical.adverse_events"
#define SOC_FACT_CLINICAL_ADVERSE_EVENTS_DRUG_RELATION "clinical.adverse_events[].drug_relation"
#define SOC_FACT_CLINICAL_ADVERSE_EVENTS_KIND "clinical.adverse_events[].kind"
#define SOC_FACT_CLINICAL_ADVERSE_EVENTS_SEVERITY "clinical.adverse_events[].severity"
#define SOC_FACT_CLINICAL_ADVERSE_EVENTS_DATE "clinical.adverse_events[].date"
#define SOC_FACT_CLINICAL_ADVERSE_EVENTS_CONTROLLABLE "clinical.adverse_events[].controllable"
#define SOC_FACT_CLINICAL_ADVERSE_EVENTS_NEEDS_HOSPITAL_LEVEL_CARE \
  "clinical.adverse_events[].needs_hospital_level_care"
#define SOC_FACT_CLINICAL_ADVERSE_EVENTS_ALTERNATIVE_THERAPY_EXISTS \
  "clinical.adverse_events[].alternative_therapy_exists"
#define SOC_FACT_ACCESS_INFUSION_CENTER_MILES "access.infusion_center_miles"
#define SOC_FACT_ACCESS_HOME_INFUSION_AVAILABLE "access.home_infusion_available"
#define SOC_FACT_ACCESS_LOWER_COST_SITE_AVAILABLE "access.lower_cost_site_available"
#define SOC_FACT_ACCESS_HOSPITAL_ONLY_SOURCE "access.hospital_only_source"
#define SOC_FACT_ACCESS_SPECIALTY_PHARMACY_CAN_SUPPLY "access.specialty_pharmacy_can_supply"
#define SOC_FACT_PRESCRIBER_CREDENTIAL "prescriber.credential"
#define SOC_FACT_PRESCRIBER_HOME_MANAGER_CREDENTIAL "prescriber.home_manager_credential"
#define SOC_FACT_DOCUMENTATION_SUBMITTED "documentation.submitted"
#define SOC_FACT_DOCUMENTATION_CONTINUED_NEED "documentation.continued_need"
#define SOC_FACT_CLAIM_FORM "claim.form"
#define SOC_FACT_CLAIM_TYPE_OF_BILL "claim.type_of_bill"
#define SOC_FACT_CLAIM_PRIOR_AUTHORIZATION_NUMBER "claim.prior_authorization_number"
#define SOC_FACT_CLAIM_PRECERTIFICATION_REQUIRED "claim.precertification_required"
#define SOC_FACT_CLAIM_PRIMARY_SERVICE "claim.primary_service"
#define SOC_FACT_CLAIM_TRANSFUSION_MISMATCH "claim.transfusion_mismatch"
#define SOC_FACT_CLAIM_LINES "claim.lines"
#define SOC_FACT_CLAIM_LINES_NUMBER "claim.lines[].number"
#define SOC_FACT_CLAIM_LINES_CODE "claim.lines[].code"
#define SOC_FACT_CLAIM_LINES_MODIFIERS "claim.lines[].modifiers"
#define SOC_FACT_CLAIM_LINES_REVENUE_CODE "claim.lines[].revenue_code"
#define SOC_FACT_CLAIM_LINES_UNITS "claim.lines[].units"
#define SOC_FACT_CLAIM_LINES_DATE "claim.lines[].date"
#define SOC_FACT_CLAIM_LINES_PLACE_OF_SERVICE "claim.lines[].place_of_service"
#define SOC_FACT_CLAIM_LINES_RENDERING_NPI "claim.lines[].rendering_npi"
#define SOC_FACT_CLAIM_LINES_CATEGORY "claim.lines[].category"
#define SOC_FACT_CLAIM_LINES_ROLE "claim.lines[].role"
#define SOC_FACT_CLAIM_LINES_DRUG_NAME "claim.lines[].drug_name"
#define SOC_FACT_CLAIM_LINES_NDC "claim.lines[].ndc"
#define SOC_FACT_CLAIM_LINES_DESCRIPTION "claim.lines[].description"
#define SOC_FACT_CLAIM_LINES_ADMINISTERED_AMOUNT "claim.lines[].administered_amount"
#define SOC_FACT_CLAIM_LINES_HCPCS_UNIT_AMOUNT "claim.lines[].hcpcs_unit_amount"
#define SOC_FACT_CLAIM_LINES_WASTED_AMOUNT "claim.lines[].wasted_amount"
#define SOC_FACT_CLAIM_LINES_VIAL_AMOUNT "claim.lines[].vial_amount"
#define SOC_FACT_CLAIM_LINES_ROUTE "claim.lines[].route"
#define SOC_FACT_CLAIM_LINES_BILLING_BASIS "claim.lines[].billing_basis"
#define SOC_FACT_CLAIM_LINES_ORDER_DOCUMENTED "claim.lines[].order_documented"
#define SOC_FACT_CLAIM_LINES_ADMINISTRATION_DOCUMENTED "claim.lines[].administration_documented"
#define SOC_FACT_CLAIM_LINES_RELATED_LINE "claim.lines[].related_line"
#define SOC_FACT_CLAIM_LINES_BLOOD_PURPOSE "claim.lines[].blood_purpose"
#define SOC_FACT_CLAIM_LINES_DIALYSIS_RELATED "claim.lines[].dialysis_related"
#define SOC_FACT_CLAIM_LINES_INFUSION_HOURS "claim.lines[].infusion_hours"
#define SOC_FACT_CLAIM_LINES_DAILY_VOLUME_ML "claim.lines[].daily_volume_ml"
#define SOC_FACT_CLAIM_LINES_DOSE_INTERVAL_HOURS "claim.lines[].dose_interval_hours"
#define SOC_FACT_CLAIM_LINES_CATHETER_LUMENS "claim.lines[].catheter_lumens"

// Is it the name of a fact of the standard vocabulary? For a text that comes from elsewhere; NULL is not.
static inline bool soc_vocabulary_has(const char *name) {
  static const char *const names[] = {
      SOC_FACT_REQUEST_KIND,
      SOC_FACT_REQUEST_RECEIVED_DATE,
      SOC_FACT_REQUEST_FOLLOWUP_SITE,
      SOC_FACT_REQUEST_PRIOR_TRANSITION_APPROVAL_DATE,
      SOC_FACT_REQUEST_STATED_REASONS,
      SOC_FACT_MEMBER_BIRTH_DATE,
      SOC_FACT_MEMBER_LINE_OF_BUSINESS,
      SOC_FACT_MEMBER_PLAN_STATE,
      SOC_FACT_MEMBER_BENEFIT_PLAN_LANGUAGE,
      SOC_FACT_SERVICE_CODE,
      SOC_FACT_SERVICE_DRUG,
      SOC_FACT_SERVICE_ROUTE,
      SOC_FACT_SERVICE_DATE,
      SOC_FACT_SERVICE_END_DATE,
      SOC_FACT_SERVICE_PLACE_OF_SERVICE,
      SOC_FACT_SERVICE_SITE_OF_CARE,
      SOC_FACT_SERVICE_PROVIDER_IN_NETWORK,
      SOC_FACT_SERVICE_FACILITY_CERTIFIED,
      SOC_FACT_SERVICE_SELF_ADMINISTERED,
      SOC_FACT_THERAPY_COURSE_START_DATE,
      SOC_FACT_THERAPY_PREVIOUS_COURSE_LAST_DOSE_DATE,
      SOC_FACT_THERAPY_DOSING_INTERVAL_DAYS,
      SOC_FACT_THERAPY_STANDARD_OF_CARE_MAX_DAYS,
      SOC_FACT_THERAPY_CONCURRENT_IV_CANCER_DRUGS,
      SOC_FACT_THERAPY_DRUG_CRITERIA_STATUS,
      SOC_FACT_THERAPY_DRUG_APPROVAL_END_DATE,
      SOC_FACT_THERAPY_FDA_APPROVED_DRUG,
      SOC_FACT_THERAPY_FDA_APPROVED_INDICATION,
      SOC_FACT_THERAPY_LABEL_REQUIRED_SITES,
      SOC_FACT_THERAPY_OFFLABEL_MEDICALLY_NECESSARY,
      SOC_FACT_THERAPY_OFFLABEL_REGIMEN_REASONABLE,
      SOC_FACT_THERAPY_AHFS_LISTED,
      SOC_FACT_THERAPY_CONTROLLED_STUDIES_COUNT,
      SOC_FACT_CLINICAL_DIAGNOSIS_CODES,
      SOC_FACT_CLINICAL_CARDIAC_CONDITION,
      SOC_FACT_CLINICAL_PULMONARY_CONDITION,
      SOC_FACT_CLINICAL_FVC_PERCENT_PREDICTED,
      SOC_FACT_CLINICAL_RENAL_FUNCTION_UNSTABLE,
      SOC_FACT_CLINICAL_FLUID_INTOLERANCE,
      SOC_FACT_CLINICAL_VASCULAR_ACCESS,
      SOC_FACT_CLINICAL_VEIN_FINDER_AVAILABLE,
      SOC_FACT_CLINICAL_COGNITIVE_SAFETY_CONCERN,
      SOC_FACT_CLINICAL_CAREGIVER_AVAILABLE,
      SOC_FACT_CLINICAL_OTHER_SIGNIFICANT_CONDITION,
      SOC_FACT_CLINICAL_UNSAFE_SITES,
      SOC_FACT_CLINICAL_ADVERSE_EVENTS,
      SOC_FACT_CLINICAL_ADVERSE_EVENTS_DRUG_RELATION,
      SOC_FACT_CLINICAL_ADVERSE_EVENTS_KIND,
      SOC_FACT_CLINICAL_ADVERSE_EVENTS_SEVERITY,
      SOC_FACT_CLINICAL_ADVERSE_EVENTS_DATE,
      SOC_FACT_CLINICAL_ADVERSE_EVENTS_CONTROLLABLE,
      SOC_FACT_CLINICAL_ADVERSE_EVENTS_NEEDS_HOSPITAL_LEVEL_CARE,
      SOC_FACT_CLINICAL_ADVERSE_EVENTS_ALTERNATIVE_THERAPY_EXISTS,
      SOC_FACT_ACCESS_INFUSION_CENTER_MILES,
      SOC_FACT_ACCESS_HOME_INFUSION_AVAILABLE,
      SOC_FACT_ACCESS_LOWER_COST_SITE_AVAILABLE,
      SOC_FACT_ACCESS_HOSPITAL_ONLY_SOURCE,
      SOC_FACT_ACCESS_SPECIALTY_PHARMACY_CAN_SUPPLY,
      SOC_FACT_PRESCRIBER_CREDENTIAL,
      SOC_FACT_PRESCRIBER_HOME_MANAGER_CREDENTIAL,
      SOC_FACT_DOCUMENTATION_SUBMITTED,
      SOC_FACT_DOCUMENTATION_CONTINUED_NEED,
      SOC_FACT_CLAIM_FORM,
      SOC_FACT_CLAIM_TYPE_OF_BILL,
      SOC_FACT_CLAIM_PRIOR_AUTHORIZATION_NUMBER,
      SOC_FACT_CLAIM_PRECERTIFICATION_REQUIRED,
      SOC_FACT_CLAIM_PRIMARY_SERVICE,
      SOC_FACT_CLAIM_TRANSFUSION_MISMATCH,
      SOC_FACT_CLAIM_LINES,
      SOC_FACT_CLAIM_LINES_NUMBER,
      SOC_FACT_CLAIM_LINES_CODE,
      SOC_FACT_CLAIM_LINES_MODIFIERS,
      SOC_FACT_CLAIM_LINES_REVENUE_CODE,
      SOC_FACT_CLAIM_LINES_UNITS,
      SOC_FACT_CLAIM_LINES_DATE,
      SOC_FACT_CLAIM_LINES_PLACE_OF_SERVICE,
      SOC_FACT_CLAIM_LINES_RENDERING_NPI,
      SOC_FACT_CLAIM_LINES_CATEGORY,
      SOC_FACT_CLAIM_LINES_ROLE,
      SOC_FACT_CLAIM_LINES_DRUG_NAME,
      SOC_FACT_CLAIM_LINES_NDC,
      SOC_FACT_CLAIM_LINES_DESCRIPTION,
      SOC_FACT_CLAIM_LINES_ADMINISTERED_AMOUNT,
      SOC_FACT_CLAIM_LINES_HCPCS_UNIT_AMOUNT,
      SOC_FACT_CLAIM_LINES_WASTED_AMOUNT,
      SOC_FACT_CLAIM_LINES_VIAL_AMOUNT,
      SOC_FACT_CLAIM_LINES_ROUTE,
      SOC_FACT_CLAIM_LINES_BILLING_BASIS,
      SOC_FACT_CLAIM_LINES_ORDER_DOCUMENTED,
      SOC_FACT_CLAIM_LINES_ADMINISTRATION_DOCUMENTED,
      SOC_FACT_CLAIM_LINES_RELATED_LINE,
      SOC_FACT_CLAIM_LINES_BLOOD_PURPOSE,
      SOC_FACT_CLAIM_LINES_DIALYSIS_RELATED,
      SOC_FACT_CLAIM_LINES_INFUSION_HOURS,
      SOC_FACT_CLAIM_LINES_DAILY_VOLUME_ML,
      SOC_FACT_CLAIM_LINES_DOSE_INTERVAL_HOURS,
      SOC_FACT_CLAIM_LINES_CATHETER_LUMENS,
  };
  for (size_t i = 0; name && i < sizeof names / sizeof *names; i++) {
    if (strcmp(names[i], name) == 0) {
      return true;
    }
  }
  return false;
}

#endif
