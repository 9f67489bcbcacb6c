// SPDX-License-Identifier: Apache-2.0
//
// Changes to artifacts in memory: what tests of the loader do to an image that is right. Every function that changes
// the size makes a new image; free() the bytes of both.
#ifndef SOC_TESTS_VM_IMAGE_EDIT_H
#define SOC_TESTS_VM_IMAGE_EDIT_H

#include "builder.h"

uint64_t get_number(const uint8_t *at, size_t width);
void set_number(uint8_t *at, size_t width, uint64_t value);

// Of a section by its name in vm/image.h, "FACTS"; 0: there is none of this name.
uint32_t section_id(const char *name);
size_t section_record_bytes(uint32_t id);

// NULL: the image has no such section.
uint8_t *section_entry(image im, uint32_t id);
// Record number `record`, which need not be there.
uint8_t *section_record(image im, uint32_t id, size_t record);

image image_copy(image im);
// The same with a section's bytes replaced.
image image_with_section(image im, uint32_t id, const uint8_t *bytes, size_t length,
                         uint32_t count);
// With a section of six bytes more, at its place among the others.
image image_with_new_section(image im, uint32_t id);
// Longer by zero bytes, which the header counts, or shorter, which it does not.
image image_longer(image im, size_t by);
image image_shorter(image im, size_t length);

#endif
