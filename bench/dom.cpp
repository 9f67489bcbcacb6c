// SPDX-License-Identifier: Apache-2.0
//
// bench_dom FILE: what simdjson's document parser takes for the same JSON Lines, in nanoseconds of processor time a
// line: once over the file, read beforehand, in one thread, every document looked at no further than to see that it is
// one. Then what it takes to add the same bytes up, eight at a time, which is what memory allows.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>

#include <simdjson.h>

static double processor_seconds() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

static uint64_t sum_words(const simdjson::padded_string &text) {
  uint64_t sum = 0, word;
  for (size_t i = 0; i + sizeof word <= text.size(); i += sizeof word) {
    std::memcpy(&word, text.data() + i, sizeof word);
    sum += word;
  }
  return sum;
}

int main(int argc, char **argv) {
  simdjson::padded_string text;
  simdjson::dom::parser parser;
  simdjson::dom::document_stream documents;
  if (argc != 2 || simdjson::padded_string::load(argv[1]).get(text)) return 2;
  double start = processor_seconds();
  size_t count = 0;
  if (parser.parse_many(text).get(documents)) return 2;
  for (auto document : documents) {
    if (document.error()) return 1;
    count++;
  }
  double parsed = processor_seconds();
  volatile uint64_t sum = sum_words(text);
  static_cast<void>(sum);
  double summed = processor_seconds();
  std::printf("%.1f %.1f\n", (parsed - start) * 1e9 / static_cast<double>(count),
              (summed - parsed) * 1e9 / static_cast<double>(count));
  return 0;
}
