// SPDX-License-Identifier: Apache-2.0
//
// The boundaries of a checked program: for every test of a number, a date, a code or a text the values at which it
// turns and their neighbours, and for every fact its states and special values. Each is a point; cases are aimed at
// points (aim.h), and what a case really came to is counted, as the oracle tells of it.
#ifndef SOC_TESTS_BOUNDARIES_H
#define SOC_TESTS_BOUNDARIES_H

#include "tests/oracle/oracle.h"

enum site_kind {
  SITE_COMPARE,     // value: left - right
  SITE_WINDOW,      // value: days from one of its ends; day: which, 0 the first, 1 the last
  SITE_ANNIVERSARY, // value: days after the day on which so many years (site.number) are completed
  SITE_MONTHS,      // value: enum months_point
  SITE_QUOTIENT,    // value: enum quotient_point
  SITE_SET, // value: a member or its neighbour; day: as of which it is looked up, INT64_MIN: any
  SITE_FACT // value, day: see enum fact_point
};
enum months_point { MONTHS_CLAMPED, MONTHS_LEAP_DAY, MONTHS_LAST_DAY };
enum quotient_point { QUOTIENT_WHOLE, QUOTIENT_JUST_MORE, QUOTIENT_JUST_LESS };
enum fact_point {  // in point.day
  FACT_LEFT_OUT,   // value: 0
  FACT_NONE,       // value: 0
  FACT_VALUE,      // value: as the case holds it
  FACT_DAY,        // value: 100 * month + day; 228: of a year without a leap day
  FACT_ITEMS,      // value: how many items or rows; the largest stands for more as well
  FACT_ITEM,       // value: an item of a list of values
  FACT_DAYS_APART, // value: days between this field of two rows
  FACT_REFERENCE // value: -1 to an earlier row, 1 to a later one, 2 to one that has a reference itself
};

struct point {
  int64_t value, day;
  uint64_t drawn; // in so many cases, or several times in one
};

// Where an expression stands: in the condition of that name, among these rows as oracle_place has them.
struct around {
  struct str name;
  const struct fact_decl *list, *loop;
  const struct cell *mask; // of a derivation: reached only if the steps before it come to nothing
  const struct cell *rule; // of a rule's window or units: reached only if this condition is met
};

struct site {
  enum site_kind kind;
  const struct expr *expr;       // NULL: SITE_FACT
  const struct expr *operand;    // SITE_SET: what is looked up
  const struct fact_decl *fact;  // SITE_SET, SITE_FACT
  const struct set_decl *set;    // SITE_SET; NULL: the codes of a map
  const struct fact_decl *as_of; // SITE_SET
  struct around around;
  int64_t number; // SITE_ANNIVERSARY: years
  struct point *points;
  uint32_t count, capacity;
  uint32_t before; // points of the sites before this one
};

struct boundaries {
  const struct program *program;
  struct site *sites;
  uint32_t site_count, site_capacity;
  uint32_t point_count;
  struct expr_site *table; // by expression: hashed
  uint32_t table_size, table_count;
};

void boundaries_begin(struct boundaries *b, const struct program *p);
// Expressions of the program, one by one.
void boundaries_add(struct boundaries *b, const struct expr *e, struct around around);
// The codes of a derivation's map.
void boundaries_add_map(struct boundaries *b, const struct derive_step *step, struct around around);
void boundaries_end(struct boundaries *b); // facts, and what ends the collection
void boundaries_free(struct boundaries *b);

// Any point, by its number.
struct point *boundaries_point(const struct boundaries *b, uint32_t number, struct site **site);

// Counts what a case comes to: facts at once, tests as the oracle decides it with boundaries_watch.
void boundaries_note_case(struct boundaries *b, const struct oracle_case *c);
oracle_watch_fn boundaries_watch; // context: struct boundaries

uint32_t boundaries_drawn(const struct boundaries *b); // points drawn at least once
void boundaries_print_rest(const struct boundaries *b, FILE *out);

// A code with so many characters as the fact takes: cut, or filled up with the lowest. 0: there is none.
uint64_t boundaries_fitted(const struct fact_decl *f, uint64_t code);
// A constant that an expression is; false: it is none.
bool constant_value(const struct expr *e, int64_t *value);

// What the generator draws at most.
enum { MOST_ROWS = 3, MOST_LINES = 4, MOST_ITEMS = 3 };

#endif
