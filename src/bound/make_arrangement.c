#include "bound/make.h"

#include "base/memory.h"

/* One hidden layer of that many hyperplanes. */
static void planes(crease_made *made, size_t count)
{
    made->layers = 1;
    made->width = crease_alloc(1, sizeof *made->width);
    made->width[0] = count;
}

/* ---- x_i - x_j = k, i < j, k from low to high ---- */

static void differences(const crease_made *made, size_t layer, size_t unit, long low, long high,
                        mpq_t *value)
{
    if (layer) {
        crease_make_row_ones(made, value);
        return;
    }
    size_t n = made->inputs, levels = (size_t)(high - low + 1), pair = unit / levels, i = 0;
    for (; pair >= n - 1 - i; i++)
        pair -= n - 1 - i;
    mpq_set_si(value[i], 1, 1);
    mpq_set_si(value[i + 1 + pair], -1, 1);
    mpq_set_si(value[n], -(low + (long)(unit % levels)), 1);
}

void crease_make_row_braid(crease_made *made, size_t layer, size_t unit, mpq_t *value)
{
    differences(made, layer, unit, 0, 0, value);
}

void crease_make_row_shi(crease_made *made, size_t layer, size_t unit, mpq_t *value)
{
    differences(made, layer, unit, 0, 1, value);
}

void crease_make_row_catalan(crease_made *made, size_t layer, size_t unit, mpq_t *value)
{
    differences(made, layer, unit, -1, 1, value);
}

crease_status crease_make_plan_braid(crease_made *made, crease_error *error)
{
    (void)error;
    planes(made, made->inputs * (made->inputs - 1) / 2);
    mpz_fac_ui(made->regions, made->inputs);
    made->known = true;
    return CREASE_OK;
}

crease_status crease_make_plan_shi(crease_made *made, crease_error *error)
{
    (void)error;
    planes(made, made->inputs * (made->inputs - 1));
    mpz_ui_pow_ui(made->regions, made->inputs + 1, made->inputs - 1);
    made->known = true;
    return CREASE_OK;
}

/* n! C_n = (2n)! / (n+1)! */
crease_status crease_make_plan_catalan(crease_made *made, crease_error *error)
{
    (void)error;
    mpz_t divisor;
    planes(made, 3 * made->inputs * (made->inputs - 1) / 2);
    mpz_init(divisor);
    mpz_fac_ui(divisor, made->inputs + 1);
    mpz_fac_ui(made->regions, 2 * made->inputs);
    mpz_divexact(made->regions, made->regions, divisor);
    mpz_clear(divisor);
    made->known = true;
    return CREASE_OK;
}

/* ---- x_i = 0, x_i = x_j, x_i = -x_j ---- */

crease_status crease_make_plan_type_b(crease_made *made, crease_error *error)
{
    (void)error;
    planes(made, made->inputs * made->inputs);
    mpz_fac_ui(made->regions, made->inputs);
    mpz_mul_2exp(made->regions, made->regions, made->inputs);
    made->known = true;
    return CREASE_OK;
}

/* Unit (i, j): x_i + x_j for i < j, x_i - x_j for i > j, x_i on the diagonal. */
void crease_make_row_type_b(crease_made *made, size_t layer, size_t unit, mpq_t *value)
{
    if (layer) {
        crease_make_row_ones(made, value);
        return;
    }
    size_t i = unit / made->inputs, j = unit % made->inputs;
    mpq_set_si(value[j], i < j ? 1 : -1, 1);
    mpq_set_si(value[i], 1, 1);
}

/* ---- Normals of zeros and ones ---- */

/* For these there is no formula. */
static void tabulated(crease_made *made, const char *const *table, size_t count, size_t i)
{
    made->known = i < count;
    if (made->known)
        mpz_set_str(made->regions, table[i], 10);
}

crease_status crease_make_plan_resonance(crease_made *made, crease_error *error)
{
    static const char *const table[] = {
        "2", "6", "32", "370", "11292", "1066044", "347326352", "419172756930", "1955230985997140"};
    (void)error;
    planes(made, ((size_t)1 << made->inputs) - 1);
    tabulated(made, table, sizeof table / sizeof *table, made->inputs - 1);
    return CREASE_OK;
}

void crease_make_row_resonance(crease_made *made, size_t layer, size_t unit, mpq_t *value)
{
    if (layer)
        crease_make_row_ones(made, value);
    for (size_t j = 0; !layer && j < made->inputs; j++)
        mpq_set_ui(value[j], (unit + 1) >> j & 1, 1);
}

/* A threshold function of n0 - 1 variables is the signs of an affine function, which is a point of
 * R^n0, at the corners of the cube. */
crease_status crease_make_plan_threshold(crease_made *made, crease_error *error)
{
    static const char *const table[] = {"2",
                                        "4",
                                        "14",
                                        "104",
                                        "1882",
                                        "94572",
                                        "15028134",
                                        "8378070864",
                                        "17561539552946",
                                        "144130531453121108"};
    (void)error;
    planes(made, (size_t)1 << (made->inputs - 1));
    tabulated(made, table, sizeof table / sizeof *table, made->inputs - 1);
    return CREASE_OK;
}

void crease_make_row_threshold(crease_made *made, size_t layer, size_t unit, mpq_t *value)
{
    if (layer) {
        crease_make_row_ones(made, value);
        return;
    }
    mpq_set_ui(value[0], 1, 1);
    for (size_t j = 1; j < made->inputs; j++)
        mpq_set_ui(value[j], unit >> (j - 1) & 1, 1);
}
