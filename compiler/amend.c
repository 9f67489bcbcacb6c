// SPDX-License-Identifier: Apache-2.0
//
// Versions: carries out the changes of a policy that amends an older one, on the syntax trees and before anything else
// looks at them, so that the rest of the compiler sees one whole policy. The trees of the chain are changed in place;
// what is taken over keeps its span, and thus its file and line. sema_uses.c has read the chain; sema.c calls
// sema_amend.
#include "compiler/amend.h"

#include <string.h>

// ------------------------------------------------------------------ the policy being put together

struct place {
  struct decl *decl;      // NULL: removed
  uint32_t changed;       // number of the version that last touched it
  struct span changed_at; // there
};

struct amending {
  struct sema *s;
  struct vec places; // struct place, in order
  struct names names,
      groups; // criteria, constants, sets, derivations; rules, decisions. `number`: see number_of
  struct vec name_places, group_places; // uint32_t by number of the symbol: its place + 1
  struct source_file *file;             // of the version whose changes are made
  uint32_t version;                     // number of it, 1 upward
  struct str day;                       // its first day
  int32_t first_day;                    // the same
};

static bool is_group(enum decl_tag tag) {
  return tag == DECL_RULES || tag == DECL_DECISION;
}

static bool is_named(enum decl_tag tag) {
  return tag == DECL_CRITERION || tag == DECL_CONSTANT || tag == DECL_SET ||
         tag == DECL_DERIVE_SITE || tag == DECL_DERIVE_VALUE || tag == DECL_QUANTITY;
}

static const char *tag_words(enum decl_tag tag) {
  switch (tag) {
  case DECL_CRITERION: return "criterion";
  case DECL_CONSTANT: return "constant";
  case DECL_SET: return "set";
  case DECL_QUANTITY: return "quantity";
  case DECL_RULES: return "block `rules`";
  case DECL_DECISION: return "decision";
  default: return "derived fact";
  }
}

static bool same_tag(enum decl_tag a, enum decl_tag b) {
  bool derived_a = a == DECL_DERIVE_SITE || a == DECL_DERIVE_VALUE;
  bool derived_b = b == DECL_DERIVE_SITE || b == DECL_DERIVE_VALUE;
  return a == b || (derived_a && derived_b);
}

static uint32_t *number_of(struct amending *a, bool group, struct str name) {
  struct names *names = group ? &a->groups : &a->names;
  struct vec *numbers = group ? &a->group_places : &a->name_places;
  struct symbol *symbol = names_add(names, name);
  while (symbol != NULL && numbers->count <= symbol->number)
    if (vec_add(a->s->arena, numbers, sizeof(uint32_t)) == NULL) return NULL;
  return symbol != NULL ? VEC_AT(*numbers, uint32_t, symbol->number) : NULL;
}

// NULL: there is nothing of this name.
static struct place *find_place(struct amending *a, bool group, struct str name) {
  struct symbol *symbol = names_find(group ? &a->groups : &a->names, name);
  if (symbol == NULL) return NULL;
  uint32_t *number = number_of(a, group, name);
  struct place *place =
      number != NULL && *number > 0 ? VEC_AT(a->places, struct place, *number - 1) : NULL;
  return place != NULL && place->decl != NULL ? place : NULL;
}

static void append(struct amending *a, struct decl *d) {
  struct place *place = vec_add(a->s->arena, &a->places, sizeof *place);
  if (place == NULL) return;
  place->decl = d;
  if (!is_named(d->tag) && !is_group(d->tag)) return;
  uint32_t *number = number_of(a, is_group(d->tag), d->name.text);
  if (number != NULL) *number = a->places.count;
}

// ------------------------------------------------------------------ what is not there

static void report_not_there(struct amending *a, enum decl_tag tag, struct word name) {
  struct diag *d = diag_report(a->s->diags, DIAG_NOT_AMENDED, name.span, tag_words(tag), name.text);
  if (d == NULL) return;
  struct place *other = find_place(a, is_group(tag), name.text);
  if (other != NULL) {
    diag_note(a->s->diags, d, other->decl->name.span, "`%w` is a %s", name.text,
              tag_words(other->decl->tag));
    return;
  }
  struct suggestion near = suggest_for(name.text);
  for (uint32_t i = 0; i < a->places.count; i++) {
    const struct decl *offered = VEC_AT(a->places, struct place, i)->decl;
    if (offered != NULL && same_tag(offered->tag, tag)) suggest_offer(&near, offered->name.text);
  }
  diag_suggest(a->s->diags, d, &near);
}

// The declaration that a change speaks of, which may be changed once in a version. NULL: reported.
static struct place *place_to_change(struct amending *a, enum decl_tag tag,
                                     const struct decl *change) {
  struct place *place = find_place(a, is_group(tag), change->name.text);
  if (place == NULL || !same_tag(place->decl->tag, tag)) {
    report_not_there(a, tag, change->name);
    return NULL;
  }
  if (place->changed == a->version) {
    struct diag *d =
        diag_report(a->s->diags, DIAG_CHANGED_TWICE, change->name.span, change->name.text);
    diag_note(a->s->diags, d, place->changed_at, "`%w` is changed", change->name.text);
    return NULL;
  }
  place->changed = a->version;
  place->changed_at = change->name.span;
  return place;
}

// ------------------------------------------------------------------ members of sets

struct member {
  struct literal *literal;
  uint32_t same; // another member written the same way: its number + 1
  bool gone;
};

struct members {
  struct vec all;       // struct member, in order
  struct names written; // by what is written, folded
  struct vec first;     // uint32_t by number of the symbol: number of a member + 1
};

static uint32_t *members_named(struct sema *s, struct members *m, struct str key) {
  struct symbol *symbol = names_add(&m->written, key);
  while (symbol != NULL && m->first.count <= symbol->number)
    if (vec_add(s->arena, &m->first, sizeof(uint32_t)) == NULL) return NULL;
  return symbol != NULL ? VEC_AT(m->first, uint32_t, symbol->number) : NULL;
}

static void members_add(struct sema *s, struct members *m, struct literal *l) {
  if (l->kind == LIT_IMPORT) { // keeps its place and has no name
    struct member *member = vec_add(s->arena, &m->all, sizeof *member);
    if (member != NULL) member->literal = l;
    return;
  }
  uint32_t *first = members_named(s, m, sema_member_key(s, l));
  struct member *member = first != NULL ? vec_add(s->arena, &m->all, sizeof *member) : NULL;
  if (member == NULL) return;
  *member = (struct member){.literal = l, .same = *first};
  *first = m->all.count;
}

static struct member *members_find(struct sema *s, struct members *m, const struct literal *l) {
  uint32_t *first = members_named(s, m, sema_member_key(s, l));
  return first != NULL && *first > 0 ? VEC_AT(m->all, struct member, *first - 1) : NULL;
}

static struct member *next_same(struct members *m, const struct member *member) {
  return member->same > 0 ? VEC_AT(m->all, struct member, member->same - 1) : NULL;
}

// ------------------------------------------------------------------ adding and removing members

// Dates are written so that they order like their text.
static bool day_before(const struct word *a, const struct word *b) {
  return str_order(a->text, b->text) < 0;
}

static bool in_force_together(const struct literal *x, const struct literal *y) {
  const struct literal_rest *a = rest_of(x), *b = rest_of(y);
  bool a_first = a->to != NULL && b->from != NULL && !day_before(b->from, a->to);
  bool b_first = b->to != NULL && a->from != NULL && !day_before(a->from, b->to);
  return !a_first && !b_first;
}

static void add_member(struct amending *a, struct decl_set *set, struct members *m,
                       struct literal *added, struct word *cite) {
  for (struct member *other = members_find(a->s, m, added); other != NULL;
       other = next_same(m, other)) {
    if (other->gone || !in_force_together(other->literal, added)) continue;
    struct diag *d = diag_report(a->s->diags, DIAG_MEMBER_THERE, added->span,
                                 source_of(a->s, added->span), set->d.name.text);
    diag_note(a->s->diags, d, other->literal->span, "it stands");
    return;
  }
  struct literal_rest *rest = sema_rest_for(a->s, added);
  if (rest != NULL && rest->cite == NULL) rest->cite = cite;
  members_add(a->s, m, added);
}

// The rows of a table, one by one.
static void add_rows(struct amending *a, struct decl_set *set, struct members *m,
                     struct literal *import) {
  set->imports = true;
  members_add(a->s, m, import);
  struct literal *l = sema_rows_taken(a->s, import_of(import), set->texts, a->first_day);
  for (struct literal *next; l != NULL; l = next) {
    next = l->next;
    add_member(a, set, m, l, NULL); // a row has its own citation
  }
}

// A code that is there only as a part of something.
static const struct literal *covering(const struct members *m, const struct literal *l) {
  struct str code = l->word.text;
  for (uint32_t i = 0; i < m->all.count; i++) {
    const struct member *member = VEC_AT(m->all, struct member, i);
    const struct literal *other = member->literal;
    if (member->gone || (l->kind != LIT_CODE && l->kind != LIT_NUMBER)) continue;
    bool prefix = other->kind == LIT_PREFIX && other->word.text.length <= code.length &&
                  memcmp(other->word.text.data, code.data, other->word.text.length) == 0;
    bool range = other->kind == LIT_RANGE && other->word.text.length == code.length &&
                 str_order(other->word.text, code) <= 0 &&
                 str_order(code, range_end(other)->text) <= 0;
    if (prefix || range) return other;
  }
  return NULL;
}

static void report_no_member(struct amending *a, struct decl_set *set, const struct members *m,
                             const struct literal *l) {
  struct str text = source_of(a->s, l->word.span);
  struct diag *d = diag_report(a->s->diags, DIAG_MEMBER_NOT_THERE, l->span, text, set->d.name.text);
  if (d == NULL) return;
  const struct literal *whole = covering(m, l);
  if (whole != NULL) {
    diag_help(a->s->diags, d, "it is part of `%w`; remove that and add the rest",
              source_of(a->s, whole->span));
    return;
  }
  struct suggestion near = suggest_for(l->word.text);
  for (uint32_t i = 0; i < m->all.count; i++) {
    const struct member *member = VEC_AT(m->all, struct member, i);
    if (!member->gone) suggest_offer(&near, member->literal->word.text);
  }
  diag_suggest(a->s->diags, d, &near);
}

static void end_member(struct amending *a, struct member *member, struct word *from) {
  struct literal_rest *rest = sema_rest_for(a->s, member->literal);
  if (rest == NULL) return;
  if (rest->import != NULL) sema_remove_row(a->s, member->literal, from);
  if (from == NULL || (rest->from != NULL && !day_before(rest->from, from)))
    member->gone = true;
  else
    rest->to = from;
}

// Out from the version's first day on, or from a day within its period.
static void remove_member(struct amending *a, struct decl_set *set, struct members *m,
                          const struct set_change *change) {
  struct word *from = rest_of(change->member)->from;
  bool found = false;
  if (rest_of(change->member)->to != NULL)
    diag_report(a->s->diags, DIAG_REMOVE_TO, rest_of(change->member)->to->span);
  for (struct member *other = members_find(a->s, m, change->member); other != NULL;
       other = next_same(m, other)) {
    const struct word *to = rest_of(other->literal)->to;
    bool later = !other->gone && (from == NULL || to == NULL || day_before(from, to));
    if (!later) continue;
    found = true;
    end_member(a, other, from);
  }
  if (!found) report_no_member(a, set, m, change->member);
}

static void link_members(struct decl_set *set, const struct members *m) {
  struct literal **link = &set->members;
  for (uint32_t i = 0; i < m->all.count; i++) {
    struct member *member = VEC_AT(m->all, struct member, i);
    if (member->gone) continue;
    *link = member->literal;
    link = &member->literal->next;
  }
  *link = NULL;
}

// Until which day the rows of the set's tables are looked at, from this version on.
static void change_through(struct amending *a, struct decl_set *set,
                           const struct set_change *change) {
  bool found = false;
  for (struct literal *l = set->members; l != NULL; l = l->next) {
    if (l->kind != LIT_IMPORT) continue;
    import_of(l)->through = change->through;
    found = true;
  }
  if (found)
    sema_take_rows(a->s, set, a->first_day);
  else
    diag_report(a->s->diags, DIAG_NO_ROWS, change->span, set->d.name.text);
}

static void change_set(struct amending *a, const struct decl_change_set *change) {
  struct place *place = place_to_change(a, DECL_SET, &change->d);
  if (place == NULL) return;
  struct decl_set *set = (struct decl_set *)place->decl;
  struct members m = {0};
  for (const struct set_change *c = change->changes; c != NULL; c = c->next)
    if (c->through != NULL) change_through(a, set, c);
  names_init(&m.written, a->s->arena);
  for (struct literal *l = set->members, *next; l != NULL; l = next) {
    next = l->next;
    members_add(a->s, &m, l);
  }
  for (const struct set_change *c = change->changes; c != NULL; c = c->next) {
    if (c->member == NULL) continue;
    if (c->remove)
      remove_member(a, set, &m, c);
    else if (c->member->kind == LIT_IMPORT)
      add_rows(a, set, &m, c->member);
    else
      add_member(a, set, &m, c->member, change->d.cite);
  }
  if (!a->s->arena->out_of_memory) link_members(set, &m);
  set->d.edited = true;
}

// A version keeps what can be in force on or after its first day, and only the dates after that.
static void drop_past_members(struct decl_set *set, struct str day) {
  for (struct literal **link = &set->members; *link != NULL;) {
    struct literal *l = *link;
    const struct literal_rest *rest = rest_of(l);
    bool past = rest->to != NULL && str_order(rest->to->text, day) <= 0;
    bool begun = rest->from != NULL && str_order(rest->from->text, day) <= 0;
    if (begun) l->rest->from = NULL;
    if (past)
      *link = l->next;
    else
      link = &l->next;
    set->d.edited |= past || begun;
  }
}

// ------------------------------------------------------------------ rules

struct rule_list {
  struct names names;
  struct vec rules; // struct rule * by number of the symbol; NULL: gone
};

static struct str rule_name(const struct rule *r) {
  if (r->kind == RULE_INCLUDE) return r->include.text;
  return r->label.text.length > 0 ? r->label.text : r->code.text;
}

static struct rule **rule_named(struct sema *s, struct rule_list *list, struct str name) {
  struct symbol *symbol = names_add(&list->names, name);
  while (symbol != NULL && list->rules.count <= symbol->number)
    if (vec_add(s->arena, &list->rules, sizeof(struct rule *)) == NULL) return NULL;
  return symbol != NULL ? VEC_AT(list->rules, struct rule *, symbol->number) : NULL;
}

// Enters the rules of a list, those inside of `within` too, and how each is reached. Two of one name are sema's affair.
static void enter_rules(struct sema *s, struct rule_list *list, struct rule **link) {
  for (; *link != NULL; link = &(*link)->next) {
    struct rule *r = *link;
    r->link = link;
    if (r->kind == RULE_WITHIN) {
      enter_rules(s, list, &r->body);
      continue;
    }
    struct rule **slot = rule_name(r).length > 0 ? rule_named(s, list, rule_name(r)) : NULL;
    if (slot != NULL && *slot == NULL) *slot = r;
  }
}

static void put_rule(struct rule *r, struct rule **link, struct rule *next) {
  r->link = link;
  r->next = next;
  *link = r;
  if (next != NULL) next->link = &r->next;
}

static void drop_rule(const struct rule *r) {
  *r->link = r->next;
  if (r->next != NULL) r->next->link = r->link;
}

// The rule that a change names. NULL: reported.
static struct rule *rule_to_change(struct amending *a, struct rule_list *list,
                                   const struct decl *group, struct word name) {
  struct rule **slot = rule_named(a->s, list, name.text);
  if (slot == NULL || *slot != NULL) return slot != NULL ? *slot : NULL;
  struct diag *d =
      diag_report(a->s->diags, DIAG_RULE_NOT_THERE, name.span, name.text, group->name.text);
  if (d == NULL) return NULL;
  struct suggestion near = suggest_for(name.text);
  for (uint32_t i = 0; i < list->rules.count; i++)
    if (*VEC_AT(list->rules, struct rule *, i) != NULL)
      suggest_offer(&near, (*VEC_AT(list->names.all, struct symbol *, i))->name);
  diag_suggest(a->s->diags, d, &near);
  return NULL;
}

// Whether a new rule's name is free; `instead`, which it replaces, does not count.
static bool rule_is_new(struct amending *a, struct rule_list *list, const struct rule *r,
                        const struct rule *instead, const struct decl *group) {
  if (r->kind == RULE_WITHIN || rule_name(r).length == 0) return true;
  struct rule **slot = rule_named(a->s, list, rule_name(r));
  if (slot == NULL || *slot == NULL || *slot == instead) return true;
  struct diag *d =
      diag_report(a->s->diags, DIAG_RULE_THERE, r->span, rule_name(r), group->name.text);
  diag_note(a->s->diags, d, (*slot)->span, "it stands");
  return false;
}

// The end of a list, in front of its `otherwise`.
static struct rule **last_link(struct rule **link) {
  while (*link != NULL &&
         !((*link)->kind == RULE_RULE && (*link)->when == NULL && (*link)->next == NULL))
    link = &(*link)->next;
  return link;
}

static void add_rule(struct amending *a, struct rule_list *list, struct rule **first,
                     const struct decl *group, const struct rule_change *change) {
  struct rule *r = change->rule, *at = NULL;
  if (change->place != RULE_LAST && (at = rule_to_change(a, list, group, change->name)) == NULL)
    return;
  if (!rule_is_new(a, list, r, NULL, group)) return;
  struct rule **link = at == NULL                     ? last_link(first)
                       : change->place == RULE_BEFORE ? at->link
                                                      : &at->next;
  put_rule(r, link, *link);
}

static void change_rule(struct amending *a, struct rule_list *list, struct rule **first,
                        const struct decl *group, const struct rule_change *change) {
  if (change->kind == RULE_ADD) {
    add_rule(a, list, first, group, change);
  } else {
    struct rule *at = rule_to_change(a, list, group, change->name);
    if (at == NULL) return;
    if (change->kind == RULE_REPLACE && !rule_is_new(a, list, change->rule, at, group)) return;
    struct rule **slot = rule_named(a->s, list, rule_name(at));
    if (slot != NULL) *slot = NULL;
    if (change->kind == RULE_REMOVE)
      drop_rule(at);
    else
      put_rule(change->rule, at->link, at->next);
  }
  if (change->rule == NULL || a->s->arena->out_of_memory) return;
  struct rule *alone = change->rule, *next = alone->next, **link = alone->link;
  alone->next = NULL; // what it brings is entered, and nothing behind it
  enter_rules(a->s, list, &alone);
  change->rule->next = next;
  change->rule->link = link;
}

static void change_rules(struct amending *a, const struct decl_change_rules *change) {
  enum decl_tag tag = change->decision ? DECL_DECISION : DECL_RULES;
  struct place *place = place_to_change(a, tag, &change->d);
  if (place == NULL) return;
  struct rule **first = change->decision ? &((struct decl_decision *)place->decl)->rules
                                         : &((struct decl_rules *)place->decl)->rules;
  struct rule_list list = {0};
  place->decl->edited = true;
  names_init(&list.names, a->s->arena);
  enter_rules(a->s, &list, first);
  for (const struct rule_change *c = change->changes; c != NULL; c = c->next)
    change_rule(a, &list, first, place->decl, c);
}

// ------------------------------------------------------------------ one version

static void take_own_rows(struct amending *a, struct decl *d) {
  if (d->tag == DECL_SET) sema_take_rows(a->s, (struct decl_set *)d, a->first_day);
}

static void replace(struct amending *a, const struct decl_replace *change) {
  struct place *place = place_to_change(a, change->with->tag, &change->d);
  if (place == NULL) return;
  if (change->d.cite == NULL)
    diag_report(a->s->diags, DIAG_NO_CITE, change->d.name.span, change->d.name.text);
  place->decl = change->with;
  take_own_rows(a, place->decl);
}

static void remove_decl(struct amending *a, const struct decl_remove *change) {
  struct place *place = place_to_change(a, change->of, &change->d);
  if (place != NULL) place->decl = NULL;
}

static void declare(struct amending *a, struct decl *d) {
  bool group = is_group(d->tag);
  const struct place *there = group || is_named(d->tag) ? find_place(a, group, d->name.text) : NULL;
  if (there == NULL ||
      there->decl->span.file == d->span.file) { // twice in one file is sema's affair
    append(a, d);
    take_own_rows(a, d);
    return;
  }
  struct diag *message = diag_report(a->s->diags, DIAG_AMENDED_HAS, d->name.span, d->name.text);
  if (group)
    diag_help(a->s->diags, message, "write `change %s %w` to change its rules",
              d->tag == DECL_RULES ? "rules" : "decision", d->name.text);
  diag_note(a->s->diags, message, there->decl->name.span, "`%w` stands", d->name.text);
}

// A version's own order of questions takes the place of the one before.
static void replace_ask_order(struct amending *a, const struct decl *first) {
  const struct decl *own = first;
  while (own != NULL && own->tag != DECL_ASK_ORDER) own = own->next;
  for (uint32_t i = 0; own != NULL && i < a->places.count; i++) {
    struct place *place = VEC_AT(a->places, struct place, i);
    if (place->decl != NULL && place->decl->tag == DECL_ASK_ORDER) place->decl = NULL;
  }
}

static void apply(struct amending *a, struct decl *d) {
  switch (d->tag) {
  case DECL_REPLACE: replace(a, (struct decl_replace *)d); break;
  case DECL_REMOVE: remove_decl(a, (struct decl_remove *)d); break;
  case DECL_CHANGE_SET: change_set(a, (struct decl_change_set *)d); break;
  case DECL_CHANGE_RULES: change_rules(a, (struct decl_change_rules *)d); break;
  default: declare(a, d); break;
  }
}

static void drop_past(struct amending *a) {
  for (uint32_t i = 0; i < a->places.count; i++) {
    struct decl *d = VEC_AT(a->places, struct place, i)->decl;
    if (d != NULL && d->tag == DECL_SET) drop_past_members((struct decl_set *)d, a->day);
  }
}

// A version has the rows of tables that are in force on its own first day, whichever version asks for them.
static void take_rows(struct amending *a) {
  for (uint32_t i = 0; i < a->places.count; i++) {
    struct decl *d = VEC_AT(a->places, struct place, i)->decl;
    if (d != NULL) take_own_rows(a, d);
  }
}

static void apply_version(struct amending *a, struct source_file *file) {
  uint32_t month_days;
  a->file = file;
  a->version++;
  a->day = file->head.version->text;
  if (!date_parse(a->day, &a->first_day, &month_days)) a->first_day = 0; // sema.c tells
  take_rows(a);
  bool last = file == a->s->main;
  replace_ask_order(a, file->decls);
  for (struct decl *d = file->decls, *next; d != NULL; d = next) {
    next = d->next;
    if ((d->tag != DECL_TEST && d->tag != DECL_TABLE) || last) apply(a, d);
  }
  if (!last) file->decls = NULL; // what is left of them belongs to the version being made
  drop_past(a);
}

// ------------------------------------------------------------------ heads

static void inherit(struct policy_head *head, const struct policy_head *older) {
  if (head->title == NULL) head->title = older->title;
  if (head->payer == NULL) head->payer = older->payer;
  if (head->basis == NULL) head->basis = older->basis;
  if (head->source == NULL) {
    head->source = older->source;
    head->revised = older->revised;
  }
}

// Whether `file` may amend `older`: one policy, and what is amended comes first, so that nothing old can change.
static bool check_heads(struct sema *s, const struct source_file *file,
                        const struct source_file *older) {
  const struct policy_head *head = &file->head, *before = &older->head;
  if (!str_equal(head->id.text, before->id.text)) {
    diag_report(s->diags, DIAG_AMENDS_OTHER, head->amends->span, head->amends->text,
                before->id.text, head->id.text);
    return false;
  }
  if (head->version == NULL || before->version == NULL) {
    const struct policy_head *lacks = head->version == NULL ? head : before;
    diag_report(s->diags, DIAG_NO_VERSION, lacks->id.span);
    return false;
  }
  if (day_before(before->version, head->version)) return true;
  diag_report(s->diags, DIAG_AMENDS_NEWER, head->amends->span, head->version->text,
              before->version->text);
  return false;
}

// ------------------------------------------------------------------ the chain

static bool is_change(const struct decl *d) {
  return d->tag == DECL_REPLACE || d->tag == DECL_REMOVE || d->tag == DECL_CHANGE_SET ||
         d->tag == DECL_CHANGE_RULES;
}

// Changes in a file that amends nothing.
static void refuse_changes(struct sema *s, const struct source_file *file) {
  for (const struct decl *d = file->decls; d != NULL; d = d->next)
    if (is_change(d)) diag_report(s->diags, DIAG_CHANGE_NOTHING, d->span);
}

static void link_decls(struct amending *a, struct source_file *file) {
  struct decl **link = &file->decls;
  for (uint32_t i = 0; i < a->places.count; i++) {
    struct decl *d = VEC_AT(a->places, struct place, i)->decl;
    if (d == NULL) continue;
    *link = d;
    link = &d->next;
  }
  *link = NULL;
}

static void amend_chain(struct sema *s, struct vec *chain) {
  struct amending a = {.s = s};
  names_init(&a.names, s->arena);
  names_init(&a.groups, s->arena);
  bool good = true;
  for (uint32_t i = chain->count - 1; i-- > 0;) {
    struct source_file *file = *VEC_AT(*chain, struct source_file *, i);
    struct source_file *older = *VEC_AT(*chain, struct source_file *, i + 1);
    good = check_heads(s, file, older) && good;
    inherit(&file->head, &older->head);
  }
  if (!good) return;
  for (uint32_t i = chain->count; i-- > 0;)
    apply_version(&a, *VEC_AT(*chain, struct source_file *, i));
  if (!s->arena->out_of_memory) link_decls(&a, *VEC_AT(*chain, struct source_file *, 0));
}

void sema_amend(struct sema *s) {
  struct vec chain = {0}; // struct source_file *, newest first
  const struct used_file *file = *VEC_AT(s->files, struct used_file *, s->files.count - 1);
  for (uint32_t i = 0; i + 1 < s->files.count; i++) {
    const struct used_file *other = *VEC_AT(s->files, struct used_file *, i);
    if (other->file->kind != FILE_POLICY) refuse_changes(s, other->file);
  }
  const struct source_file *oldest = file->file;
  for (; file != NULL; file = file->amends) {
    if (!vec_push(s->arena, &chain, file->file)) return;
    oldest = file->file;
  }
  refuse_changes(s, oldest);
  if (chain.count > 1 && s->diags->errors == 0) amend_chain(s, &chain);
}

static bool is_amended(const struct sema *s, uint32_t source) {
  for (uint32_t i = 0; i < s->files.count; i++) {
    const struct used_file *file = *VEC_AT(s->files, struct used_file *, i);
    if (file->file != NULL && file->file->index == source) return file->amended;
  }
  return false;
}

// What is right in the older version itself may be wrong once it is changed: a name that it uses is removed.
void sema_amend_notes(struct sema *s) {
  if (s->main == NULL || s->main->kind != FILE_POLICY || s->main->head.amends == NULL) return;
  for (uint32_t i = 0; i < s->diags->count; i++) {
    struct diag *d = &s->diags->items[i];
    if (d->note[0] == '\0' && is_amended(s, d->span.file))
      diag_note(s->diags, d, s->main->head.amends->span,
                "this is read for the version that amends it");
  }
}
