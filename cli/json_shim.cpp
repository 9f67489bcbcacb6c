// SPDX-License-Identifier: Apache-2.0
//
// The one place that knows RapidJSON. Built without exceptions and RTTI; gives json.h its C functions.
//
// RapidJSON takes no notice of a failed allocation, so it is never let to allocate: the reader gets a block that is
// large enough beforehand (no decoded string is longer than its text, and nesting is bounded). A state that cannot
// occur ends the program rather than corrupt memory.
#include <cstdlib>
#include <cstring>
#include <new>

#define RAPIDJSON_ASSERT(x) ((x) ? static_cast<void>(0) : std::abort())
// The reader is always given its allocator; without these two the program would need libstdc++.
#define RAPIDJSON_NEW(x) (std::abort(), nullptr)
#define RAPIDJSON_DELETE(x) static_cast<void>(x)
// RapidJSON's stack compares null + n with null before its first allocation; clang's sanitizer minds, nothing else
// does.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#if defined(__clang__)
#pragma clang attribute pop
#endif

#include "cli/json.h"

namespace {

// Hands out one block, once. Growing it is a mistake in the sizes below.
class BlockAllocator {
public:
  BlockAllocator() : block_(nullptr), size_(0) {}
  BlockAllocator(void *block, size_t size) : block_(block), size_(size) {}
  void *Malloc(size_t size) { return size <= size_ ? block_ : (std::abort(), nullptr); }
  void *Realloc(void *old, size_t, size_t size) {
    return old ? (std::abort(), nullptr) : Malloc(size);
  }
  static void Free(void *) {}

private:
  void *block_;
  size_t size_;
};

// A low surrogate on its own passes RapidJSON 1.1.0 when it is written as an escape; it decodes to ED A0..BF.
bool has_surrogate(const char *text, size_t length) {
  const char *end = text + length;
  while ((
      text = static_cast<const char *>(std::memchr(text, 0xed, static_cast<size_t>(end - text))))) {
    if (end - text > 1 && static_cast<unsigned char>(text[1]) >= 0xa0) return true;
    text++;
  }
  return false;
}

struct Handler {
  json_event_fn *fn;
  void *ctx;
  unsigned max_depth, depth;
  bool too_deep, surrogate;

  bool Send(json_kind kind, const char *text = nullptr, size_t length = 0) {
    json_event event = {kind, text, length};
    return fn(ctx, &event);
  }
  bool Open(json_kind kind) {
    too_deep = ++depth > max_depth;
    return !too_deep && Send(kind);
  }
  bool Close(json_kind kind) {
    depth--;
    return Send(kind);
  }
  bool SendText(json_kind kind, const char *text, size_t length) {
    surrogate = has_surrogate(text, length);
    return !surrogate && Send(kind, text, length);
  }
  bool Null() { return Send(JSON_NULL); }
  bool Bool(bool b) { return Send(b ? JSON_TRUE : JSON_FALSE); }
  // Numbers come raw; the following are never called.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }
  bool RawNumber(const char *text, rapidjson::SizeType length, bool) {
    return Send(JSON_NUMBER, text, length);
  }
  bool String(const char *text, rapidjson::SizeType length, bool) {
    return SendText(JSON_STRING, text, length);
  }
  bool Key(const char *text, rapidjson::SizeType length, bool) {
    return SendText(JSON_KEY, text, length);
  }
  bool StartObject() { return Open(JSON_OBJECT); }
  bool EndObject(rapidjson::SizeType) { return Close(JSON_OBJECT_END); }
  bool StartArray() { return Open(JSON_ARRAY); }
  bool EndArray(rapidjson::SizeType) { return Close(JSON_ARRAY_END); }
};

const char *message_of(rapidjson::ParseErrorCode code) {
  switch (code) {
  case rapidjson::kParseErrorDocumentEmpty: return "there is nothing here; expected a JSON object";
  case rapidjson::kParseErrorDocumentRootNotSingular:
    return "the JSON ends before this; nothing may follow it";
  case rapidjson::kParseErrorObjectMissName: return "expected a name in quotation marks, or }";
  case rapidjson::kParseErrorObjectMissColon: return "expected a colon after the name";
  case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket: return "expected a comma or }";
  case rapidjson::kParseErrorArrayMissCommaOrSquareBracket: return "expected a comma or ]";
  case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
    return "expected four hexadecimal digits after \\u";
  case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
    return "half of a surrogate pair stands alone";
  case rapidjson::kParseErrorStringEscapeInvalid:
    return "no such escape, or a control character inside a text";
  case rapidjson::kParseErrorStringMissQuotationMark:
    return "a text without its closing quotation mark";
  case rapidjson::kParseErrorStringInvalidEncoding: return "bytes that are not UTF-8";
  case rapidjson::kParseErrorNumberTooBig: return "a number far too large";
  case rapidjson::kParseErrorNumberMissFraction: return "expected a digit after the decimal point";
  case rapidjson::kParseErrorNumberMissExponent: return "expected a digit in the exponent";
  default: return "expected a JSON value";
  }
}

bool scratch_reserve(json_scratch *scratch, size_t size) {
  if (size <= scratch->size) return true;
  std::free(scratch->block);
  scratch->block = std::malloc(size);
  scratch->size = scratch->block ? size : 0;
  return scratch->block != nullptr;
}

enum : unsigned {
  kFlags = rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseValidateEncodingFlag |
           rapidjson::kParseIterativeFlag
};

typedef rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, BlockAllocator> Reader;

} // namespace

extern "C" void json_scratch_free(json_scratch *scratch) {
  std::free(scratch->block);
  *scratch = json_scratch();
}

static json_status failure(const Handler &handler, const rapidjson::ParseResult &result,
                           json_error *error) {
  error->offset = result.Offset();
  error->message = message_of(result.Code());
  if (result.Code() == rapidjson::kParseErrorNumberTooBig) return JSON_NUMBER_HUGE;
  if (result.Code() != rapidjson::kParseErrorTermination) return JSON_MALFORMED;
  if (handler.surrogate) {
    error->message = message_of(rapidjson::kParseErrorStringUnicodeSurrogateInvalid);
    return JSON_MALFORMED;
  }
  return handler.too_deep ? JSON_TOO_DEEP : JSON_STOPPED;
}

extern "C" json_status json_read(const char *text, size_t length, unsigned max_depth,
                                 json_scratch *scratch, json_event_fn *fn, void *ctx,
                                 json_error *error) {
  size_t levels = max_depth < length ? max_depth : length;
  size_t needed =
      length + 16 * (levels + 2) + 256; // a text or number and its NUL, and two words a level
  if (!scratch_reserve(scratch, needed)) return JSON_NO_MEMORY;
  BlockAllocator allocator(scratch->block, scratch->size);
  Reader reader(&allocator, scratch->size);
  rapidjson::MemoryStream stream(text, length);
  Handler handler = {fn, ctx, max_depth, 0, false, false};
  rapidjson::ParseResult result = reader.Parse<kFlags>(stream, handler);
  if (result.IsError()) return failure(handler, result, error);
  if (stream.Tell() == length) return JSON_OK;
  // A NUL looks like the end to RapidJSON.
  error->offset = stream.Tell();
  error->message = message_of(rapidjson::kParseErrorDocumentRootNotSingular);
  return JSON_MALFORMED;
}
