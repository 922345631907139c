#include "bound/bound.h"

#include "exact/integer.h"

#include <stdio.h>
#include <string.h>

/* coefficient[j], j = 0..most, times (1 + base t)^n, truncated after t^most. */
static void multiply_layer(mpz_t *coefficient, size_t most, size_t n, size_t base)
{
    mpz_t *old = crease_integer_new(most + 1), term;
    mpz_init_set_ui(term, 1);
    for (size_t j = 0; j <= most; j++) {
        mpz_set(old[j], coefficient[j]);
        mpz_set_ui(coefficient[j], 0);
    }
    for (size_t i = 0; i <= most && i <= n; i++) {
        if (i) {
            mpz_mul_ui(term, term, n - i + 1);
            mpz_divexact_ui(term, term, i);
            mpz_mul_ui(term, term, base);
        }
        for (size_t j = 0; i + j <= most && mpz_sgn(old[j]); j++)
            mpz_addmul(coefficient[i + j], old[j], term);
    }
    mpz_clear(term);
    crease_integer_free(old, most + 1);
}

/* Layers of units with equally many states are handled together, since products of long sums are
 * slow. */
static bool shallow(const crease_bound_case *given, mpq_t value, char *note)
{
    if (!crease_bound_some_layer(given, note))
        return false;
    if (given->states) {
        crease_bound_sum(mpq_numref(value), crease_bound_units(given), given->inputs,
                         given->states - 1);
        return true;
    }
    size_t all = crease_bound_units(given), most = given->inputs < all ? given->inputs : all;
    mpz_t *coefficient = crease_integer_new(most + 1);
    mpz_set_ui(coefficient[0], 1);
    for (size_t l = 0; l < given->layers; l++) {
        size_t states = given->unit[l].states, n = 0;
        bool first = true;
        for (size_t i = 0; i < given->layers; i++) {
            first = first && (i >= l || given->unit[i].states != states);
            n += given->unit[i].states == states ? given->width[i] : 0;
        }
        if (first)
            multiply_layer(coefficient, most, n, states - 1);
    }
    for (size_t j = 0; j <= most; j++)
        mpz_add(mpq_numref(value), mpq_numref(value), coefficient[j]);
    crease_integer_free(coefficient, most + 1);
    return true;
}

/* The case that the proof does not cover: for maxout units the number is a published theorem. */
static bool remark(const crease_bound_case *given, char *note)
{
    for (size_t l = 0; l < given->layers; l++)
        if (given->unit[l].activation == CREASE_MAXOUT) {
            size_t used = strlen(note);
            snprintf(note + used, CREASE_BOUND_NOTE - used,
                     "%smaxout units by Montufar et al. 2022 [n]", used ? "; " : "");
            break;
        }
    return true;
}

static bool layer(const crease_bound_case *given, mpq_t value, char *note)
{
    return crease_bound_layer(given, value, note) && remark(given, note);
}

static bool product(const crease_bound_case *given, mpq_t value, char *note)
{
    return crease_bound_product(given, value, note) && remark(given, note);
}

static bool by_dimension(const crease_bound_case *given, mpq_t value, char *note)
{
    return crease_bound_by_dimension(given, value, note) && remark(given, note);
}

static bool by_rank(const crease_bound_case *given, mpq_t value, char *note)
{
    return crease_bound_by_rank(given, value, note) && remark(given, note);
}

#define ZASLAVSKY_1975 "T. Zaslavsky, Facing up to arrangements, Memoirs AMS 154, 1975"

const crease_bound_row crease_bound_shallow_row = {"one-layer",
                                                   "Zaslavsky",
                                                   1975,
                                                   "",
                                                   CREASE_BOUND_EXACT,
                                                   false,
                                                   CREASE_BOUND_PROVED,
                                                   "sum_{j<=n0} e_j(k-1 of each unit)",
                                                   "one layer of all the units",
                                                   ZASLAVSKY_1975,
                                                   shallow};

const crease_bound_row crease_bound_pieces_rows[] = {
    {"pieces-trivial", "trivial", 2014, "", CREASE_BOUND_UPPER, false, CREASE_BOUND_PROVED,
     "prod_l k_l^n_l", "", CREASE_BOUND_MONTUFAR_2014, crease_bound_trivial},
    {"pieces-layer", "after Zaslavsky", 1975, "", CREASE_BOUND_EXACT, false, CREASE_BOUND_PROVED,
     "sum_{j<=n0} C(n1,j) (k-1)^j", "one hidden layer; reached iff in general position",
     ZASLAVSKY_1975, layer},
    {"pieces-upper", "after Montufar", 2017, "", CREASE_BOUND_UPPER, false, CREASE_BOUND_PROVED,
     "prod_l sum_{j<=min(n0..n_l)} C(n_l,j) (k_l-1)^j", "",
     "G. Montufar, Notes on the number of linear regions of deep neural networks, SampTA 2017",
     product},
    {"pieces-serra", "after Serra et al.", 2018, "Theorem 1", CREASE_BOUND_UPPER, false,
     CREASE_BOUND_PROVED, "sum prod_l C(n_l,j_l) (k_l-1)^j_l, j_l <= min(n0, n_1-f_1 j_1, .., n_l)",
     "f_l = 1 for units with one state that is not constant, otherwise 0", CREASE_BOUND_SERRA_2018,
     by_dimension},
    {"pieces-rank", "after Serra et al.", 2018, "after Lemma 4", CREASE_BOUND_UPPER, true,
     CREASE_BOUND_PROVED, "the one above with j_l <= rank W^l", "the weights",
     CREASE_BOUND_SERRA_2018, by_rank},
};
const size_t crease_bound_pieces_count =
    sizeof crease_bound_pieces_rows / sizeof *crease_bound_pieces_rows;
