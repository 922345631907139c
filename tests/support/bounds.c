#include "bounds.h"

#include "support.h"

#include <string.h>

const crease_bound *bounds_find(const crease_bounds *bounds, const char *id)
{
    for (size_t i = 0; i < crease_bounds_count(bounds); i++)
        if (!strcmp(crease_bounds_get(bounds, i)->id, id))
            return crease_bounds_get(bounds, i);
    ck_abort_msg("no bound %s", id);
    return NULL;
}

/* False if the bound does not apply. */
bool bounds_value(const crease_bounds *bounds, const char *id, mpq_t value)
{
    const crease_bound *b = bounds_find(bounds, id);
    ck_assert_msg(b->applies == (b->value != NULL), "%s", id);
    ck_assert_msg(b->applies || *b->note, "%s does not say why it does not apply", id);
    if (b->applies)
        ck_assert_int_eq(mpq_set_str(value, b->value, 10), 0);
    return b->applies;
}

void bounds_check_pair(const crease_bounds *bounds, const char *small, const char *large,
                       const char *text)
{
    mpq_t a, b;
    mpq_inits(a, b, NULL);
    if (bounds_value(bounds, small, a) && bounds_value(bounds, large, b))
        ck_assert_msg(mpq_cmp(a, b) <= 0, "%s: %s > %s", text, small, large);
    mpq_clears(a, b, NULL);
}

static bool is_lower(const crease_bound *b)
{
    return b->applies && (b->kind == CREASE_BOUND_LOWER || b->kind == CREASE_BOUND_EXACT);
}

static bool is_upper(const crease_bound *b)
{
    return b->applies && (b->kind == CREASE_BOUND_UPPER || b->kind == CREASE_BOUND_EXACT);
}

/* The greatest lower bound and the least upper one are enough. */
void bounds_check_order(const crease_bounds *bounds, const char *text)
{
    const crease_bound *low = NULL, *high = NULL;
    mpq_t greatest, least, value;
    mpq_inits(greatest, least, value, NULL);
    for (size_t i = 0; i < crease_bounds_count(bounds); i++) {
        const crease_bound *b = crease_bounds_get(bounds, i);
        if (!is_lower(b) && !is_upper(b))
            continue;
        mpq_set_str(value, b->value, 10);
        if (is_lower(b) && (!low || mpq_cmp(value, greatest) > 0)) {
            low = b;
            mpq_set(greatest, value);
        }
        if (is_upper(b) && (!high || mpq_cmp(value, least) < 0)) {
            high = b;
            mpq_set(least, value);
        }
    }
    if (low && high && mpq_cmp(greatest, least) > 0)
        ck_abort_msg("%s: %s, %s at least, %s, %s at most", text, low->id, low->value, high->id,
                     high->value);
    mpq_clears(greatest, least, value, NULL);
}

void bounds_check_count(const crease_bounds *bounds, uint64_t regions, const char *text)
{
    mpq_t value;
    mpq_init(value);
    for (size_t i = 0; i < crease_bounds_count(bounds); i++) {
        const crease_bound *b = crease_bounds_get(bounds, i);
        if (!is_upper(b))
            continue;
        mpq_set_str(value, b->value, 10);
        if (mpq_cmp_ui(value, regions, 1) < 0)
            ck_abort_msg("%s: %llu regions, %s is %s", text, (unsigned long long)regions, b->id,
                         b->value);
    }
    mpq_clear(value);
}
