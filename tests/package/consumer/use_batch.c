// SPDX-License-Identifier: Apache-2.0
//
// use_batch POLICY.socb: decides three cases of which nothing is known.
#include <soc/batch.h>

#include "use.h"

int main(int argc, char **argv) {
  size_t length = 0;
  void *bytes = argc == 2 ? read_file(argv[1], &length) : NULL;
  soc_policy policy;
  soc_policy_info info;
  soc_error error = {"", "", 0};
  if (!bytes || soc_policy_load(&policy, bytes, length, NULL) != SOC_OK) {
    return 1;
  }
  soc_policy_describe(&policy, &info);
  size_t size = soc_batch_bytes(&policy);
  soc_batch *batch = NULL;
  void *memory = malloc(size + 16);
  if (!memory || soc_batch_init(&batch, &policy, memory, size, &error) != SOC_OK) {
    printf("%s: %s\n", error.code, error.message);
    return 1;
  }
  soc_column *columns = calloc(info.fact_count, sizeof *columns);
  soc_batch_result *results = calloc(info.decision_count, sizeof *results);
  uint8_t determinations[3];
  if (!columns || !results) {
    return 1;
  }
  soc_batch_input input = {3, columns};
  results[0].determination = determinations;
  size_t scratch_size = soc_batch_scratch_bytes(batch, &input);
  void *scratch = malloc(scratch_size);
  if (!scratch ||
      soc_batch_decide(batch, &input, results, scratch, scratch_size, NULL, &error) != SOC_OK) {
    return 1;
  }
  printf("%s: %s %s %s\n", soc_batch_version(), soc_determination_name(determinations[0]),
         soc_determination_name(determinations[1]), soc_determination_name(determinations[2]));
  free(scratch);
  free(results);
  free(columns);
  free(memory);
  free(bytes);
  return 0;
}
