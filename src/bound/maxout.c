#include "bound/bound.h"

#include <stdio.h>

static bool sharp_lower(const crease_bound_case *given, mpq_t value, char *note)
{
    mpq_set_ui(value, 1, 1);
    for (size_t l = 0; l < given->layers; l++) {
        if (given->width[l] % (2 * given->inputs)) {
            snprintf(note, CREASE_BOUND_NOTE, "n_%zu = %zu is no multiple of 2 n0 = %zu", l + 1,
                     given->width[l], 2 * given->inputs);
            return false;
        }
        crease_bound_multiply_power(mpq_numref(value),
                                    given->width[l] / given->inputs * (given->states - 1) + 1,
                                    given->inputs);
    }
    return true;
}

static bool serra(const crease_bound_case *given, mpq_t value, char *note)
{
    size_t pairs = given->states * (given->states - 1) / 2;
    (void)note;
    mpq_set_ui(value, 1, 1);
    for (size_t l = 0; l < given->layers; l++)
        crease_bound_multiply_sum(mpq_numref(value), pairs * given->width[l],
                                  crease_bound_narrowest(given, l + 1), 1);
    return true;
}

static bool layer_upper(const crease_bound_case *given, mpq_t value, char *note)
{
    mpz_t patterns;
    if (!crease_bound_one_layer(given, note))
        return false;
    mpz_init_set_ui(patterns, 1);
    crease_bound_multiply_power(patterns, given->states, given->width[0]);
    crease_bound_sum(mpq_numref(value), given->states * given->states * given->width[0],
                     given->inputs, 1);
    if (mpz_cmp(patterns, mpq_numref(value)) < 0)
        mpz_set(mpq_numref(value), patterns);
    mpz_clear(patterns);
    return true;
}

static bool layer_lower(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!crease_bound_one_layer(given, note))
        return false;
    mpz_ui_pow_ui(mpq_numref(value), given->states, crease_bound_narrowest(given, 1));
    return true;
}

static bool deep_lower(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!crease_bound_wide(given, 1, note))
        return false;
    for (size_t l = 0; l + 1 < given->layers; l++)
        if (given->inputs == 1 && given->states > 2 && given->width[l] == 1) {
            snprintf(note, CREASE_BOUND_NOTE, "n0 = 1, k > 2 and n_%zu = 1", l + 1);
            return false;
        }
    mpz_ui_pow_ui(mpq_numref(value), given->states, given->layers - 1 + given->inputs);
    return true;
}

static bool rank_two_lower(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!crease_bound_wide(given, 1, note))
        return false;
    mpz_ui_pow_ui(mpq_numref(value), 2, given->layers * given->inputs);
    return true;
}

static bool expectation(const crease_bound_case *given, mpq_t value, char *note)
{
    mpq_t factor;
    if (!crease_bound_random_regions(given, 32 * given->states, value, note))
        return false;
    mpq_init(factor);
    mpz_bin_uiui(mpq_numref(factor), given->states * given->inputs, 2 * given->inputs);
    mpq_mul(value, value, factor);
    mpq_clear(factor);
    return true;
}

static bool boundary_expectation(const crease_bound_case *given, mpq_t value, char *note)
{
    size_t n = given->inputs, units = crease_bound_units(given), k = given->states;
    mpz_t factor;
    if (!crease_bound_some_layer(given, note))
        return false;
    mpz_ui_pow_ui(mpq_numref(value), 16, n);
    crease_bound_multiply_power(mpq_numref(value), 2 * k * units, n - 1);
    mpz_init(factor);
    mpz_bin_uiui(factor, k * (n - 1), 2 * (n - 1));
    mpz_mul(mpq_numref(value), mpq_numref(value), factor);
    mpz_clear(factor);
    mpz_fac_ui(mpq_denref(value), n - 1);
    mpq_canonicalize(value);
    return true;
}

#define TSERAN_2021                                                                                \
    "H. Tseran, G. Montufar, On the expected complexity of maxout networks, NeurIPS 2021, arXiv "  \
    "2107.00379"

#define MONTUFAR_2022                                                                              \
    "G. Montufar, Y. Ren, L. Zhang, Sharp bounds for the number of regions of maxout networks "    \
    "and vertices of Minkowski sums, SIAM J. Applied Algebra and Geometry 6, 2022, arXiv "         \
    "2104.08135"

const crease_bound_row crease_bound_maxout_rows[] = {
    {"maxout-trivial", "trivial", 2014, "", CREASE_BOUND_UPPER, false, CREASE_BOUND_CITED, "k^N",
     "", CREASE_BOUND_MONTUFAR_2014, crease_bound_trivial},
    {"maxout-montufar-2022-layer", "Montufar et al.", 2022, "", CREASE_BOUND_EXACT, false,
     CREASE_BOUND_NOTED, "sum_{j<=n0} C(n1,j) (k-1)^j", "one hidden layer", MONTUFAR_2022,
     crease_bound_layer},
    {"maxout-montufar-2022-upper", "Montufar et al.", 2022, "", CREASE_BOUND_UPPER, false,
     CREASE_BOUND_NOTED, "prod_l sum_{j<=min(n0..n_{l-1})} C(n_l,j) (k-1)^j", "", MONTUFAR_2022,
     crease_bound_product},
    {"maxout-one-input", "after Serra et al.", 2018, "Theorem 5", CREASE_BOUND_UPPER, false,
     CREASE_BOUND_PROVED, "R_L, R_l = R_{l-1} + (k-1) n_l V_{l-1}",
     "n0 = 1; V_l = R_l but for n_l = 1, where values repeat less often", CREASE_BOUND_SERRA_2018,
     crease_bound_one_input},
    {"maxout-rank", "after Montufar et al.", 2022, "", CREASE_BOUND_UPPER, true, CREASE_BOUND_NOTED,
     "the one above with j <= rank W^l", "the weights", MONTUFAR_2022, crease_bound_by_rank},
    {"maxout-serra-2018-upper", "Serra et al.", 2018, "Theorem 8", CREASE_BOUND_UPPER, false,
     CREASE_BOUND_READ, "prod_l Z(k(k-1)/2 n_l, min(n0..n_l))", "", CREASE_BOUND_SERRA_2018, serra},
    {"maxout-montufar-2014-layer-upper", "Montufar et al.", 2014, "Proposition 7",
     CREASE_BOUND_UPPER, false, CREASE_BOUND_NOTED, "min(Z(k^2 n1,n0), k^n1)", "one hidden layer",
     CREASE_BOUND_MONTUFAR_2014, layer_upper},
    {"maxout-montufar-2014-layer-lower", "Montufar et al.", 2014, "Proposition 7",
     CREASE_BOUND_LOWER, false, CREASE_BOUND_NOTED, "k^min(n0,n1)", "one hidden layer",
     CREASE_BOUND_MONTUFAR_2014, layer_lower},
    {"maxout-montufar-2022-lower", "Montufar et al.", 2022, "", CREASE_BOUND_LOWER, false,
     CREASE_BOUND_NOTED, "prod_l (n_l (k-1)/n0 + 1)^n0", "2 n0 divides n_l", MONTUFAR_2022,
     sharp_lower},
    {"maxout-montufar-2014-lower", "Montufar et al.", 2014, "Theorem 8", CREASE_BOUND_LOWER, false,
     CREASE_BOUND_CITED, "k^(L-1) k^n0",
     "stated for n_l = n0; holds for n_l >= n0, with n0 = 1 and k > 2 for n_l >= 2, l < L",
     CREASE_BOUND_MONTUFAR_2014, deep_lower},
    {"maxout-montufar-2014-rank2", "Montufar et al.", 2014, "section 4", CREASE_BOUND_LOWER, false,
     CREASE_BOUND_NOTED, "2^(n0 L)", "stated for k = 2, n_l = n0; more suffices",
     CREASE_BOUND_MONTUFAR_2014, rank_two_lower},
    {"maxout-tseran-2021", "Tseran, Montufar", 2021, "", CREASE_BOUND_EXPECTATION, false,
     CREASE_BOUND_CITED, "(2^5 k N)^n0 C(k n0, 2 n0) / n0!",
     "per volume, at initialisation, times (C_grad C_bias)^n0; N >= n0", TSERAN_2021, expectation},
    {"maxout-tseran-2021-boundary", "Tseran, Montufar", 2021, "decision boundary",
     CREASE_BOUND_EXPECTATION, false, CREASE_BOUND_CITED,
     "2^(4 n0) (2 k N)^(n0-1) C(k (n0-1), 2 (n0-1)) / (n0-1)!",
     "pieces of the boundary between two classes, per volume, at initialisation, times (C_grad "
     "C_bias)^n0",
     TSERAN_2021, boundary_expectation},
};
const size_t crease_bound_maxout_count =
    sizeof crease_bound_maxout_rows / sizeof *crease_bound_maxout_rows;
