// SPDX-License-Identifier: Apache-2.0
//
// Files and messages: whole files with a size limit, atomic writing, byte streams, sorted directories, and the one way
// in which trouble reaches standard error. Nothing is memory-mapped: bytes that were verified must not change.
#ifndef SOC_CLI_FILES_H
#define SOC_CLI_FILES_H

#include "cli/text.h"

#include <stdio.h>

enum { EXIT_DONE = 0, EXIT_FINDINGS = 1, EXIT_TROUBLE = 2 };

// "soc: " and the message on standard error, as one line. Returns EXIT_TROUBLE.
int trouble(const char *format, ...) TEXT_PRINTF(1, 2);
int trouble_memory(void);
// Shows a line on standard error, a terminal, that the next line or message replaces; "" takes it away.
void status_show(const char *line);
// Writes what is buffered for standard output. False, with a message unless the reader went away, if that fails.
bool output_flush(void);
// Writes a result to standard output. False: it cannot be written any more.
bool output_write(const struct buffer *text);
// Standard output cannot be written any more; the message comes from output_flush.
bool output_failed(void);

// Reads at most `limit` bytes of a file ("-": standard input) and appends them. False: a message was given. A file
// that is longer is trouble, or is cut at `limit` + 1 bytes if `cut` (the caller then says that it is too long).
bool file_read(const char *path, size_t limit, bool cut, struct buffer *out);
// Writes a file beside its place and renames it, so that no reader ever sees half of it; a device, a pipe or a link is
// written to as it stands. False: a message was given.
bool file_write(const char *path, const char *data, size_t length);

bool path_is_directory(const char *path);
bool path_is_file(const char *path); // of bytes: no folder, pipe or device
// Bytes of a regular file ("-": standard input). False: it is something else, or unknown.
bool path_size(const char *path, uint64_t *size);
bool path_exists(const char *path);
bool path_same(const char *a, const char *b); // the same file, however the paths are written
bool path_ends_with(const char *path, const char *ending);
#define TESTS_ENDING ".test.soc"         // of the name of a file of tests
size_t path_directory(const char *path); // length of "a/b" in "a/b/c"; 0: none

// A list of strings of its own, in order of adding until it is sorted.
struct paths {
  char **items;
  size_t count, capacity;
  bool failed; // out of memory
};
bool paths_add(struct paths *n, const char *text, size_t length);
void paths_sort(struct paths *n); // by bytes
void paths_free(struct paths *n);

// Names in a directory without those that begin with a dot, sorted. False: it cannot be read; errno says why.
bool directory_list(const char *path, struct paths *out);
// Appends the paths of all regular files below `path` that end in `ending`, in sorted order; a path that is no
// directory stands for itself. False: a message was given.
bool tree_files(const char *path, const char *ending, struct paths *out);
// Likewise those that end in .soc; a directory without any is trouble: whoever names it means another.
bool source_files(const char *path, struct paths *out);

// A stream of bytes.
struct input {
  int fd;
  const char *name; // for messages
  size_t at, end;
  size_t before; // bytes of the stream in front of bytes[0]
  bool failed;   // a read error was met; a message was given
  char bytes[65536];
};
bool input_open(struct input *in,
                const char *path); // "-": standard input. False: a message was given.
void input_close(struct input *in);
bool input_fill(struct input *in); // false: at the end
// Takes as many bytes as there are, at most `most`, and writes them to `to`. 0: at the end.
size_t input_read(struct input *in, char *to, size_t most);
static inline int input_peek(struct input *in) { // -1: at the end
  return in->at < in->end || input_fill(in) ? (unsigned char)in->bytes[in->at] : -1;
}
static inline int input_take(struct input *in) {
  int c = input_peek(in);
  if (c >= 0) in->at++;
  return c;
}

#endif
