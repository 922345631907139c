#include "net/property.h"

#include "base/memory.h"
#include "base/status.h"
#include "net/rational.h"
#include "net/sexpr.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_PARTS = 4096, MAX_OUTPUTS = 1 << 20 };

typedef struct {
    crease_property *property;
    const char *name;
    bool *declared, *output; /* by number, of inputs and of outputs */
    crease_error *error;
} reader;

/* e may be NULL where something is missing behind its parent. */
static crease_status complain(const reader *r, const crease_sexpr *e, const crease_sexpr *parent,
                              const char *what)
{
    const crease_sexpr *at = e ? e : parent;
    int shown = at->text ? at->length > 40 ? 40 : (int)at->length : 0;
    return crease_fail(r->error, CREASE_INPUT, "%s: line %d: %s%s%.*s%s", r->name, at->line, what,
                       shown ? ", not \"" : "", shown, shown ? at->text : "", shown ? "\"" : "");
}

/* ---- Variables ---- */

/* X_i or Y_i with i < most: the number of the variable. */
static bool variable(const crease_sexpr *e, char letter, size_t most, size_t *i)
{
    if (!e->text || e->length < 3 || e->length > 12 || e->text[0] != letter || e->text[1] != '_' ||
        (e->text[2] == '0' && e->length > 3))
        return false;
    *i = 0;
    for (size_t k = 2; k < e->length; k++) {
        if (e->text[k] < '0' || e->text[k] > '9')
            return false;
        *i = 10 * *i + (size_t)(e->text[k] - '0');
    }
    return *i < most;
}

/* (declare-const X_0 Real) or (declare-fun X_0 () Real) */
static crease_status declare(reader *r, const crease_sexpr *command)
{
    const crease_sexpr *name = command->child->next, *type = name ? name->next : NULL;
    bool function = crease_sexpr_is(command->child, "declare-fun");
    size_t i;
    if (function && type && !type->text && !type->child)
        type = type->next;
    if (!type || type->next || !crease_sexpr_is(type, "Real"))
        return complain(r, NULL, command, "expected (declare-const NAME Real)");
    bool input = variable(name, 'X', r->property->inputs, &i);
    if (!input && variable(name, 'X', (size_t)-1, &i))
        return crease_fail(r->error, CREASE_INPUT,
                           "%s: line %d: X_%zu is declared, the network has %zu inputs", r->name,
                           name->line, i, r->property->inputs);
    if (!input && !variable(name, 'Y', MAX_OUTPUTS, &i))
        return complain(r, name, command, "expected an input X_0, X_1, ... or an output Y_0, Y_1, ...");
    bool *seen = input ? &r->declared[i] : &r->output[i];
    if (*seen)
        return complain(r, NULL, name, "declared twice");
    *seen = true;
    return CREASE_OK;
}

/* ---- Linear terms ---- */

/* sum_k value[k] x_(index[k]) + constant, and perhaps something with outputs. */
typedef struct {
    size_t count, *index;
    mpq_t *value, constant;
    bool outputs;
} term;

static term new_term(void)
{
    term t = {.count = 0};
    mpq_init(t.constant);
    return t;
}

static void free_term(term *t)
{
    for (size_t k = 0; k < t->count; k++)
        mpq_clear(t->value[k]);
    free(t->index);
    free(t->value);
    mpq_clear(t->constant);
}

/* t += factor x_i */
static void add_input(term *t, size_t i, const mpq_t factor)
{
    size_t k = 0;
    while (k < t->count && t->index[k] < i)
        k++;
    if (k == t->count || t->index[k] != i) {
        t->index = crease_realloc(t->index, t->count + 1, sizeof *t->index);
        t->value = crease_realloc(t->value, t->count + 1, sizeof *t->value);
        memmove(t->index + k + 1, t->index + k, (t->count - k) * sizeof *t->index);
        memmove(t->value + k + 1, t->value + k, (t->count - k) * sizeof *t->value);
        t->index[k] = i;
        mpq_init(t->value[k]);
        t->count++;
    }
    mpq_add(t->value[k], t->value[k], factor);
}

static bool is_constant(const term *t)
{
    for (size_t k = 0; k < t->count; k++)
        if (mpq_sgn(t->value[k]))
            return false;
    return !t->outputs;
}

static crease_status read_term(const reader *r, const crease_sexpr *e, const crease_sexpr *parent,
                               const mpq_t factor, term *t);

static crease_status read_atom(const reader *r, const crease_sexpr *e, const mpq_t factor, term *t)
{
    size_t i;
    mpq_t number;
    crease_status status = CREASE_OK;
    if (variable(e, 'X', r->property->inputs, &i) && r->declared[i]) {
        add_input(t, i, factor);
        return CREASE_OK;
    }
    if (variable(e, 'Y', MAX_OUTPUTS, &i) && r->output[i]) {
        t->outputs = true;
        return CREASE_OK;
    }
    mpq_init(number);
    if (!memchr("+-.0123456789", e->text[0], 13) || !crease_rational_parse(number, e->text, e->length))
        status = complain(r, e, e, "expected a number, or a variable that is declared");
    mpq_mul(number, number, factor);
    mpq_add(t->constant, t->constant, number);
    mpq_clear(number);
    return status;
}

/* t += factor part */
static void add_scaled(term *t, const mpq_t factor, term *part)
{
    for (size_t k = 0; k < part->count; k++) {
        mpq_mul(part->value[k], part->value[k], factor);
        add_input(t, part->index[k], part->value[k]);
    }
    mpq_mul(part->constant, part->constant, factor);
    mpq_add(t->constant, t->constant, part->constant);
    t->outputs = t->outputs || part->outputs;
}

/* (* a b ...), all of which but one are constant, or (/ a b) with b constant. */
static crease_status read_product(const reader *r, const crease_sexpr *e, bool divide,
                                  const mpq_t factor, term *t)
{
    term product = new_term();
    crease_status status = CREASE_OK;
    mpq_t one;
    mpq_init(one);
    mpq_set_ui(one, 1, 1);
    mpq_set(product.constant, one);
    for (const crease_sexpr *c = e->child->next; c && !status; c = c->next) {
        term part = new_term(), scaled = new_term();
        bool by = divide && c != e->child->next;
        status = read_term(r, c, e, one, &part);
        if (!status && !is_constant(&part) && (by || !is_constant(&product)))
            status = complain(r, NULL, e, "this is not linear");
        else if (!status && by && !mpq_sgn(part.constant))
            status = complain(r, NULL, e, "a division by zero");
        if (!status && by)
            mpq_inv(part.constant, part.constant);
        if (!status && is_constant(&part))
            add_scaled(&scaled, part.constant, &product);
        else if (!status)
            add_scaled(&scaled, product.constant, &part);
        free_term(&product);
        free_term(&part);
        product = scaled;
    }
    if (!status)
        add_scaled(t, factor, &product);
    free_term(&product);
    mpq_clear(one);
    return status;
}

/* t += factor e */
static crease_status read_term(const reader *r, const crease_sexpr *e, const crease_sexpr *parent,
                               const mpq_t factor, term *t)
{
    if (!e || (!e->text && !e->child))
        return complain(r, e, parent, "expected a term");
    if (e->text)
        return read_atom(r, e, factor, t);
    const crease_sexpr *head = e->child;
    size_t count = crease_sexpr_count(head->next);
    bool minus = crease_sexpr_is(head, "-"), divide = crease_sexpr_is(head, "/");
    if ((divide && count == 2) || (crease_sexpr_is(head, "*") && count > 0))
        return read_product(r, e, divide, factor, t);
    if (!count || (!minus && !crease_sexpr_is(head, "+")))
        return complain(r, head, e, "expected a linear term, by +, -, * and /");
    crease_status status = CREASE_OK;
    mpq_t negative;
    mpq_init(negative);
    mpq_neg(negative, factor);
    for (const crease_sexpr *c = head->next; c && !status; c = c->next) {
        bool subtract = minus && (count == 1 || c != head->next);
        status = read_term(r, c, e, subtract ? negative : factor, t);
    }
    mpq_clear(negative);
    return status;
}

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
static crease_status meet(const reader *r, const crease_sexpr *e, parts *a, parts *b)
{
    parts both = {0, NULL};
    crease_status status = CREASE_OK;
    if (a->count * b->count > MAX_PARTS)
        status = complain(r, NULL, e, "more than 4096 disjoint parts");
    for (size_t i = 0; i < a->count && !status; i++)
        for (size_t k = 0; k < b->count; k++)
            append(&both, joined(&a->part[i], &b->part[k]));
    free_parts(a);
    free_parts(b);
    *a = both;
    return status;
}

/* a becomes a or b; b is used up. */
static crease_status join(const reader *r, const crease_sexpr *e, parts *a, parts *b)
{
    crease_status status = CREASE_OK;
    if (a->count + b->count > MAX_PARTS)
        status = complain(r, NULL, e, "more than 4096 disjoint parts");
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
static crease_constraint *constraint_of(reader *r, const term *t, int line)
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
static parts part_of(reader *r, const term *t, int line)
{
    parts one = everything();
    if (t->outputs) {
        r->property->ignored++;
        return one;
    }
    if (!is_constant(t)) {
        free(one.part[0].constraint);
        one.part[0] = (crease_part){1, crease_alloc(1, sizeof(crease_constraint *))};
        one.part[0].constraint[0] = constraint_of(r, t, line);
    } else if (mpq_sgn(t->constant) > 0) {
        free_parts(&one);
    }
    return one;
}

/* (<= a b), (>= a b) or (= a b) */
static crease_status read_comparison(reader *r, const crease_sexpr *e, parts *out)
{
    const crease_sexpr *head = e->child, *left = head->next;
    if (crease_sexpr_count(left) != 2)
        return complain(r, NULL, e, "expected a comparison of two terms");
    bool equal = crease_sexpr_is(head, "="), less = crease_sexpr_is(head, "<=");
    term t = new_term();
    mpq_t sign;
    mpq_init(sign);
    mpq_set_si(sign, less || equal ? 1 : -1, 1);
    crease_status status = read_term(r, left, e, sign, &t);
    mpq_neg(sign, sign);
    if (!status)
        status = read_term(r, left->next, e, sign, &t);
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
    free_term(&t);
    return status;
}

static crease_status read_formula(reader *r, const crease_sexpr *e, const crease_sexpr *parent,
                                  parts *out)
{
    *out = (parts){0, NULL};
    if (!e || !e->child)
        return complain(r, e, parent, "expected a formula");
    const crease_sexpr *head = e->child;
    bool all = crease_sexpr_is(head, "and");
    if (crease_sexpr_is(head, "<=") || crease_sexpr_is(head, ">=") || crease_sexpr_is(head, "="))
        return read_comparison(r, e, out);
    if (!all && !crease_sexpr_is(head, "or"))
        return complain(r, head, e, "expected and, or, <=, >= or =");
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
        status = complain(r, NULL, e, "expected a formula");
    if (status)
        free_parts(out);
    return status;
}

/* ---- Files ---- */

static crease_status read_commands(reader *r, const crease_sexpr *list, parts *all)
{
    *all = everything();
    for (const crease_sexpr *e = list; e; e = e->next) {
        crease_status status;
        const crease_sexpr *head = e->child;
        parts next;
        if (crease_sexpr_is(head, "declare-const") || crease_sexpr_is(head, "declare-fun")) {
            status = declare(r, e);
        } else if (crease_sexpr_is(head, "assert")) {
            status = head->next && head->next->next ? complain(r, NULL, e, "expected one formula")
                                                    : read_formula(r, head->next, e, &next);
            if (!status)
                status = meet(r, e, all, &next);
        } else {
            status = complain(r, head, e, "expected declare-const or assert");
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
        return crease_fail(r->error, CREASE_INPUT, "%s: no input satisfies the assertions", r->name);
    return CREASE_OK;
}

crease_status crease_vnnlib_parse(const char *text, size_t length, const char *name, size_t inputs,
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
    reader r = {p, name, crease_alloc(inputs, sizeof(bool)), crease_alloc(MAX_OUTPUTS, sizeof(bool)),
                error};
    parts all;
    status = read_commands(&r, list, &all);
    p->parts = all.count;
    p->part = all.part;
    crease_sexpr_free(list);
    free(r.declared);
    free(r.output);
    if (status)
        crease_property_free(p);
    else
        *property = p;
    return status;
}
