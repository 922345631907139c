#include "bound/bound.h"

#include "base/memory.h"
#include "exact/integer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LONGEST = 100 }; /* digits of a number in a note */

/* ---- Conditions ---- */

/* n_first = ... = n_L, counted from 1. */
static bool even_widths(const crease_bound_case *given, size_t first, char *note)
{
    for (size_t l = first; l < given->layers; l++)
        if (given->width[l] != given->width[first - 1]) {
            snprintf(note, CREASE_BOUND_NOTE, "n_%zu = %zu and n_%zu = %zu differ", first,
                     given->width[first - 1], l + 1, given->width[l]);
            return false;
        }
    return crease_bound_some_layer(given, note);
}

/* ---- One layer ---- */

static bool schlaefli(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!crease_bound_one_layer(given, note))
        return false;
    const crease_layer *map = given->map;
    for (size_t u = 0; map && u < map->width; u++)
        if (mpz_sgn(map->map.bias[u])) {
            snprintf(note, CREASE_BOUND_NOTE, "unit %zu has a bias", u + 1);
            return false;
        }
    crease_bound_sum(mpq_numref(value), given->width[0] - 1, given->inputs - 1, 1);
    mpz_mul_2exp(mpq_numref(value), mpq_numref(value), 1);
    if (!map && mpz_sizeinbase(mpq_numref(value), 10) <= LONGEST)
        gmp_snprintf(note, CREASE_BOUND_NOTE,
                     "the weights are not given; without biases %Zd regions at most",
                     mpq_numref(value));
    else if (!map)
        snprintf(note, CREASE_BOUND_NOTE, "the weights are not given");
    return map != NULL;
}

/* ---- Constructions ---- */

/* prod_{l<L} (floor(n_l / n0) + more)^exponent * Z(n_L, n0) */
static void folded(const crease_bound_case *given, size_t more, size_t exponent, mpz_t value)
{
    size_t n = given->inputs, last = given->layers - 1;
    crease_bound_sum(value, given->width[last], n, 1);
    for (size_t l = 0; l < last; l++)
        crease_bound_multiply_power(value, given->width[l] / n + more, exponent);
}

static bool pascanu(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!crease_bound_wide(given, 1, note))
        return false;
    folded(given, 0, 1, mpq_numref(value));
    return true;
}

static bool montufar_lower(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!crease_bound_wide(given, 1, note))
        return false;
    folded(given, 0, given->inputs, mpq_numref(value));
    return true;
}

static bool serra_lower(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!crease_bound_wide(given, 3, note))
        return false;
    folded(given, 1, given->inputs, mpq_numref(value));
    return true;
}

static bool arora_like(const crease_bound_case *given, size_t more, mpq_t value, char *note)
{
    if (!crease_bound_some_layer(given, note))
        return false;
    if (given->width[0] % 2) {
        snprintf(note, CREASE_BOUND_NOTE, "n_1 = %zu is odd", given->width[0]);
        return false;
    }
    if (given->layers > 1 && !even_widths(given, 2, note))
        return false;
    if (given->layers > 1 && given->width[1] < 2) {
        snprintf(note, CREASE_BOUND_NOTE, "n_2 = %zu is less than 2", given->width[1]);
        return false;
    }
    crease_bound_sum(mpq_numref(value), given->width[0] / 2 - 1, given->inputs - 1, 1);
    mpz_mul_2exp(mpq_numref(value), mpq_numref(value), 1);
    if (given->layers > 1)
        crease_bound_multiply_power(mpq_numref(value), given->width[1] + more, given->layers - 1);
    return true;
}

static bool arora(const crease_bound_case *given, mpq_t value, char *note)
{
    return arora_like(given, 0, value, note);
}

static bool serra_arora(const crease_bound_case *given, mpq_t value, char *note)
{
    if (given->layers > 2 && given->width[1] == 2) {
        snprintf(note, CREASE_BOUND_NOTE, "n_2 = 2 is less than 3, and there are %zu layers",
                 given->layers);
        return false;
    }
    return arora_like(given, 1, value, note);
}

static bool one_dimension(const crease_bound_case *given, mpq_t value, char *note)
{
    if (given->inputs != 1) {
        snprintf(note, CREASE_BOUND_NOTE, "n0 = %zu is not 1", given->inputs);
        return false;
    }
    if (!crease_bound_wide(given, 3, note))
        return false;
    mpq_set_ui(value, 1, 1);
    for (size_t l = 0; l < given->layers; l++)
        mpz_mul_ui(mpq_numref(value), mpq_numref(value), given->width[l] + 1);
    return true;
}

/* ---- Growth ---- */

static void multiply_ratio(mpq_t value, size_t factor, size_t exponent, bool divide)
{
    mpq_t power;
    mpq_init(power);
    mpz_ui_pow_ui(mpq_numref(power), factor, exponent);
    if (divide)
        mpq_div(value, value, power);
    else
        mpq_mul(value, value, power);
    mpq_clear(power);
}

/* (n / n0)^((L-1) n0) n^n0 */
static bool grow_deep(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!crease_bound_wide(given, 1, note) || !even_widths(given, 1, note))
        return false;
    size_t folds = (given->layers - 1) * given->inputs;
    mpq_set_ui(value, given->width[0], given->inputs);
    mpq_canonicalize(value);
    mpz_pow_ui(mpq_numref(value), mpq_numref(value), folds);
    mpz_pow_ui(mpq_denref(value), mpq_denref(value), folds);
    multiply_ratio(value, given->width[0], given->inputs, false);
    return true;
}

static bool grow_deep_per_parameter(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!grow_deep(given, value, note))
        return false;
    multiply_ratio(value, given->width[0], 2, true);
    multiply_ratio(value, given->layers, 1, true);
    return true;
}

static bool grow_shallow(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!even_widths(given, 1, note))
        return false;
    mpz_ui_pow_ui(mpq_numref(value), given->layers * given->width[0], given->inputs);
    mpz_set_ui(mpq_denref(value), 1);
    return true;
}

static bool grow_shallow_per_parameter(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!grow_shallow(given, value, note))
        return false;
    multiply_ratio(value, given->layers * given->width[0], 1, true);
    return true;
}

static bool raghu(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!even_widths(given, 1, note))
        return false;
    mpz_ui_pow_ui(mpq_numref(value), given->width[0], given->layers * given->inputs);
    return true;
}

/* ---- Random networks ---- */

static bool hanin(const crease_bound_case *given, mpq_t value, char *note)
{
    return crease_bound_random_regions(given, 32, value, note);
}

static bool hanin_growth(const crease_bound_case *given, mpq_t value, char *note)
{
    return crease_bound_random_regions(given, 1, value, note);
}

/* 1 + n_1 + (1 + (L - 1) ln(2 n)) (n_2 + ... + n_L), rounded up to thousandths. */
static bool unit_segment(const crease_bound_case *given, mpq_t value, char *note)
{
    double widest = 0, later = 0;
    if (given->inputs != 1) {
        snprintf(note, CREASE_BOUND_NOTE, "n0 = %zu is not 1", given->inputs);
        return false;
    }
    if (!crease_bound_some_layer(given, note))
        return false;
    for (size_t l = 0; l < given->layers; l++) {
        widest = fmax(widest, (double)given->width[l]);
        later += l ? (double)given->width[l] : 0;
    }
    double pieces =
        1 + (double)given->width[0] + (1 + (double)(given->layers - 1) * log(2 * widest)) * later;
    mpz_set_d(mpq_numref(value), ceil(1000 * pieces));
    mpz_set_ui(mpq_denref(value), 1000);
    mpq_canonicalize(value);
    return true;
}

/* ---- Upper bounds ---- */

static bool serra_stable(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!crease_bound_weights(given, note))
        return false;
    if (!given->domain) {
        snprintf(note, CREASE_BOUND_NOTE,
                 "no box is given, and over R^n0 the activations have no bounds");
        return false;
    }
    size_t *stable = crease_alloc(given->layers, sizeof *stable);
    crease_bound_stable(mpq_numref(value), given, stable);
    crease_bound_list(note, "stable units", stable, given->layers);
    free(stable);
    return true;
}

/* ---- The table ---- */

#define HANIN_2019                                                                                 \
    "B. Hanin, D. Rolnick, Deep ReLU networks have surprisingly few activation patterns, "         \
    "NeurIPS 2019, arXiv 1906.00904"

const crease_bound_row crease_bound_relu_rows[] = {
    {"trivial", "trivial", 2014, "", CREASE_BOUND_UPPER, false, CREASE_BOUND_CITED, "2^N", "",
     CREASE_BOUND_MONTUFAR_2014, crease_bound_trivial},
    {"zaslavsky", "Zaslavsky", 1975, "", CREASE_BOUND_EXACT, false, CREASE_BOUND_CITED, "Z(n1,n0)",
     "one hidden layer; reached iff in general position",
     "T. Zaslavsky, Facing up to arrangements, Memoirs AMS 154, 1975", crease_bound_layer},
    {"schlaefli", "Schlaefli", 1901, "", CREASE_BOUND_UPPER, true, CREASE_BOUND_CITED,
     "2 Z(n1-1,n0-1)", "one hidden layer without biases; reached iff in general position",
     "L. Schlaefli, Theorie der vielfachen Kontinuitaet, 1901", schlaefli},
    {"montufar-2017", "Montufar", 2017, "", CREASE_BOUND_UPPER, false, CREASE_BOUND_CITED,
     "prod_l Z(n_l, min(n0..n_l))", "",
     "G. Montufar, Notes on the number of linear regions of deep neural networks, SampTA 2017",
     crease_bound_product},
    {"serra-2018-upper", "Serra et al.", 2018, "Theorem 1", CREASE_BOUND_UPPER, false,
     CREASE_BOUND_READ, "sum prod_l C(n_l,j_l), j_l <= min(n0, n_1-j_1, .., n_l)", "",
     CREASE_BOUND_SERRA_2018, crease_bound_by_dimension},
    {"hinz-2019", "Hinz, van de Geer", 2019, "", CREASE_BOUND_UPPER, false, CREASE_BOUND_CITED,
     "product of histogram matrices", "binomial histograms: equals Serra et al., Theorem 1",
     "P. Hinz, S. van de Geer, A framework for the construction of upper bounds on the number of "
     "affine linear regions of ReLU feed-forward neural networks, IEEE Trans. Information Theory "
     "65, 2019, arXiv 1806.01918",
     crease_bound_by_dimension},
    {"serra-2018-rank", "Serra et al.", 2018, "after Lemma 4", CREASE_BOUND_UPPER, true,
     CREASE_BOUND_READ, "Theorem 1 with j_l <= rank W^l", "the weights", CREASE_BOUND_SERRA_2018,
     crease_bound_by_rank},
    {"serra-2020", "Serra, Ramalingam", 2020, "", CREASE_BOUND_UPPER, true, CREASE_BOUND_NOTED,
     "Theorem 1 of 2018 with the active and unstable units of the network",
     "the weights and a box; intervals in place of integer programs",
     "T. Serra, S. Ramalingam, Empirical bounds on linear regions of deep rectifier networks, "
     "AAAI 2020, arXiv 1810.03370",
     serra_stable},
    {"serra-2018-1d", "Serra et al.", 2018, "Theorem 5", CREASE_BOUND_EXACT, false,
     CREASE_BOUND_READ, "prod_l (n_l+1)", "n0 = 1 and n_l >= 3", CREASE_BOUND_SERRA_2018,
     one_dimension},
    {"one-input", "after Serra et al.", 2018, "Theorem 5", CREASE_BOUND_UPPER, false,
     CREASE_BOUND_PROVED, "R_L, R_l = R_{l-1} + n_l V_{l-1}",
     "n0 = 1; V_l = R_l but for n_l <= 2, where values repeat less often", CREASE_BOUND_SERRA_2018,
     crease_bound_one_input},
    {"serra-2018-lower", "Serra et al.", 2018, "Theorem 6", CREASE_BOUND_LOWER, false,
     CREASE_BOUND_READ, "prod_{l<L} (floor(n_l/n0)+1)^n0 Z(n_L,n0)", "n_l >= 3 n0",
     CREASE_BOUND_SERRA_2018, serra_lower},
    {"montufar-2014", "Montufar et al.", 2014, "Theorem 4", CREASE_BOUND_LOWER, false,
     CREASE_BOUND_CITED, "prod_{l<L} floor(n_l/n0)^n0 Z(n_L,n0)", "n_l >= n0",
     CREASE_BOUND_MONTUFAR_2014, montufar_lower},
    {"pascanu-2013", "Pascanu et al.", 2013, "Theorem 1", CREASE_BOUND_LOWER, false,
     CREASE_BOUND_CITED, "prod_{l<L} floor(n_l/n0) Z(n_L,n0)", "n_l >= n0",
     "R. Pascanu, G. Montufar, Y. Bengio, On the number of response regions of deep feedforward "
     "networks with piecewise linear activations, 2013, arXiv 1312.6098",
     pascanu},
    {"serra-2018-arora", "Serra et al.", 2018, "Theorem 7", CREASE_BOUND_LOWER, false,
     CREASE_BOUND_READ, "2 Z(m-1,n0-1) (w+1)^(L-1)",
     "n_1 = 2m, n_2 = .. = n_L = w; stated for w >= 2, holds for w >= 3 or L <= 2",
     CREASE_BOUND_SERRA_2018, serra_arora},
    {"arora-2018", "Arora et al.", 2018, "Theorem 2.11", CREASE_BOUND_LOWER, false,
     CREASE_BOUND_CITED, "2 Z(m-1,n0-1) w^(L-1)", "n_1 = 2m, n_2 = .. = n_L = w >= 2",
     "R. Arora, A. Basu, P. Mianjy, A. Mukherjee, Understanding deep neural networks with "
     "rectified linear units, ICLR 2018, arXiv 1611.01491",
     arora},
    {"hanin-2019", "Hanin, Rolnick", 2019, "", CREASE_BOUND_EXPECTATION, false, CREASE_BOUND_NOTED,
     "(2^5 N)^n0 / n0!",
     "per volume of a large cube, at initialisation, times (C_grad C_bias)^n0; N >= n0", HANIN_2019,
     hanin},
    {"hanin-2019-growth", "Hanin, Rolnick", 2019, "", CREASE_BOUND_GROWTH, false,
     CREASE_BOUND_NOTED, "N^n0 / n0!", "at initialisation, order of the expectation; N >= n0",
     HANIN_2019, hanin_growth},
    {"hanin-2019-segment", "after Hanin, Rolnick", 2019, "", CREASE_BOUND_EXPECTATION, false,
     CREASE_BOUND_NOTED, "1 + n_1 + (C/delta) (1 + (L-1) ln(2 max n_l)) (n_2 + .. + n_L)",
     "n0 = 1; pieces on a unit segment; biases uniform, of width delta; C and delta taken as 1",
     "a consequence of B. Hanin, D. Rolnick, Complexity of linear regions in deep networks, ICML "
     "2019, arXiv 1901.09021",
     unit_segment},
    {"raghu-2017", "Raghu et al.", 2017, "Theorem 1", CREASE_BOUND_GROWTH, false, CREASE_BOUND_READ,
     "O(n^(L n0))", "n_l = n, n0 constant",
     "M. Raghu, B. Poole, J. Kleinberg, S. Ganguli, J. Sohl-Dickstein, On the expressive power of "
     "deep neural networks, ICML 2017, arXiv 1606.05336",
     raghu},
    {"montufar-2014-growth", "Montufar et al.", 2014, "Corollary 5", CREASE_BOUND_GROWTH, false,
     CREASE_BOUND_CITED, "Omega((n/n0)^((L-1) n0) n^n0)", "n_l = n >= n0, n0 constant",
     CREASE_BOUND_MONTUFAR_2014, grow_deep},
    {"montufar-2014-shallow-growth", "Montufar et al.", 2014, "Corollary 5", CREASE_BOUND_GROWTH,
     false, CREASE_BOUND_NOTED, "O(L^n0 n^n0)", "one layer of L n units; n0 constant",
     CREASE_BOUND_MONTUFAR_2014, grow_shallow},
    {"montufar-2014-per-parameter", "Montufar et al.", 2014, "", CREASE_BOUND_GROWTH, false,
     CREASE_BOUND_NOTED, "Omega((n/n0)^((L-1) n0) n^(n0-2) / L)",
     "regions per parameter; n_l = n >= n0, n0 constant", CREASE_BOUND_MONTUFAR_2014,
     grow_deep_per_parameter},
    {"montufar-2014-shallow-per-parameter", "Montufar et al.", 2014, "", CREASE_BOUND_GROWTH, false,
     CREASE_BOUND_NOTED, "O(L^(n0-1) n^(n0-1))",
     "regions per parameter, one layer of L n units; n0 constant", CREASE_BOUND_MONTUFAR_2014,
     grow_shallow_per_parameter},
};
const size_t crease_bound_relu_count =
    sizeof crease_bound_relu_rows / sizeof *crease_bound_relu_rows;
