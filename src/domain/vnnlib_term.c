#include "domain/vnnlib.h"

#include "base/memory.h"
#include "base/status.h"
#include "net/rational.h"

#include <stdlib.h>
#include <string.h>

crease_status crease_vnnlib_complain(const crease_vnnlib *r, const crease_sexpr *e,
                                     const crease_sexpr *parent, const char *what)
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
crease_status crease_vnnlib_declare(crease_vnnlib *r, const crease_sexpr *command)
{
    const crease_sexpr *name = command->child->next, *type = name ? name->next : NULL;
    bool function = crease_sexpr_is(command->child, "declare-fun");
    size_t i;
    if (function && type && !type->text && !type->child)
        type = type->next;
    if (!type || type->next || !crease_sexpr_is(type, "Real"))
        return crease_vnnlib_complain(r, NULL, command, "expected (declare-const NAME Real)");
    bool input = variable(name, 'X', r->property->inputs, &i);
    if (!input && variable(name, 'X', (size_t)-1, &i))
        return crease_fail(r->error, CREASE_INPUT,
                           "%s: line %d: X_%zu is declared, the network has %zu inputs", r->name,
                           name->line, i, r->property->inputs);
    if (!input && !variable(name, 'Y', CREASE_VNNLIB_OUTPUTS, &i))
        return crease_vnnlib_complain(r, name, command,
                                      "expected an input X_0, X_1, ... or an output Y_0, Y_1, ...");
    bool *seen = input ? &r->declared[i] : &r->output[i];
    if (*seen)
        return crease_fail(r->error, CREASE_INPUT, "%s: line %d: %c_%zu is declared twice", r->name,
                           name->line, input ? 'X' : 'Y', i);
    *seen = true;
    return CREASE_OK;
}

/* ---- Linear terms ---- */

crease_term crease_term_new(void)
{
    crease_term t = {.count = 0};
    mpq_init(t.constant);
    return t;
}

void crease_term_free(crease_term *t)
{
    for (size_t k = 0; k < t->count; k++)
        mpq_clear(t->value[k]);
    free(t->index);
    free(t->value);
    mpq_clear(t->constant);
}

/* t += factor x_i */
static void add_input(crease_term *t, size_t i, const mpq_t factor)
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

bool crease_term_is_constant(const crease_term *t)
{
    for (size_t k = 0; k < t->count; k++)
        if (mpq_sgn(t->value[k]))
            return false;
    return !t->outputs;
}

static crease_status read_atom(const crease_vnnlib *r, const crease_sexpr *e, const mpq_t factor,
                               crease_term *t)
{
    size_t i;
    mpq_t number;
    crease_status status = CREASE_OK;
    if (variable(e, 'X', r->property->inputs, &i) && r->declared[i]) {
        add_input(t, i, factor);
        return CREASE_OK;
    }
    if (variable(e, 'Y', CREASE_VNNLIB_OUTPUTS, &i) && r->output[i]) {
        t->outputs = true;
        return CREASE_OK;
    }
    mpq_init(number);
    if (!memchr("+-.0123456789", e->text[0], 13) ||
        !crease_rational_parse(number, e->text, e->length))
        status =
            crease_vnnlib_complain(r, e, e, "expected a number, or a variable that is declared");
    mpq_mul(number, number, factor);
    mpq_add(t->constant, t->constant, number);
    mpq_clear(number);
    return status;
}

/* t += factor part */
static void add_scaled(crease_term *t, const mpq_t factor, crease_term *part)
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
static crease_status read_product(const crease_vnnlib *r, const crease_sexpr *e, bool divide,
                                  const mpq_t factor, crease_term *t)
{
    crease_term product = crease_term_new();
    crease_status status = CREASE_OK;
    mpq_t one;
    mpq_init(one);
    mpq_set_ui(one, 1, 1);
    mpq_set(product.constant, one);
    for (const crease_sexpr *c = e->child->next; c && !status; c = c->next) {
        crease_term part = crease_term_new(), scaled = crease_term_new();
        bool by = divide && c != e->child->next;
        status = crease_term_read(r, c, e, one, &part);
        if (!status && !crease_term_is_constant(&part) &&
            (by || !crease_term_is_constant(&product)))
            status = crease_vnnlib_complain(r, NULL, e, "this is not linear");
        else if (!status && by && !mpq_sgn(part.constant))
            status = crease_vnnlib_complain(r, NULL, e, "a division by zero");
        if (!status && by)
            mpq_inv(part.constant, part.constant);
        if (!status && crease_term_is_constant(&part))
            add_scaled(&scaled, part.constant, &product);
        else if (!status)
            add_scaled(&scaled, product.constant, &part);
        crease_term_free(&product);
        crease_term_free(&part);
        product = scaled;
    }
    if (!status)
        add_scaled(t, factor, &product);
    crease_term_free(&product);
    mpq_clear(one);
    return status;
}

crease_status crease_term_read(const crease_vnnlib *r, const crease_sexpr *e,
                               const crease_sexpr *parent, const mpq_t factor, crease_term *t)
{
    if (!e || (!e->text && !e->child))
        return crease_vnnlib_complain(r, e, parent, "expected a term");
    if (e->text)
        return read_atom(r, e, factor, t);
    const crease_sexpr *head = e->child;
    size_t count = crease_sexpr_count(head->next);
    bool minus = crease_sexpr_is(head, "-"), divide = crease_sexpr_is(head, "/");
    if ((divide && count == 2) || (crease_sexpr_is(head, "*") && count > 0))
        return read_product(r, e, divide, factor, t);
    if (!count || (!minus && !crease_sexpr_is(head, "+")))
        return crease_vnnlib_complain(r, head, e, "expected a linear term, by +, -, * and /");
    crease_status status = CREASE_OK;
    mpq_t negative;
    mpq_init(negative);
    mpq_neg(negative, factor);
    for (const crease_sexpr *c = head->next; c && !status; c = c->next) {
        bool subtract = minus && (count == 1 || c != head->next);
        status = crease_term_read(r, c, e, subtract ? negative : factor, t);
    }
    mpq_clear(negative);
    return status;
}
