/* Networks whose number of regions is known from theory, and random ones.
 *
 * Notation as in bound.h: n0 inputs, hidden ReLU layers of widths n_1..n_L, Z(n, d) =
 * sum_{j <= d} C(n, j).  All numbers are exact.
 *
 * A made network changes only in the state of its random numbers.  One thread at a time. */
#ifndef CREASE_BOUND_MAKE_H
#define CREASE_BOUND_MAKE_H

#include <crease_network.h>
#include <gmp.h>

typedef struct crease_made crease_made;

/* Properties of a family, as bits.  The count holds in: SPACE, R^n0; BOX, the box 0:1.  AT_LEAST:
 * it is a lower bound.  MAXOUT: the units are maxout; ANY: ReLU or maxout. */
enum {
    CREASE_MADE_SPACE = 1,
    CREASE_MADE_BOX = 2,
    CREASE_MADE_AT_LEAST = 4,
    CREASE_MADE_MAXOUT = 8,
    CREASE_MADE_ANY = 16
};

typedef struct {
    const char *name;
    const char *summary;
    size_t most; /* inputs, so that hyperplanes and numbers stay within the limits of the readers */
    size_t least;
    bool widths;                  /* the user gives them; otherwise they follow from the inputs */
    unsigned where;               /* the bits above; neither SPACE nor BOX: no count is known */
    const char *formula, *source; /* may be "" */
    /* Checks the widths or sets them, and sets made->regions and made->known. */
    crease_status (*plan)(crease_made *made, crease_error *error);
    /* Sets value, which is 0, to the weights and the bias of one row: of a unit, or of a piece of a
     * maxout unit, which has `rank` rows.  Called for all layers and rows in order.  Layer L is the
     * readout, of one unit. */
    void (*row)(crease_made *made, size_t layer, size_t row, mpq_t *value);
} crease_make_family;

struct crease_made {
    const crease_make_family *family;
    size_t inputs;
    size_t layers; /* hidden ones */
    size_t *width;
    size_t rank;          /* of maxout units; 0: ReLU */
    uint64_t seed, state; /* of a random network */
    bool known;
    mpz_t regions; /* if known */
    char *comment; /* of the file: how it was made and what is expected */
};

/* Families by number; NULL after the last. */
const crease_make_family *crease_make_family_at(size_t i);

/* widths: "n1,n2,...", or NULL if they follow from the inputs.  rank: of maxout units, 0 for ReLU.
 * The caller gives *made to crease_made_free. */
crease_status crease_make(const char *family, size_t inputs, const char *widths, size_t rank,
                          uint64_t seed, crease_made **made, crease_error *error);
void crease_made_free(crease_made *made);

/* One line: "N regions in R^n: formula; source", or that no number is known.  The caller frees
 * it. */
char *crease_made_expectation(const crease_made *made);

/* Writes the network (make_write.c), once per made network.  The file gets its name when it is
 * complete.  If *stop becomes non-zero, no file is left; stop may be NULL. */
crease_status crease_made_write(crease_made *made, const char *path, const crease_flag *stop,
                                crease_error *error);

/* ---- Folding (make_fold.c) ----
 *
 * The units of a layer are n0 groups of p = floor(n / n0), and unused ones of zero weights.  Group
 * j maps coordinate j of the cube onto [0,1], once for each piece of a zigzag; the readout is
 * absorbed into the next layer.  Two zigzags:
 *   fold   p pieces of the same length: max(0, p x), max(0, 2 p x - 2 i), i = 1..p-1; readout
 *          + - + ...  Montufar et al. 2014, section 3.1, scaled so that [0,1] is mapped onto [0,1].
 *   serra  p + 1 pieces, p >= 3: breakpoints t_1 < ... < t_p in (0,1), units max(0, x - t_i), but
 *          the third max(0, t_3 - x).  Left of t_1 it alone is positive, and its weight in the
 *          readout is the change of slope at t_3, so this has to be minus the first slope; hence
 *          pieces 3 and 4 have twice the length of the others.
 *
 * The last layer is n_L hyperplanes sum_{j < n0} t^j X_j + t^n0 = 0, one for each of n_L values of
 * t in (-1,1).  A point X is a monic polynomial of degree n0 with roots t wherever a hyperplane
 * passes; so any n0 of them meet in one point and no n0 + 1 do.  Coordinates of these points are
 * elementary symmetric polynomials, |X_j| <= C(n0, j) < 2^n0, thus inside the cube for
 * X = 2^(n0+1) (x - 1/2).  A flat of the arrangement contains such a point (add values of t if
 * n_L < n0), so all flats meet the cube and it has the Z(n_L, n0) regions of the whole space.
 *
 * arora  The first layer is units max(0, b.x) and max(0, -b.x) for n_1/2 vectors b in general
 *        position; in each of its 2 Z(n_1/2 - 1, n0 - 1) cones the sum of all units is a linear
 *        function that takes all positive values.  The later layers are the zigzags of serra, one
 *        input each: on the values between 0 and 1 they have prod (n_l + 1) pieces, and no network
 *        of these widths and one input has more. */
crease_status crease_make_plan_fold(crease_made *made, crease_error *error);
crease_status crease_make_plan_serra(crease_made *made, crease_error *error);
crease_status crease_make_plan_zigzag(crease_made *made, crease_error *error);
crease_status crease_make_plan_arora(crease_made *made, crease_error *error);
crease_status crease_make_plan_generic(crease_made *made, crease_error *error);
void crease_make_row_fold(crease_made *made, size_t layer, size_t unit, mpq_t *value);
void crease_make_row_serra(crease_made *made, size_t layer, size_t unit, mpq_t *value);
void crease_make_row_arora(crease_made *made, size_t layer, size_t unit, mpq_t *value);
void crease_make_row_zigzag(crease_made *made, size_t layer, size_t unit, mpq_t *value);

/* ---- Maxout (make_maxout.c), of rank k ----
 *
 * maxout-fold  As fold, with convex units that have k - 1 kinks each: p = n / n0 of them, p even,
 *              have a readout that is a zigzag of p (k - 1) + 1 pieces.  Montufar, Ren, Zhang 2022.
 * maxout       Every layer but the last maps k neighbourhoods onto sets that share a ball, on which
 *              the next layer does the same; the last layer has k^n0 regions there.  Montufar et
 *              al. 2014, Theorem 8. */
crease_status crease_make_plan_maxout_fold(crease_made *made, crease_error *error);
crease_status crease_make_plan_maxout(crease_made *made, crease_error *error);
void crease_make_row_maxout_fold(crease_made *made, size_t layer, size_t row, mpq_t *value);
void crease_make_row_maxout(crease_made *made, size_t layer, size_t row, mpq_t *value);

/* ---- Arrangements of one layer (make_arrangement.c) ---- */

crease_status crease_make_plan_braid(crease_made *made, crease_error *error);
crease_status crease_make_plan_shi(crease_made *made, crease_error *error);
crease_status crease_make_plan_catalan(crease_made *made, crease_error *error);
crease_status crease_make_plan_type_b(crease_made *made, crease_error *error);
crease_status crease_make_plan_resonance(crease_made *made, crease_error *error);
crease_status crease_make_plan_threshold(crease_made *made, crease_error *error);
void crease_make_row_braid(crease_made *made, size_t layer, size_t unit, mpq_t *value);
void crease_make_row_shi(crease_made *made, size_t layer, size_t unit, mpq_t *value);
void crease_make_row_catalan(crease_made *made, size_t layer, size_t unit, mpq_t *value);
void crease_make_row_type_b(crease_made *made, size_t layer, size_t unit, mpq_t *value);
void crease_make_row_resonance(crease_made *made, size_t layer, size_t unit, mpq_t *value);
void crease_make_row_threshold(crease_made *made, size_t layer, size_t unit, mpq_t *value);

/* ---- Rows of several families (make_rows.c) ---- */

/* Hyperplane k of m in general position inside the cube (make_fold.c): sum_j a_j x_j + b = 0 is
 * the one of t = (2 k + 1 - m) / m, times m^n0. */
void crease_make_general(const crease_made *made, size_t m, size_t k, mpq_t *a, mpq_t b);

/* The weights of a readout that adds up all units. */
void crease_make_row_ones(const crease_made *made, mpq_t *value);

#endif
