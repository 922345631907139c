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
