// SPDX-License-Identifier: Apache-2.0
//
// soc_batch: decides many cases at once from columns, with the same artifacts and the same answers as soc_vm.
//
// The library allocates nothing, keeps no global state and does no input or output. A soc_batch is read-only once it is
// made and may be shared by any number of threads, each with scratch memory and results of its own. Columns are read
// where they lie; soc_batch_from_arrow describes arrays of the Arrow C Data Interface without copying them. Errors,
// NULL and memory are as soc/vm.h says at its head.
#ifndef SOC_BATCH_H
#define SOC_BATCH_H

#include "soc/vm.h"

#ifdef __cplusplus
extern "C" {
#endif

// "0.1.0": the version of the library that the program runs with. It needs soc_vm of the same version. Static storage.
SOC_API const char *soc_batch_version(void);

// ---------------------------------------------------------------------------------------- policy

typedef struct soc_batch soc_batch; // lives in the caller's memory; needs no release

// Bytes that soc_batch_init needs for this policy; 0: `policy` is NULL, soc_vm is of another version or build, or no
// memory is so large.
SOC_API size_t soc_batch_bytes(const soc_policy *policy);
// Prepares a policy in `memory` (`size` bytes, of any alignment, owned by the caller, must outlive the batch).
// The artifact's bytes must outlive it too, and the policy's plan if it has one; *policy is copied. Cases and batches
// of one artifact are independent. SOC_ERR_MEMORY: `size` is below soc_batch_bytes. SOC_ERR_ARGUMENT: code "version" if
// the program runs with a soc_vm of another version or build. On failure *out is NULL, unless `out` itself is; `memory`
// may have been written to.
SOC_API SOC_MUST_CHECK soc_status soc_batch_init(soc_batch **out, const soc_policy *policy,
                                                 void *memory, size_t size, soc_error *error);
// False: the columnar executor has no form for this policy (or `batch` is NULL), so that every case is decided one by
// one.
SOC_API bool soc_batch_is_columnar(const soc_batch *batch);

// ---------------------------------------------------------------------------------------- columns

// Texts one after the other, as Arrow's utf8 arrays hold them: entry i is bytes[offsets[i]] up to bytes[offsets[i +
// 1]].
typedef struct soc_dictionary {
  const char *bytes;
  const int32_t *offsets; // count + 1, none below the one before it; the first need not be 0
  uint32_t count;
} soc_dictionary;

// How the values of a column lie.
typedef enum soc_layout {
  SOC_LAYOUT_LEFT_OUT = 0, // no case gives the fact: a column of zeroes
  SOC_LAYOUT_BITS,         // SOC_BOOL: a bit for each, the lowest first
  // SOC_ENUM and SOC_ENUM_LIST: the number of the value, or with a dictionary of names an index into it. SOC_CODE,
  // SOC_TEXT and SOC_CODE_LIST: an index into the dictionary. Not negative.
  SOC_LAYOUT_INT8,
  SOC_LAYOUT_INT16,
  SOC_LAYOUT_INT32, // also SOC_DATE, SOC_NUMBER, SOC_LINE
  SOC_LAYOUT_INT64, // SOC_NUMBER
  SOC_LAYOUT_PLAIN, // as with a dictionary, but entry i is the value of element i; `values` is not used
  SOC_LAYOUT_ROWS // SOC_RECORDS: offsets alone
} soc_layout;

// One fact of all cases. Element `first` belongs to the first case, or to row 0 for a field of a record list. An
// element that is neither given nor none is left out; its value is not looked at.
typedef struct soc_column {
  soc_layout layout;
  const void *values;   // aligned for the integers of the layout, as are all `offsets` for theirs
  const uint8_t *given; // bits, the lowest first; NULL: all are given
  // bits: looked up, there is none; counts where `given` has no bit; NULL: no element
  const uint8_t *none;
  // Lists: items or rows of element i are [offsets[i], offsets[i + 1]). The fields of a record list are columns over
  // all its rows, with row 0 at offset 0.
  const int32_t *offsets;
  soc_dictionary dictionary; // count 0: none
  uint64_t first;      // element of `values`, `given`, `none`, `offsets` that is the column's first
  uint64_t first_item; // code and enumeration lists: element of `values` at offset 0
  uint64_t length;     // elements from `first` on
  uint64_t item_count; // code and enumeration lists: items from `first_item` on
  int64_t unit;        // SOC_NUMBER: millionths of one unit of the value; 0 stands for 1
  bool rest_is_none;   // an element that is neither given nor in `none` is none, too
  int32_t day_zero;    // SOC_DATE: what is added, in days; SOC_DAY_1970 for days since 1970
} soc_column;
#define SOC_DAY_1970 719162

typedef struct soc_batch_input {
  uint32_t count;            // of cases, at most SOC_BATCH_MOST
  const soc_column *columns; // by manifest index, one for each fact of the policy
} soc_batch_input;
#define SOC_BATCH_MOST 16777216u

// The Arrow C Data Interface, as its specification gives it.
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};
#endif

// A null means that the fact was left out; with this flag that it was looked up and there is none, if it can be none.
#define SOC_NULL_IS_NONE 1u

// Describes a record batch (an array of structs) as columns. A child is the fact of its name ("service.date"); records
// are a list of structs whose children are named as fields ("kind"). Names that the policy does not read are passed
// over. `columns` has room for every fact of the manifest; it points into the arrays, which stay the caller's and must
// not be released before the columns are done with. Nothing is copied. SOC_ERR_ARGUMENT: an array that the fact cannot
// be read from; *fact says which (SOC_NO_INDEX: the record batch itself), and *columns and *input are not complete.
// `fact` may be NULL.
SOC_API SOC_MUST_CHECK soc_status soc_batch_from_arrow(
    const soc_policy *policy, const struct ArrowSchema *schema, const struct ArrowArray *array,
    uint32_t flags, soc_column *columns, soc_batch_input *input, uint32_t *fact, soc_error *error);

// ---------------------------------------------------------------------------------------- decide

#define SOC_NO_RULE 0xffffu

// Where the answers of one decision go. Arrays of the caller, one element for each case, or for a decision over rows
// one for each row of its list (soc_batch_results_count); NULL: not wanted.
typedef struct soc_batch_result {
  uint8_t *determination; // soc_determination
  uint16_t *code;         // deciding code, for soc_batch_code
  uint16_t *rule;         // of the decision: the one that decides; SOC_NO_RULE: facts are missing
  uint16_t *possible;     // bit per soc_determination: those still open
  // Bit per rule of the decision: rules whose code is a reason, so many words for each case
  // (soc_batch_reason_words). soc_result tells the deciding rule's first, then the others in order. All zero while
  // facts are missing.
  uint64_t *reasons;
  // For each fact of the manifest so many words (soc_batch_missing_words), a bit for each case or row: the fact is
  // missing. Of a field: in some row.
  uint64_t *missing;
  // The same for facts that were left out and whose assumed value mattered: without it the result would be another one.
  uint64_t *assumed;
  // For each case so many words (soc_batch_key_words), as soc_case_result_key has them: results of one decision with
  // the same words tell the same but for the days of an approval. With the lowest bit of the first word
  // (SOC_BATCH_NO_KEY) a case has no key, and its other bits mean nothing: only soc_batch_case makes all of its result
  // available.
  uint64_t *keys;
  // Of cases with a key that are approved: first and last day, SOC_BATCH_NO_DAY where there is none. Only with `keys`.
  int32_t *from;
  int32_t *through;
} soc_batch_result;
#define SOC_BATCH_NO_KEY UINT64_C(1)
#define SOC_BATCH_NO_DAY INT32_MIN

typedef struct soc_batch_report {
  uint64_t columnar; // cases decided by columns
  // cases decided one by one, or where nothing but keys is wanted, without a key for that
  uint64_t single;
  uint32_t
      fact; // after a failure: the column it is about; else, and if it is about none, SOC_NO_INDEX
  uint64_t element; // and the element, counted from the column's first
} soc_batch_report;

// Bytes of scratch memory that soc_batch_decide needs for this input; 0: it does not fit the policy (soc_batch_decide
// says why).
SOC_API size_t soc_batch_scratch_bytes(const soc_batch *batch, const soc_batch_input *input);
// Decides all cases. `results` has one entry for each decision of the policy. Any value outside of its fact's range
// refuses the whole batch with SOC_ERR_VALUE; then the results are not complete. SOC_ERR_ARGUMENT: columns that do not
// fit the policy. SOC_ERR_LIMIT: a case with more rows or items than a case can hold. SOC_ERR_MEMORY: `size` is below
// soc_batch_scratch_bytes. `scratch` needs no alignment, holds nothing that the next call needs and serves one thread
// at a time. `report` may be NULL; it is written after a failure, too.
SOC_API SOC_MUST_CHECK soc_status soc_batch_decide(const soc_batch *batch,
                                                   const soc_batch_input *input,
                                                   const soc_batch_result *results, void *scratch,
                                                   size_t size, soc_batch_report *report,
                                                   soc_error *error);
// The same with the scratch memory of a call for the same batch that returned SOC_OK or SOC_ERR_VALUE, untouched since
// but by further such calls; the input may be another one. A dictionary that lies where it lay in the call before must
// still hold the same entries, which are not looked up again; others may stand behind them. Pays where many small
// inputs share their dictionaries. A first call that was refused for anything else may have written nothing: then call
// soc_batch_decide.
SOC_API SOC_MUST_CHECK soc_status soc_batch_decide_again(
    const soc_batch *batch, const soc_batch_input *input, const soc_batch_result *results,
    void *scratch, size_t size, soc_batch_report *report, soc_error *error);
// Elements of the arrays of a decision: cases, or rows of its list. 0: no such decision, no input, or a list that has
// no offsets, too few elements or offsets that fall. Nothing else is checked before soc_batch_decide does it.
SOC_API uint64_t soc_batch_results_count(const soc_batch *batch, const soc_batch_input *input,
                                         uint32_t decision);
// Words for each element of `reasons`, and words for each fact of `missing`; 0 likewise.
SOC_API uint32_t soc_batch_reason_words(const soc_batch *batch, uint32_t decision);
SOC_API uint64_t soc_batch_missing_words(const soc_batch *batch, const soc_batch_input *input,
                                         uint32_t decision);
// Words of each key; 0: no such decision.
SOC_API uint32_t soc_batch_key_words(const soc_batch *batch, uint32_t decision);
// Deciding codes of a decision by number, as soc_result.reason has them; empty text: the rule has none. Different
// numbers can have one text. SOC_BATCH_FACT_MISSING is FACT_MISSING. Numbers are below soc_batch_code_count.
SOC_API soc_text soc_batch_code(const soc_batch *batch, uint32_t decision, uint16_t code);
SOC_API uint32_t soc_batch_code_count(const soc_batch *batch, uint32_t decision);
#define SOC_BATCH_FACT_MISSING 1u

// Sets the facts of one case of the input, to decide or explain it alone. Of the columns only what belongs to this case
// is looked at, so that a call costs the same in an input of any size. `c` is of the same policy, clear, and large
// enough: SOC_ERR_LIMIT if it is not. SOC_ERR_VALUE: a value outside of its fact's range; *fact says which fact.
// SOC_ERR_ARGUMENT: also columns that do not lie as they must for this case. After
// a failure some facts may be set: clear the case. `fact` may be NULL.
SOC_API SOC_MUST_CHECK soc_status soc_batch_case(const soc_batch *batch,
                                                 const soc_batch_input *input, uint64_t index,
                                                 soc_case *c, uint32_t *fact);

#ifdef __cplusplus
}
#endif
#endif
