#include "domain/property.h"

#include "base/input.h"
#include "base/memory.h"
#include "base/stack.h"
#include "base/status.h"
#include "domain/vnnlib.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_PARTS = 4096 };

/* ---- Formulas, as lists of parts one of which must hold ---- */

typedef struct {
    size_t count;
    crease_part *part;
} parts;

static void free_parts(parts *p)
{
    for (size_t i = 0; i < p->count; i++)
        free(p->part[i].constraint);
    free(p->part);
    *p = (parts){0, NULL};
}

static void append(parts *p, crease_part part)
{
    p->part = crease_realloc(p->part, p->count + 1, sizeof *p->part);
    p->part[p->count++] = part;
}

static void extend(crease_part *a, const crease_part *b)
{
    size_t count = a->count + b->count;
    a->constraint = crease_realloc(a->constraint, count, sizeof *a->constraint);
    memcpy(a->constraint + a->count, b->constraint, b->count * sizeof *b->constraint);
    a->count = count;
}

static crease_part joined(const crease_part *a, const crease_part *b)
{
    crease_part both = {a->count + b->count, NULL};
    both.constraint = crease_alloc(both.count, sizeof *both.constraint);
    memcpy(both.constraint, a->constraint, a->count * sizeof *a->constraint);
    memcpy(both.constraint + a->count, b->constraint, b->count * sizeof *b->constraint);
    return both;
}

/* What holds without condition. */
static parts everything(void)
{
    parts all = {0, NULL};
    append(&all, (crease_part){0, crease_alloc(0, sizeof(crease_constraint *))});
    return all;
}

/* a becomes a and b; b is used up. */
static crease_status meet(const crease_vnnlib *r, const crease_sexpr *e, parts *a, parts *b)
{
    parts both = {0, NULL};
    crease_status status = CREASE_OK;
    if (a->count * b->count > MAX_PARTS)
        status = crease_vnnlib_complain(r, NULL, e, "more than 4096 disjoint parts");
    if (!status && b->count == 1) {
        /* In place: a property of many inputs is a long chain of these. */
        for (size_t i = 0; i < a->count; i++)
            extend(&a->part[i], &b->part[0]);
        free_parts(b);
        return CREASE_OK;
    }
    for (size_t i = 0; i < a->count && !status; i++)
        for (size_t k = 0; k < b->count; k++)
            append(&both, joined(&a->part[i], &b->part[k]));
    free_parts(a);
    free_parts(b);
    *a = both;
    return status;
}

/* a becomes a or b; b is used up. */
static crease_status join(const crease_vnnlib *r, const crease_sexpr *e, parts *a, parts *b)
{
    crease_status status = CREASE_OK;
    if (a->count + b->count > MAX_PARTS)
        status = crease_vnnlib_complain(r, NULL, e, "more than 4096 disjoint parts");
    for (size_t i = 0; i < b->count; i++)
        append(a, b->part[i]);
    free(b->part);
    bool always = false;
    for (size_t i = 0; i < a->count; i++)
        always = always || !a->part[i].count;
    if (always) {
        free_parts(a);
        *a = everything();
    }
    return status;
}

/* The constraint t <= 0, or t < 0, without terms that are 0. */
static crease_constraint *constraint_of(crease_vnnlib *r, const crease_term *t, bool strict,
                                        int line)
{
    crease_property *p = r->property;
    crease_constraint *c = crease_alloc(1, sizeof *c);
    c->line = line;
    c->strict = strict;
    c->index = crease_alloc(t->count, sizeof *c->index);
    c->value = crease_alloc(t->count, sizeof *c->value);
    mpq_init(c->bound);
    mpq_neg(c->bound, t->constant);
    for (size_t k = 0; k < t->count; k++) {
        if (!mpq_sgn(t->value[k]))
            continue;
        c->index[c->count] = t->index[k];
        mpq_init(c->value[c->count]);
        mpq_set(c->value[c->count++], t->value[k]);
    }
    p->constraint = crease_realloc(p->constraint, p->constraints + 1, sizeof *p->constraint);
    p->constraint[p->constraints++] = c;
    return c;
}

/* t <= 0, or t < 0, which may hold always or never. */
static parts part_of(crease_vnnlib *r, const crease_term *t, bool strict, int line)
{
    parts one = everything();
    if (t->outputs) {
        r->property->ignored++;
        return one;
    }
    if (!crease_term_is_constant(t)) {
        free(one.part[0].constraint);
        one.part[0] = (crease_part){1, crease_alloc(1, sizeof(crease_constraint *))};
        one.part[0].constraint[0] = constraint_of(r, t, strict, line);
    } else if (mpq_sgn(t->constant) > 0 || (strict && !mpq_sgn(t->constant))) {
        free_parts(&one);
    }
    return one;
}

/* What a comparison of a and b says of the sign of a - b. */
typedef struct {
    const char *word;
    bool less, equal, greater;
} relation;

static const relation relations[] = {
    {"<=", true, true, false}, {">=", false, true, true},       {"=", false, true, false},
    {"<", true, false, false}, {">", false, false, true},       {"==", false, true, false},
    {"!=", true, false, true}, {"distinct", true, false, true},
};

static const relation *relation_of(const crease_sexpr *head)
{
    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++)
        if (crease_sexpr_is(head, relations[i].word))
            return &relations[i];
    return NULL;
}

/* t stands in the relation to 0.  t may change its sign. */
static crease_status read_relation(crease_vnnlib *r, const crease_sexpr *e, relation is,
                                   crease_term *t, parts *out)
{
    parts other = {0, NULL};
    if (!is.less && is.greater)
        crease_term_negate(t);
    *out = part_of(r, t, !is.equal, e->line);
    if (is.less != is.greater || t->outputs)
        return CREASE_OK;
    crease_term_negate(t);
    other = part_of(r, t, !is.equal, e->line);
    return (is.equal ? meet : join)(r, e, out, &other);
}

/* a and b stand in the relation, both in e. */
static crease_status read_pair(crease_vnnlib *r, const crease_sexpr *e, relation is,
                               const crease_sexpr *a, const crease_sexpr *b, parts *out)
{
    crease_term t = crease_term_new();
    mpq_t sign;
    *out = (parts){0, NULL};
    mpq_init(sign);
    mpq_set_si(sign, 1, 1);
    crease_status status = crease_term_read(r, a, e, sign, &t);
    mpq_neg(sign, sign);
    if (!status)
        status = crease_term_read(r, b, e, sign, &t);
    if (!status)
        status = read_relation(r, e, is, &t, out);
    mpq_clear(sign);
    crease_term_free(&t);
    return status;
}

/* (<= a b ...), each term and the next, or that it does not hold. */
static crease_status read_comparison(crease_vnnlib *r, const crease_sexpr *e, relation is,
                                     bool negate, parts *out)
{
    const crease_sexpr *term = e->child->next;
    size_t count = crease_sexpr_count(term);
    bool chain = is.less != is.greater || is.equal;
    if (count < 2 || (count > 2 && !chain))
        return crease_vnnlib_complain(r, NULL, e,
                                      chain ? "expected a comparison of two terms or more"
                                            : "expected a comparison of two terms");
    if (negate)
        is = (relation){is.word, !is.less, !is.equal, !is.greater};
    crease_status status = read_pair(r, e, is, term, term->next, out);
    for (term = term->next; term->next && !status; term = term->next) {
        parts next;
        status = read_pair(r, e, is, term, term->next, &next);
        if (status)
            free_parts(&next);
        else
            status = (negate ? join : meet)(r, e, out, &next);
    }
    if (status)
        free_parts(out);
    return status;
}

/* The formula, or that it does not hold. */
static crease_status read_formula(crease_vnnlib *r, const crease_sexpr *e,
                                  const crease_sexpr *parent, bool negate, parts *out)
{
    *out = (parts){0, NULL};
    if (!e || !e->child)
        return crease_vnnlib_complain(r, e, parent, "expected a formula");
    const crease_sexpr *head = e->child;
    const relation *is = relation_of(head);
    if (is)
        return read_comparison(r, e, *is, negate, out);
    if (crease_sexpr_is(head, "not"))
        return head->next && head->next->next
                   ? crease_vnnlib_complain(r, NULL, e, "expected one formula")
                   : read_formula(r, head->next, e, !negate, out);
    bool conjunction = crease_sexpr_is(head, "and");
    if (!conjunction && !crease_sexpr_is(head, "or"))
        return crease_vnnlib_complain(r, head, e, "expected and, or, not, <=, <, >=, > or =");
    bool all = conjunction != negate;
    if (all)
        *out = everything();
    crease_status status = CREASE_OK;
    for (const crease_sexpr *c = head->next; c && !status; c = c->next) {
        parts next;
        status = read_formula(r, c, e, negate, &next);
        if (!status)
            status = (all ? meet : join)(r, e, out, &next);
    }
    if (!status && !head->next)
        status = crease_vnnlib_complain(r, NULL, e, "expected a formula");
    if (status)
        free_parts(out);
    return status;
}

/* ---- Files ---- */

static crease_status read_assertion(crease_vnnlib *r, const crease_sexpr *e, parts *all)
{
    const crease_sexpr *formula = e->child->next;
    parts next;
    if (formula && formula->next)
        return crease_vnnlib_complain(r, NULL, e, "expected one formula");
    crease_status status = read_formula(r, formula, e, false, &next);
    return status ? status : meet(r, e, all, &next);
}

static bool is_one_of(const crease_sexpr *head, const char *const *words)
{
    while (*words && !crease_sexpr_is(head, *words))
        words++;
    return *words;
}

/* *asked: check-sat has been seen, behind which only what asks for an answer may stand. */
static crease_status read_command(crease_vnnlib *r, const crease_sexpr *e, bool *asked, parts *all)
{
    static const char *const settings[] = {"set-logic", "set-info", "set-option", NULL},
                             *const questions[] = {"check-sat", "get-model", "exit", NULL};
    const crease_sexpr *head = e->child;
    bool declares = crease_sexpr_is(head, "declare-const") || crease_sexpr_is(head, "declare-fun");
    if (is_one_of(head, questions))
        return *asked = true, CREASE_OK;
    if (*asked)
        return crease_vnnlib_complain(r, head, e, "expected nothing behind check-sat");
    if (is_one_of(head, settings))
        return CREASE_OK;
    if (declares)
        return crease_vnnlib_declare(r, e);
    if (crease_sexpr_is(head, "declare-network"))
        return crease_vnnlib_declare_network(r, e);
    if (crease_sexpr_is(head, "vnnlib-version"))
        return crease_sexpr_is(head->next, "<2.0>") && !head->next->next
                   ? CREASE_OK
                   : crease_vnnlib_complain(r, head->next, e, "expected the version <2.0>");
    if (crease_sexpr_is(head, "assert"))
        return read_assertion(r, e, all);
    return crease_vnnlib_complain(r, head, e, "expected declare-const, declare-network or assert");
}

static crease_status read_commands(crease_vnnlib *r, const crease_sexpr *list, parts *all)
{
    bool asked = false;
    *all = everything();
    for (const crease_sexpr *e = list; e; e = e->next) {
        crease_status status = read_command(r, e, &asked, all);
        if (status)
            return status;
    }
    for (size_t i = 0; i < r->property->inputs; i++)
        if (!r->declared[i])
            return crease_fail(r->error, CREASE_INPUT,
                               "%s: X_%zu is not declared, the network has %zu inputs", r->name, i,
                               r->property->inputs);
    if (!all->count)
        return crease_fail(r->error, CREASE_INPUT, "%s: no input satisfies the assertions",
                           r->name);
    return CREASE_OK;
}

static crease_status parse(const char *text, size_t length, const char *name, size_t inputs,
                           crease_property **property, crease_error *error)
{
    crease_sexpr *list;
    *property = NULL;
    crease_status status = crease_sexpr_parse(text, length, name, &list, error);
    if (status)
        return status;
    crease_property *p = crease_alloc(1, sizeof *p);
    p->inputs = inputs;
    p->name = crease_alloc(strlen(name) + 1, 1);
    strcpy(p->name, name);
    crease_vnnlib r = {.property = p,
                       .name = name,
                       .declared = crease_alloc(inputs, sizeof(bool)),
                       .output = crease_alloc(CREASE_VNNLIB_OUTPUTS, sizeof(bool)),
                       .error = error};
    parts all;
    status = read_commands(&r, list, &all);
    p->parts = all.count;
    p->part = all.part;
    crease_sexpr_free(list);
    free(r.declared);
    free(r.output);
    free(r.tensor);
    if (status) {
        crease_property_free(p);
        return status;
    }
    /* Parts that differ in the outputs alone are equal here. */
    crease_property_drop_repeated(p);
    *property = p;
    return CREASE_OK;
}

typedef struct {
    const char *text, *name;
    size_t length, inputs;
    crease_property **property;
    crease_error *error;
    crease_status status;
} parsing;

static void run_parse(void *context)
{
    parsing *p = context;
    p->status = parse(p->text, p->length, p->name, p->inputs, p->property, p->error);
}

/* Nested expressions need more than a small stack. */
enum { PARSE_CALLS = 2048 };

crease_status crease_property_parse(const char *text, size_t length, const char *name,
                                    size_t inputs, crease_property **property, crease_error *error)
{
    parsing p = {text, name, length, inputs, property, error, CREASE_OK};
    crease_stack_call(PARSE_CALLS, run_parse, &p);
    return p.status;
}

crease_status crease_property_read(const char *path, size_t inputs, crease_property **property,
                                   crease_error *error)
{
    char *text;
    size_t length;
    *property = NULL;
    crease_status status = crease_input_unpack(path, &text, &length, NULL, error);
    if (status)
        return status;
    status = crease_property_parse(text, length, path, inputs, property, error);
    free(text);
    return status;
}
