#include "domain/vnnlib.h"

#include "base/memory.h"
#include "base/status.h"
#include "net/rational.h"

#include <stdlib.h>
#include <string.h>

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

void crease_term_negate(crease_term *t)
{
    mpq_neg(t->constant, t->constant);
    for (size_t k = 0; k < t->count; k++)
        mpq_neg(t->value[k], t->value[k]);
}

static crease_status read_atom(const crease_vnnlib *r, const crease_sexpr *e, const mpq_t factor,
                               crease_term *t)
{
    size_t i;
    bool output;
    mpq_t number;
    crease_status status = CREASE_OK;
    if (crease_vnnlib_find(r, e, &output, &i)) {
        if (output)
            t->outputs = true;
        else
            add_input(t, i, factor);
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
