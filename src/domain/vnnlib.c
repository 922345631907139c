#include "domain/property.h"

#include "base/input.h"
#include "base/memory.h"
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

/* The constraint t <= 0, without terms that are 0. */
static crease_constraint *constraint_of(crease_vnnlib *r, const crease_term *t, int line)
{
    crease_property *p = r->property;
    crease_constraint *c = crease_alloc(1, sizeof *c);
    c->line = line;
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

/* t <= 0, which may hold always or never. */
static parts part_of(crease_vnnlib *r, const crease_term *t, int line)
{
    parts one = everything();
    if (t->outputs) {
        r->property->ignored++;
        return one;
    }
    if (!crease_term_is_constant(t)) {
        free(one.part[0].constraint);
        one.part[0] = (crease_part){1, crease_alloc(1, sizeof(crease_constraint *))};
        one.part[0].constraint[0] = constraint_of(r, t, line);
    } else if (mpq_sgn(t->constant) > 0) {
        free_parts(&one);
    }
    return one;
}

/* (<= a b), (>= a b) or (= a b) */
static crease_status read_comparison(crease_vnnlib *r, const crease_sexpr *e, parts *out)
{
    const crease_sexpr *head = e->child, *left = head->next;
    if (crease_sexpr_count(left) != 2)
        return crease_vnnlib_complain(r, NULL, e, "expected a comparison of two terms");
    bool equal = crease_sexpr_is(head, "="), less = crease_sexpr_is(head, "<=");
    crease_term t = crease_term_new();
    mpq_t sign;
    mpq_init(sign);
    mpq_set_si(sign, less || equal ? 1 : -1, 1);
    crease_status status = crease_term_read(r, left, e, sign, &t);
    mpq_neg(sign, sign);
    if (!status)
        status = crease_term_read(r, left->next, e, sign, &t);
    if (!status)
        *out = part_of(r, &t, e->line);
    if (!status && equal && !t.outputs) {
        mpq_neg(t.constant, t.constant);
        for (size_t k = 0; k < t.count; k++)
            mpq_neg(t.value[k], t.value[k]);
        parts other = part_of(r, &t, e->line);
        status = meet(r, e, out, &other);
    }
    if (status)
        free_parts(out);
    mpq_clear(sign);
    crease_term_free(&t);
    return status;
}

static crease_status read_formula(crease_vnnlib *r, const crease_sexpr *e,
                                  const crease_sexpr *parent, parts *out)
{
    *out = (parts){0, NULL};
    if (!e || !e->child)
        return crease_vnnlib_complain(r, e, parent, "expected a formula");
    const crease_sexpr *head = e->child;
    bool all = crease_sexpr_is(head, "and");
    if (crease_sexpr_is(head, "<=") || crease_sexpr_is(head, ">=") || crease_sexpr_is(head, "="))
        return read_comparison(r, e, out);
    if (!all && !crease_sexpr_is(head, "or"))
        return crease_vnnlib_complain(r, head, e, "expected and, or, <=, >= or =");
    if (all)
        *out = everything();
    crease_status status = CREASE_OK;
    for (const crease_sexpr *c = head->next; c && !status; c = c->next) {
        parts next;
        status = read_formula(r, c, e, &next);
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

static crease_status read_commands(crease_vnnlib *r, const crease_sexpr *list, parts *all)
{
    *all = everything();
    for (const crease_sexpr *e = list; e; e = e->next) {
        crease_status status;
        const crease_sexpr *head = e->child;
        parts next;
        if (crease_sexpr_is(head, "declare-const") || crease_sexpr_is(head, "declare-fun")) {
            status = crease_vnnlib_declare(r, e);
        } else if (crease_sexpr_is(head, "assert")) {
            status = head->next && head->next->next
                         ? crease_vnnlib_complain(r, NULL, e, "expected one formula")
                         : read_formula(r, head->next, e, &next);
            if (!status)
                status = meet(r, e, all, &next);
        } else {
            status = crease_vnnlib_complain(r, head, e, "expected declare-const or assert");
        }
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

crease_status crease_property_parse(const char *text, size_t length, const char *name,
                                    size_t inputs, crease_property **property, crease_error *error)
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
    crease_vnnlib r = {p, name, crease_alloc(inputs, sizeof(bool)),
                       crease_alloc(CREASE_VNNLIB_OUTPUTS, sizeof(bool)), error};
    parts all;
    status = read_commands(&r, list, &all);
    p->parts = all.count;
    p->part = all.part;
    crease_sexpr_free(list);
    free(r.declared);
    free(r.output);
    if (status) {
        crease_property_free(p);
        return status;
    }
    /* Parts that differ in the outputs alone are equal here. */
    crease_property_drop_repeated(p);
    *property = p;
    return CREASE_OK;
}

crease_status crease_property_read(const char *path, size_t inputs, crease_property **property,
                                   crease_error *error)
{
    char *text;
    size_t length;
    *property = NULL;
    crease_status status = crease_input_read(path, &text, &length, error);
    if (status)
        return status;
    status = crease_property_parse(text, length, path, inputs, property, error);
    free(text);
    return status;
}
