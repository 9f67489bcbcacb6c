// SPDX-License-Identifier: Apache-2.0
//
// How codes and texts become numbers; shared by compiler and VM so that both agree to the letter.
// A code of 1 to 12 characters of A-Z and 0-9 is a number of 12 digits to base 40, left-aligned, so that packed
// codes order like their text (digits before letters, a prefix before what it begins). Wildcards and ranges are
// the compiler's affair. soc_code_pack and soc_code_unpack are public and stand in soc/vm.h.
#ifndef SOC_VM_PACK_H
#define SOC_VM_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SOC_CODE_MAX 12

// Is this number the packed form of some code?
bool soc_code_valid(uint64_t packed);

// Text is compared without regard to the case of ASCII letters and to extra spaces. The folded form has A-Z in
// lower case, single spaces (U+0020) between words and none at either end. Writes at most `length` bytes to `out`
// (which may be `text`), no NUL; returns how many.
size_t soc_text_fold(const char *text, size_t length, char *out);

// Compares the folded form of `text` with bytes that are folded already: <0, 0, >0 as memcmp, a prefix first.
int soc_text_compare(const char *text, size_t length, const char *folded, size_t folded_length);

#endif
