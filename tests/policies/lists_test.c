// SPDX-License-Identifier: Apache-2.0
//
// Compares a code or brand list of all versions of a policy with a table of facts, as the artifacts hold it, not the
// sources.
//
//     lists_test VERSIONS-FOLDER SET TABLE.tsv
//
// The table has one row a member and one column a day: 1 if the member is on the list on that day, else 0. A day's list
// is that of the version in force, the newest one whose first day is not later, asked as of the day. Each column is one
// case: every member of the table is in the set or not as it says, and nothing else is in the set. A table of several
// short lists has the set's name in a column before the members, headed `set`. The last line is `N passed, N failed`.
#include "cli/artifacts.h"
#include "cli/files.h"

#include <stdlib.h>
#include <string.h>

#include "vm/pack.h"
#include "vm/policy.h"

enum { DAYS = 32, MEMBERS = 4096, TABLE_BYTES = 1 << 20 };

struct table {
  struct buffer text;
  const char *set; // only rows of this set count; NULL: all of them do
  const char *days[DAYS];
  size_t day_count;
  struct {
    const char *name;
    const char *cells[DAYS];
  } members[MEMBERS];
  size_t member_count;
};

// ------------------------------------------------------------------ the table

// Ends the field at *at with a NUL and goes on behind it. NULL: the line has no more fields.
static char *next_field(char **at) {
  char *field = *at;
  if (field == NULL) return NULL;
  char *end = strpbrk(field, "\t\n");
  if (end == NULL || *end == '\n') *at = NULL;
  if (end != NULL) {
    if (*end == '\t') *at = end + 1;
    *end = '\0';
  }
  return field;
}

static bool read_row(struct table *t, char *line) {
  char *at = line;
  if (t->member_count == MEMBERS) return false;
  if (t->set != NULL && strcmp(next_field(&at), t->set) != 0) return true;
  t->members[t->member_count].name = next_field(&at);
  for (size_t i = 0; i < t->day_count; i++) {
    const char *cell = next_field(&at);
    if (cell == NULL || (strcmp(cell, "0") != 0 && strcmp(cell, "1") != 0)) return false;
    t->members[t->member_count].cells[i] = cell;
  }
  t->member_count++;
  return at == NULL;
}

static bool read_table(struct table *t, const char *set, const char *path) {
  if (!file_read(path, TABLE_BYTES, false, &t->text) || !buffer_char(&t->text, '\n')) return false;
  char *line = t->text.data, *end = strchr(line, '\n'), *at = line;
  if (strcmp(next_field(&at), "set") == 0) {
    t->set = set;
    next_field(&at);
  }
  for (const char *day; (day = next_field(&at)) != NULL && t->day_count < DAYS;)
    t->days[t->day_count++] = day;
  for (line = end + 1; (end = strchr(line, '\n')) != NULL; line = end + 1)
    if (end > line && !read_row(t, line))
      return trouble("%s: a row is not as the head says", path), false;
  return t->day_count > 0 && t->member_count > 0;
}

// ------------------------------------------------------------------ the set

static bool find_set(const vm_policy *p, const char *name, vm_set *set) {
  for (uint32_t i = 0; i < VM_COUNT(p, SETS); i++) {
    *set = vm_set_at(p, i);
    if (set->name != SOC_NONE32 && strcmp(vm_name(p, set->name).data, name) == 0) return true;
  }
  return false;
}

static const char *text_at(const vm_policy *p, uint64_t index) {
  return vm_name(p, vm_u32(VM_AT(p, TEXTS, index))).data;
}

// The member that range `r` of the set stands for, as the table writes it (texts: folded). Empty: it is no single one.
static const char *member_of(const vm_policy *p, const vm_set *set, const uint8_t *r,
                             char text[13]) {
  uint64_t lo = vm_u64(r), hi = vm_u64(r + 8);
  if (lo != hi) return "";
  if (set->kind == 1) return text_at(p, lo);
  text[soc_code_unpack(lo, text)] = '\0';
  return text;
}

static bool is_member(const vm_policy *p, const vm_set *set, const char *name, int32_t day) {
  char folded[256], text[13];
  size_t length = strlen(name);
  if (length >= sizeof folded) return false;
  memcpy(folded, name, length);
  if (set->kind == 1) length = soc_text_fold(name, length, folded);
  folded[length] = '\0';
  for (uint32_t i = 0; i < set->count; i++) {
    const uint8_t *r = VM_AT(p, SET_RANGES, set->first + i);
    bool in_force = vm_i32(r + 16) <= day && day < vm_i32(r + 20);
    if (in_force && strcmp(member_of(p, set, r, text), folded) == 0) return true;
  }
  return false;
}

static size_t count_members(const vm_policy *p, const vm_set *set, int32_t day) {
  size_t count = 0;
  for (uint32_t i = 0; i < set->count; i++) {
    const uint8_t *r = VM_AT(p, SET_RANGES, set->first + i);
    count += vm_i32(r + 16) <= day && day < vm_i32(r + 20);
  }
  return count;
}

// ------------------------------------------------------------------ one day

static bool check_day(const struct table *t, size_t column, const struct artifact *a,
                      const char *name, int32_t day) {
  const vm_policy *p = vm_of(&a->policy);
  vm_set set;
  size_t wanted = 0;
  bool good = true;
  if (!find_set(p, name, &set)) return printf("%s has no set %s\n", a->path.data, name), false;
  for (size_t i = 0; i < t->member_count; i++) {
    bool listed = t->members[i].cells[column][0] == '1';
    wanted += listed;
    if (is_member(p, &set, t->members[i].name, day) == listed) continue;
    printf("%s, %s: %s is %s the list of version %s\n", name, t->days[column], t->members[i].name,
           listed ? "not on" : "on", a->info.version.data);
    good = false;
  }
  size_t found = count_members(p, &set, day);
  if (found == wanted) return good;
  printf("%s, %s: %zu members, and the table has %zu\n", name, t->days[column], found, wanted);
  return false;
}

// The newest artifact of the folder whose first day is not later. NULL: there is none.
static struct artifact *version_on(const char *folder, const char *day) {
  struct paths files = {0};
  struct buffer path = {0};
  struct artifact *a = NULL;
  if (!tree_files(folder, ".socb", &files)) return NULL;
  for (size_t i = 0; i < files.count; i++) {
    const char *file = files.items[i] + strlen(folder) + 1;
    if (strncmp(file, day, 10) > 0) continue;
    buffer_clear(&path);
    buffer_text(&path, files.items[i]);
  }
  if (path.length > 0 && !path.failed) a = artifact_open(path.data, NULL, NULL);
  buffer_free(&path);
  paths_free(&files);
  return a;
}

int main(int argc, char **argv) {
  static struct table t;
  unsigned passed = 0, failed = 0;
  if (argc != 4) return trouble("usage: lists_test VERSIONS-FOLDER SET TABLE.tsv");
  if (!read_table(&t, argv[2], argv[3])) return trouble("%s cannot be used", argv[3]);
  for (size_t i = 0; i < t.day_count; i++) {
    int32_t day;
    struct artifact *a = version_on(argv[1], t.days[i]);
    bool good = a != NULL && version_day(t.days[i], strlen(t.days[i]), &day) &&
                check_day(&t, i, a, argv[2], day);
    artifact_free(a);
    passed += good;
    failed += !good;
  }
  buffer_free(&t.text);
  printf("%u passed, %u failed\n", passed, failed);
  return failed > 0;
}
