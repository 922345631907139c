#include <stdio.h> /* before gmp.h */

#include "bound/make.h"

#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"
#include "bound/bound.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Random networks ---- */

/* Box and Muller. */
static double normal(uint64_t *state)
{
    double u = (double)((crease_random_next(state) >> 11) + 1) * 0x1p-53; /* in (0, 1] */
    double v = (double)(crease_random_next(state) >> 11) * 0x1p-53;
    return sqrt(-2 * log(u)) * cos(2 * acos(-1) * v);
}

static crease_status plan_random(crease_made *made, crease_error *error)
{
    (void)made;
    (void)error;
    return CREASE_OK;
}

/* He initialisation, rounded to binary32. */
static void row_random(crease_made *made, size_t layer, size_t row, mpq_t *value)
{
    (void)row;
    size_t fan = layer ? made->width[layer - 1] : made->inputs;
    double deviation = sqrt(2 / (double)fan);
    for (size_t j = 0; j <= fan; j++)
        mpq_set_d(value[j], (float)((j < fan ? deviation : 0.5) * normal(&made->state)));
}

/* ---- Families ---- */

#define SEED_PAPER "G. Montufar, R. Pascanu, K. Cho, Y. Bengio, NeurIPS 2014"
#define SERRA_PAPER "T. Serra, C. Tjandraatmadja, S. Ramalingam, ICML 2018"
#define STANLEY "R. Stanley, An introduction to hyperplane arrangements, 2007"

enum { SPACE = CREASE_MADE_SPACE, BOX = CREASE_MADE_BOX, BOTH = SPACE | BOX };

static const crease_make_family families[] = {
    {"fold", "layers that fold each coordinate of the cube floor(n/n0) times", 64, 1, true, BOX,
     "prod_{l<L} floor(n_l/n0)^n0 Z(n_L,n0)", SEED_PAPER ", section 3.1, Theorem 4",
     crease_make_plan_fold, crease_make_row_fold},
    {"serra", "the same with one more piece for each coordinate, n >= 3 n0", 64, 1, true, BOX,
     "prod_{l<L} (floor(n_l/n0)+1)^n0 Z(n_L,n0)", SERRA_PAPER ", Theorem 6", crease_make_plan_serra,
     crease_make_row_serra},
    {"zigzag", "one input, a zigzag in each layer, the maximum for one input", 1, 1, true, BOTH,
     "prod_l (n_l+1)", SERRA_PAPER ", Theorem 5", crease_make_plan_zigzag, crease_make_row_zigzag},
    {"arora", "hyperplanes b_i.x = 0; then a zigzag of sum |b_i.x| in each layer", 64, 1, true,
     SPACE, "2 sum_{j<n0} C(n_1/2-1,j) prod_{l>1} (n_l+1)",
     "R. Arora et al., ICLR 2018, Theorem 2.11, with n_l+1 for n_l: " SERRA_PAPER ", Theorem 7",
     crease_make_plan_arora, crease_make_row_arora},
    {"generic", "one layer of hyperplanes in general position", 64, 1, true, BOTH,
     "Z(n_1,n0) = sum_{j<=n0} C(n_1,j)", "T. Zaslavsky, Facing up to arrangements, 1975",
     crease_make_plan_generic, crease_make_row_fold},
    {"braid", "x_i = x_j", 91, 2, false, SPACE, "n0!", STANLEY, crease_make_plan_braid,
     crease_make_row_braid},
    {"type-b", "x_i = 0, x_i = x_j, x_i = -x_j", 64, 1, false, SPACE, "2^n0 n0!", STANLEY,
     crease_make_plan_type_b, crease_make_row_type_b},
    {"resonance", "sums of x_i over the non-empty subsets", 12, 1, false, SPACE,
     "no formula, tabulated up to n0 = 9", "OEIS A034997, A344494", crease_make_plan_resonance,
     crease_make_row_resonance},
    {"threshold", "x_1 and sums of the others over all subsets", 13, 1, false, SPACE,
     "no formula, tabulated up to n0 = 10: threshold functions of n0-1 variables", "OEIS A000609",
     crease_make_plan_threshold, crease_make_row_threshold},
    {"shi", "x_i - x_j = 0, 1 for i < j", 64, 2, false, SPACE, "(n0+1)^(n0-1)",
     "J.-Y. Shi, The Kazhdan-Lusztig cells in certain affine Weyl groups, 1986",
     crease_make_plan_shi, crease_make_row_shi},
    {"catalan", "x_i - x_j = -1, 0, 1", 52, 2, false, SPACE, "n0! C_n0 = (2 n0)!/(n0+1)!", STANLEY,
     crease_make_plan_catalan, crease_make_row_catalan},
    {"maxout", "maxout layers, each of which identifies k neighbourhoods", 64, 2, true,
     SPACE | CREASE_MADE_AT_LEAST | CREASE_MADE_MAXOUT, "k^(L-1) k^n0", SEED_PAPER ", Theorem 8",
     crease_make_plan_maxout, crease_make_row_maxout},
    {"maxout-fold", "maxout layers that fold each coordinate of the cube n/n0 (k-1)+1 times", 64, 1,
     true, BOX | CREASE_MADE_MAXOUT, "prod_{l<L} (n_l/n0 (k-1)+1)^n0 sum_{j<=n0} C(n_L,j) (k-1)^j",
     "G. Montufar, Y. Ren, L. Zhang, SIAM J. Appl. Algebra Geom. 2022",
     crease_make_plan_maxout_fold, crease_make_row_maxout_fold},
    {"random", "He: normal(0, sqrt(2/fan_in)); biases normal(0, 0.5); in binary32",
     CREASE_BOUNDS_MOST, 1, true, CREASE_MADE_ANY, "", "", plan_random, row_random},
};
enum { FAMILIES = sizeof families / sizeof *families };

const crease_make_family *crease_make_family_at(size_t i)
{
    return i < FAMILIES ? &families[i] : NULL;
}

/* ---- Making ---- */

static crease_status read_widths(crease_made *made, const char *text, crease_error *error)
{
    size_t units = 0;
    made->width = crease_alloc(CREASE_BOUNDS_MOST, sizeof *made->width);
    for (const char *at = text;; at++) {
        size_t length = strcspn(at, ",");
        size_t value = crease_bound_read_width(at, length, CREASE_BOUNDS_MOST);
        if (!value)
            return crease_fail(error, CREASE_INPUT,
                               "widths, entry %zu: \"%.*s\" is not a whole number from 1 to %d",
                               made->layers + 1, length > 60 ? 60 : (int)length, at,
                               CREASE_BOUNDS_MOST);
        units += value;
        if (units > CREASE_BOUNDS_MOST)
            return crease_fail(error, CREASE_INPUT, "widths: more than %d hidden units in all",
                               CREASE_BOUNDS_MOST);
        made->width[made->layers++] = value;
        at += length;
        if (!*at)
            return CREASE_OK;
    }
}

static crease_status unknown(const char *name, crease_error *error)
{
    char list[128] = "";
    for (size_t i = 0; i < FAMILIES; i++) {
        size_t length = strlen(list);
        snprintf(list + length, sizeof list - length, "%s%s", i ? ", " : "", families[i].name);
    }
    return *name ? crease_fail(error, CREASE_INPUT, "make: \"%.60s\" is not one of %s", name, list)
                 : crease_fail(error, CREASE_INPUT, "make: which family? One of %s", list);
}

static crease_status plan(crease_made *made, const char *widths, crease_error *error)
{
    const crease_make_family *family = made->family;
    if (made->inputs < family->least || made->inputs > family->most)
        return crease_fail(error, CREASE_INPUT, "make %s: --inputs must be from %zu to %zu",
                           family->name, family->least, family->most);
    if (family->widths && !widths)
        return crease_fail(error, CREASE_INPUT, "make %s: --widths are missing", family->name);
    if (!family->widths && widths)
        return crease_fail(error, CREASE_INPUT,
                           "make %s: the inputs give the number of hyperplanes, leave out --widths",
                           family->name);
    if (made->rank && !(family->where & (CREASE_MADE_MAXOUT | CREASE_MADE_ANY)))
        return crease_fail(error, CREASE_INPUT, "make %s: its units are ReLU, leave out --maxout",
                           family->name);
    if (!made->rank && family->where & CREASE_MADE_MAXOUT)
        return crease_fail(error, CREASE_INPUT,
                           "make %s: the rank of its units is missing, --maxout", family->name);
    if (made->rank && (made->rank < 2 || made->rank > CREASE_MAX_RANK))
        return crease_fail(error, CREASE_INPUT, "make %s: --maxout must be from 2 to %d",
                           family->name, CREASE_MAX_RANK);
    crease_status status = widths ? read_widths(made, widths, error) : CREASE_OK;
    return status ? status : family->plan(made, error);
}

static FILE *open_text(char **text, size_t *size)
{
    FILE *stream = open_memstream(text, size);
    if (!stream)
        crease_fatal("out of memory");
    return stream;
}

static void close_text(FILE *stream)
{
    if (fclose(stream))
        crease_fatal("out of memory");
}

char *crease_made_expectation(const crease_made *made)
{
    static const char *const where[] = {"", "R^n", "the box 0:1", "R^n and in the box 0:1"};
    const crease_make_family *family = made->family;
    char *text;
    size_t size;
    FILE *stream = open_text(&text, &size);
    if (made->known) {
        fputs(family->where & CREASE_MADE_AT_LEAST ? "at least " : "", stream);
        mpz_out_str(stream, 10, made->regions);
        fprintf(stream, " regions in %s", where[family->where & BOTH]);
    } else {
        fputs("no number is known", stream);
    }
    if (*family->formula)
        fprintf(stream, ": %s; %s", family->formula, family->source);
    close_text(stream);
    return text;
}

/* The command and the expectation. */
static char *comment_of(const crease_made *made)
{
    char *text, *expectation = crease_made_expectation(made);
    size_t size;
    FILE *stream = open_text(&text, &size);
    fprintf(stream, "crease make %s --inputs %zu", made->family->name, made->inputs);
    for (size_t l = 0; made->family->widths && l < made->layers; l++)
        fprintf(stream, "%s%zu", l ? "," : " --widths ", made->width[l]);
    if (made->rank)
        fprintf(stream, " --maxout %zu", made->rank);
    if (!(made->family->where & BOTH))
        fprintf(stream, " --seed %llu", (unsigned long long)made->seed);
    fprintf(stream, ": %s. Expected: %s.", made->family->summary, expectation);
    close_text(stream);
    free(expectation);
    return text;
}

crease_status crease_make(const char *family, size_t inputs, const char *widths, size_t rank,
                          uint64_t seed, crease_made **out, crease_error *error)
{
    *out = NULL;
    size_t i = 0;
    while (i < FAMILIES && strcmp(family, families[i].name))
        i++;
    if (i == FAMILIES)
        return unknown(family, error);
    crease_made *made = crease_alloc(1, sizeof *made);
    made->family = &families[i];
    made->inputs = inputs;
    made->rank = rank;
    made->seed = seed;
    mpz_init(made->regions);
    crease_status status = plan(made, widths, error);
    if (status) {
        crease_made_free(made);
        return status;
    }
    made->comment = comment_of(made);
    *out = made;
    return CREASE_OK;
}

void crease_made_free(crease_made *made)
{
    if (!made)
        return;
    mpz_clear(made->regions);
    free(made->comment);
    free(made->width);
    free(made);
}
