// SPDX-License-Identifier: Apache-2.0
//
// Files, directories, streams and messages; see files.h. The only file that asks the operating system for anything.
#define _POSIX_C_SOURCE 200809L
#include "cli/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// ---------------------------------------------------------------------------------------- messages

static bool status_shown; // guarded by the lock of stderr

int trouble(const char *format, ...) {
  va_list args;
  flockfile(stderr);
  fputs(status_shown ? "\r\x1b[Ksoc: " : "soc: ", stderr);
  status_shown = false;
  va_start(args, format);
  // NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): clang 14 loses sight of it here
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
  funlockfile(stderr);
  return EXIT_TROUBLE;
}

void status_show(const char *line) {
  flockfile(stderr);
  if (*line || status_shown) fprintf(stderr, "\r%s\x1b[K", line);
  status_shown = *line != '\0';
  fflush(stderr);
  funlockfile(stderr);
}

int trouble_memory(void) {
  return trouble("out of memory");
}

bool output_failed(void) {
  return ferror(stdout) != 0;
}

static int output_error; // errno of the first write that failed

bool output_write(const struct buffer *text) {
  if (fwrite(buffer_get(text), 1, text->length, stdout) == text->length) return true;
  if (!output_error) output_error = errno;
  return false;
}

bool output_flush(void) {
  errno = 0;
  if (fflush(stdout) == 0 && !ferror(stdout)) return true;
  if (!output_error) output_error = errno ? errno : EIO;
  if (output_error != EPIPE) trouble("cannot write to standard output: %s", strerror(output_error));
  return false;
}

// ---------------------------------------------------------------------------------------- whole files

static FILE *open_reading(const char *path) {
  if (strcmp(path, "-") == 0) return stdin;
  FILE *file = fopen(path, "rb");
  if (!file) trouble("cannot read %s: %s", path, strerror(errno));
  return file;
}

static void close_reading(FILE *file) {
  if (file && file != stdin) fclose(file);
}

static bool read_up_to(FILE *file, const char *path, size_t limit, struct buffer *out) {
  char chunk[65536];
  size_t total = 0;
  while (total <= limit) {
    size_t wanted = limit + 1 - total < sizeof chunk ? limit + 1 - total : sizeof chunk;
    size_t n = fread(chunk, 1, wanted, file);
    if (!buffer_append(out, chunk, n)) return trouble_memory(), false;
    total += n;
    if (n == wanted) continue;
    if (!ferror(file)) return true;
    trouble("cannot read %s: %s", path, strerror(errno));
    return false;
  }
  return true;
}

bool file_read(const char *path, size_t limit, bool cut, struct buffer *out) {
  FILE *file = open_reading(path);
  if (!file) return false;
  size_t before = out->length;
  bool ok = read_up_to(file, path, limit, out);
  if (ok && !cut && out->length - before > limit) {
    trouble("%s is larger than %zu bytes, the most that is read of such a file", path, limit);
    ok = false;
  }
  close_reading(file);
  return ok;
}

static bool write_all(int fd, const char *data, size_t length) {
  while (length) {
    ssize_t n = write(fd, data, length);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    data += n;
    length -= (size_t)n;
  }
  return true;
}

// mkstemp makes a file for its owner alone; an artifact is for everybody that the user's mask allows.
static bool open_to_all(int fd) {
  mode_t mask = umask(0);
  umask(mask);
  return fchmod(fd, 0666 & ~mask) == 0;
}

static bool write_and_rename(int fd, const char *temporary, const char *path, const char *data,
                             size_t length) {
  bool ok = write_all(fd, data, length) && open_to_all(fd) && fsync(fd) == 0;
  int error = errno;
  if (close(fd) != 0 && ok) {
    ok = false;
    error = errno;
  }
  if (ok && rename(temporary, path) == 0) return true;
  trouble("cannot write %s: %s", path, strerror(ok ? errno : error));
  unlink(temporary);
  return false;
}

// Devices, pipes and links are written to: a file of that name in their place would take them from everybody else.
static bool write_in_place(const char *path, const char *data, size_t length) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  bool ok = fd >= 0 && write_all(fd, data, length);
  int error = errno;
  if (fd >= 0 && close(fd) != 0 && ok) {
    ok = false;
    error = errno;
  }
  if (!ok) trouble("cannot write %s: %s", path, strerror(error));
  return ok;
}

bool file_write(const char *path, const char *data, size_t length) {
  struct stat about;
  if (lstat(path, &about) == 0 && !S_ISREG(about.st_mode))
    return write_in_place(path, data, length);
  struct buffer temporary = {0};
  buffer_format(&temporary, "%s.XXXXXX", path);
  if (temporary.failed) return buffer_free(&temporary), trouble_memory(), false;
  bool ok = false;
  int fd = mkstemp(temporary.data);
  if (fd < 0)
    trouble("cannot write %s: %s", path, strerror(errno));
  else
    ok = write_and_rename(fd, temporary.data, path, data, length);
  buffer_free(&temporary);
  return ok;
}

// ---------------------------------------------------------------------------------------- paths

bool path_is_directory(const char *path) {
  struct stat about;
  return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool path_is_file(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

bool path_size(const char *path, uint64_t *size) {
  struct stat about;
  int failed = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &about) : stat(path, &about);
  if (failed || !S_ISREG(about.st_mode) || about.st_size < 0) return false;
  *size = (uint64_t)about.st_size;
  return true;
}

bool path_exists(const char *path) {
  struct stat about;
  return stat(path, &about) == 0;
}

bool path_same(const char *a, const char *b) {
  struct stat x, y;
  return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

bool path_ends_with(const char *path, const char *ending) {
  size_t length = strlen(path), tail = strlen(ending);
  return length > tail && strcmp(path + length - tail, ending) == 0;
}

size_t path_directory(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? (size_t)(slash - path) : 0;
}

bool paths_add(struct paths *n, const char *text, size_t length) {
  if (n->count == n->capacity) {
    size_t capacity = n->capacity ? n->capacity * 2 : 16;
    char **items = realloc(n->items, capacity * sizeof *items);
    if (!items) return n->failed = true, false;
    n->items = items;
    n->capacity = capacity;
  }
  char *copy = malloc(length + 1);
  if (!copy) return n->failed = true, false;
  memcpy(copy, text, length);
  copy[length] = '\0';
  n->items[n->count++] = copy;
  return true;
}

static int compare_paths(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

void paths_sort(struct paths *n) {
  if (n->count > 1) qsort(n->items, n->count, sizeof *n->items, compare_paths);
}

void paths_free(struct paths *n) {
  for (size_t i = 0; i < n->count; i++) free(n->items[i]);
  free(n->items);
  *n = (struct paths){0};
}

bool directory_list(const char *path, struct paths *out) {
  DIR *dir = opendir(path);
  if (!dir) return false;
  const struct dirent *entry;
  errno = 0;
  while ((entry = readdir(dir))) {
    if (entry->d_name[0] != '.' && !paths_add(out, entry->d_name, strlen(entry->d_name))) break;
  }
  int error = errno;
  closedir(dir);
  paths_sort(out);
  errno = error;
  return error == 0 && !out->failed;
}

enum { TREE_DEPTH = 32 }; // directories deeper than this are a loop of links, or nobody's policies

static bool walk(const char *path, const char *ending, unsigned depth, struct paths *out) {
  struct paths entries = {0};
  if (depth > TREE_DEPTH || !directory_list(path, &entries)) {
    trouble("cannot read the directory %s: %s", path,
            depth > TREE_DEPTH ? "nested too deeply" : strerror(errno));
    paths_free(&entries);
    return false;
  }
  bool ok = true;
  struct buffer child = {0};
  for (size_t i = 0; ok && i < entries.count; i++) {
    buffer_clear(&child);
    bool slash = path_ends_with(path, "/") || strcmp(path, "/") == 0;
    buffer_format(&child, "%s%s%s", path, slash ? "" : "/", entries.items[i]);
    if (child.failed)
      ok = false, trouble_memory();
    else if (path_is_directory(child.data))
      ok = walk(child.data, ending, depth + 1, out);
    else if (path_ends_with(child.data, ending) && !paths_add(out, child.data, child.length))
      ok = false, trouble_memory();
  }
  buffer_free(&child);
  paths_free(&entries);
  return ok;
}

bool tree_files(const char *path, const char *ending, struct paths *out) {
  if (path_is_directory(path)) return walk(path, ending, 0, out);
  if (paths_add(out, path, strlen(path))) return true;
  trouble_memory();
  return false;
}

bool source_files(const char *path, struct paths *out) {
  size_t before = out->count;
  if (!tree_files(path, ".soc", out)) return false;
  if (out->count > before) return true;
  return trouble("there is no .soc file below %s", path), false;
}

// ---------------------------------------------------------------------------------------- streams

bool input_open(struct input *in, const char *path) {
  bool standard = strcmp(path, "-") == 0;
  in->name = standard ? "standard input" : path;
  in->at = in->end = in->before = 0;
  in->failed = false;
  in->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  if (in->fd >= 0) return true;
  trouble("cannot read %s: %s", path, strerror(errno));
  return false;
}

void input_close(struct input *in) {
  if (in->fd > STDIN_FILENO) close(in->fd);
  in->fd = STDIN_FILENO;
}

// As many bytes as are wanted, unless the stream ends or fails before.
static size_t read_wanted(struct input *in, char *to, size_t wanted) {
  size_t length = 0;
  while (length < wanted && !in->failed) {
    ssize_t n = read(in->fd, to + length, wanted - length);
    if (n > 0) length += (size_t)n;
    if (n == 0) break;
    if (n > 0 || errno == EINTR) continue;
    if (length) break; // the next one fails again
    in->failed = true;
    trouble("cannot read %s: %s", in->name, strerror(errno));
  }
  return length;
}

bool input_fill(struct input *in) {
  in->before += in->end;
  in->at = 0;
  in->end = read_wanted(in, in->bytes, sizeof in->bytes);
  return in->end > 0;
}

size_t input_read(struct input *in, char *to, size_t most) {
  size_t there = in->end - in->at;
  if (there == 0) {
    in->before += in->end;
    in->at = in->end = 0;
    size_t length = read_wanted(in, to, most);
    in->before += length;
    return length;
  }
  if (there > most) there = most;
  memcpy(to, in->bytes + in->at, there);
  in->at += there;
  return there;
}
