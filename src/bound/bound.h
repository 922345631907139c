/* Bounds on the number of linear regions from the literature.
 *
 * Notation: n0 inputs, hidden switching layers of widths n_1..n_L, N = n_1 + ... + n_L, Z(n, d) =
 * sum_{j <= d} C(n, j); rank-k maxout units have k affine pieces.  "Of the architecture": a bound
 * on the maximum over all weights.  An upper bound of the architecture holds for each of its
 * networks and in every box; a lower bound says that some network reaches it.
 *
 * Sources.  [R] read in the paper itself; [C] read in a later paper that states it, or in the
 * authors' program; [N] from the notes of this project only, the source could not be read;
 * [P] proved here, no publication that states it in this form is known.
 *
 *  1 trivial       [C] 2^N, k^N: one pattern, at most one region.
 *  2 zaslavsky     [C] Z(n_1, n0), L = 1; reached iff in general position.  T. Zaslavsky, Facing
 *                      up to arrangements, Memoirs AMS 154, 1975; in 12, section 2.
 *  3 schlaefli     [C] 2 Z(n_1 - 1, n0 - 1): hyperplanes through one point, reached in general
 *                      position; an upper bound of a network of one layer without biases.
 *                      L. Schlaefli, Theorie der vielfachen Kontinuitaet, 1901.
 *  4 pascanu-2013  [C] prod_{l<L} floor(n_l / n0) * Z(n_L, n0), n_l >= n0.  R. Pascanu,
 *                      G. Montufar, Y. Bengio, arXiv 1312.6098, Theorem 1; in notes that quote it.
 *  5 montufar-2014 [C] prod_{l<L} floor(n_l / n0)^n0 * Z(n_L, n0), n_l >= n0.  G. Montufar,
 *                      R. Pascanu, K. Cho, Y. Bengio, NeurIPS 2014, arXiv 1402.1869, Theorem 4
 *                      (5 in some versions); in 12, section 3.
 *  6 ...-growth    [C] Omega((n/n0)^((L-1) n0) n^n0), L layers of width n; one layer of L n
 *                      units [N] O(L^n0 n^n0).  Corollary 5.
 *  7 ...-per-parameter [N] Omega((n/n0)^(n0 (L-1)) n^(n0-2) / L); one layer
 *                      O(L^(n0-1) n^(n0-1)).
 *  8 raghu-2017    [R] O(n^(L n0)).  M. Raghu, B. Poole, J. Kleinberg, S. Ganguli,
 *                      J. Sohl-Dickstein, ICML 2017, arXiv 1606.05336, Theorem 1; read in an
 *                      earlier version.
 *  9 montufar-2017 [C] prod_l Z(n_l, d_l), d_l = min(n0, ..., n_l).  G. Montufar, Notes on the
 *                      number of linear regions of deep neural networks, SampTA 2017; in 12.
 * 10 arora-2018    [C] 2 Z(m - 1, n0 - 1) w^(L-1), n_1 = 2m, n_2 = ... = n_L = w.  R. Arora,
 *                      A. Basu, P. Mianjy, A. Mukherjee, ICLR 2018, arXiv 1611.01491, Theorem
 *                      2.11 (i); in 12.
 * 11 hinz-2019     [C] the number of regions per dimension of their image, pushed through the
 *                      layers as a product of matrices.  P. Hinz, S. van de Geer, IEEE Trans.
 *                      Information Theory 65, 2019, arXiv 1806.01918.  By its abstract, the
 *                      strongest of the earlier bounds that are special cases is 12.
 * 12 serra-2018    T. Serra, C. Tjandraatmadja, S. Ramalingam, ICML 2018, arXiv 1711.02114; the
 *                  version submitted to ICLR was read, numbers of theorems are its own.
 *      upper       [R] Theorem 1: sum of prod_l C(n_l, j_l) over
 *                      0 <= j_l <= min(n0, n_1 - j_1, ..., n_(l-1) - j_(l-1), n_l).
 *      rank        [R] after Lemma 4: the last n_l replaced by rank W^l.
 *      1d          [R] Theorem 5: n0 = 1 and n_l >= 3: exactly prod (n_l + 1).
 *      lower       [R] Theorem 6: n_l >= 3 n0: prod_{l<L} (floor(n_l/n0) + 1)^n0 * Z(n_L, n0).
 *      arora       [R] Theorem 7: 10 with w + 1 for w; m >= 1.  Stated for w >= 2.  Shown for
 *                      w >= 3 (make.h) and L <= 2; false for w = 2 and large L, see below.
 *      maxout      [R] Theorem 8: prod_l Z(k (k-1) n_l / 2, d_l), d_l = min(n0, ..., n_l).
 * 13 serra-2020    [N] T. Serra, S. Ramalingam, Empirical bounds on linear regions of deep
 *                      rectifier networks, AAAI 2020, arXiv 1810.03370.  From the weights and a
 *                      box; what is computed, and a proof, stand at crease_bound_stable below.
 * 14 hanin-2019    [N] N >= n0: expected regions in a large cube, at initialisation, at most
 *                      (2^5 C_grad C_bias N)^n0 / n0! times the volume.  B. Hanin, D. Rolnick,
 *                      NeurIPS 2019, arXiv 1906.00904; its abstract has the growth N^n0.
 *      segment     [N] one input, biases uniform on an interval of width delta: expected pieces on a
 *                      unit segment at most 1 + n_1 + (C / delta) (1 + (L-1) ln(2 max n_l))
 *                      (n_2 + ... + n_L); here with C = delta = 1, rounded up to thousandths.
 * 15 maxout        [N] Montufar et al. 2014 as in 5.  One layer of m units, Proposition 7:
 *                      k^min(n0, m) <= max <= min(Z(k^2 m, n0), k^m).  Width n0, Theorem 8:
 *                      k^(L-1) k^n0, [C] in a source that quotes it.  Rank 2, section 4: 2^(n0 L).
 *                      Theorem 8 needs units that are not all functions of one number: it holds for
 *                      n_l >= n0 >= 2 (make.h has the networks); for k = 2 (|x| folds); and for n0 =
 *                      1 and n_l >= 2, l < L, as two units have a zigzag of 2 (k - 1) + 1 >= k
 *                      pieces.  With n0 = 1 and n_l = 1 it does not: 19.
 * 16 maxout        [N] G. Montufar, Y. Ren, L. Zhang, SIAM J. Applied Algebra and Geometry 6,
 *                      2022, arXiv 2104.08135.  One layer of m units: exactly
 *                      sum_{j <= n0} C(m, j) (k-1)^j.  Deep: at most
 *                      prod_l sum_{j <= min(n0..n_(l-1))} C(n_l, j) (k-1)^j, at least
 *                      prod_l (n_l (k-1) / n0 + 1)^n0.  The notes say "under divisibility"; here
 *                      n_l must be a multiple of 2 n0, which suffices: half of the units of one
 *                      input added and half subtracted give a zigzag of n_l (k-1) / n0 breaks.
 * 17 maxout        [C] H. Tseran, G. Montufar, NeurIPS 2021, arXiv 2107.00379; in formula.py of
 *                      the authors: expected regions at most
 *                      (2^5 C_bias C_grad k N)^n0 C(k n0, 2 n0) / n0! times the volume.
 *                      The boundary between two classes has an expected number of pieces of at most
 *                      (2^4 C_bias C_grad)^n0 (2 k N)^(n0-1) C(k (n0-1), 2 (n0-1)) / (n0-1)! times
 *                      the volume.
 * 18 pieces        [P] for units of k_l states in layer l, each with its own k_l: k_l - 1 parallel
 *                      hyperplanes per unit (relu, leaky_relu, abs: k = 2; clip: k = 3) or a
 *                      maxout unit of rank k_l.  Proofs stand below.
 *      trivial     prod_l k_l^n_l.
 *      layer       one layer: exactly sum_{j <= n0} C(n_1, j) (k_1 - 1)^j.
 *      upper       prod_l sum_{j <= d_l} C(n_l, j) (k_l - 1)^j, d_l = min(n0, ..., n_l); for relu
 *                  this is 9, for maxout 16.
 *      serra       sum of prod_l C(n_l, j_l) (k_l - 1)^(j_l) over j_l <= min(n0, n_1 - f_1 j_1,
 *                  ..., n_(l-1) - f_(l-1) j_(l-1), n_l), where f_l is 1 if all states but one are
 *                  constant (relu, clip) and 0 otherwise; for relu this is 12, Theorem 1.
 *      rank        the same with the last n_l replaced by rank W^l, as in 12.
 *                  Where c_l units of a layer carry their input on, n_l + c_l stands for n_l in the
 *                  dimensions, all but the last n_l of serra.
 *
 * Proofs for 18.  (a) n classes of k_i - 1 parallel hyperplanes divide R^d into at most sum_{j <=
 * d} e_j(k_1 - 1, .., k_n - 1) parts, e_j the elementary symmetric polynomials; for equal k that is
 * sum_{j <= d} C(n, j) (k - 1)^j.  Induction on n: a new class leaves r parts and each of its
 * hyperplanes H adds as many as the other n - 1 classes make in H, of dimension d - 1; members of
 * the class do not meet.  So r(n, d) <= r(n-1, d) + (k_n - 1) r(n-1, d-1), the recursion of the
 * sum; it is an equality if the normals are in general position, and so are the offsets.  (A unit
 * that is constant on the space has fewer parts still.)  This is Zaslavsky's count of 2 for such
 * arrangements.  For maxout units the same number is 16's, [N].  (b) On a region of the first l - 1
 * layers the input of layer l is an affine image of dimension d <= min(n0, ..., n_(l-1)), and units
 * cut that image as in (a): upper.  (c) A part in which i units of the layer are in constant states
 * has an image of dimension at most n_l + c_l - i.  At most C(n_l, i) (k_l - 1)^i parts have i such
 * units, and there are at most sum_{j <= d} in all; the regions above a part do not grow as its
 * dimension falls, so the sum is largest if all parts with i <= d exist: serra.  (d) Units of a
 * layer have pre-activations of rank at most rank W^l on any region, so min(d, rank W^l) stands for
 * d in (a): rank.  W^l of a maxout layer has the rows of all pieces: none of them changes along its
 * kernel.
 *
 * 19 one-input     [P] n0 = 1: R_L, where R_0 = V_0 = 1, R_l = R_(l-1) + (k - 1) n_l V_(l-1), and
 *                      V_l is R_l or, if that is less, for relu V_(l-1) if n_l = 1 and 2 S_(l-1) if
 *                      n_l = 2, for maxout 2 S_(l-1) if n_l = 1.  S_l is V_l if n_l = 1 or l = 0,
 *                      otherwise R_l.  So four relu layers of two units have at most 47 regions, L
 *                      maxout units one after the other 1 + (k - 1) (2^L - 1).
 *
 * Proof of 19.  All regions are intervals; R_l bounds those of l layers.  V_l bounds the boundary
 * points of a set {g = 0}, g affine in the outputs of layer l: V_l <= R_l, since in a region g has
 * one zero at most, or vanishes and then a neighbour has no zero but the common end.  Inside a
 * region, a relu unit of layer l + 1 changes its state at such a point; so does a maxout unit if
 * layer l has one unit u, as it is a convex function of u with at most k - 1 kinks; otherwise V_l =
 * R_l, and it has at most k - 1 kinks in each region.  Hence R_(l+1).  For V_l there are three
 * cases.  (a) One relu unit: g = a p+ + c, p+ = max(0, p), and every boundary point is one of {p =
 * 0} or of {p = -c/a}, not of both: V_(l-1).  (b) Two: g = a p+ + b q+ + c on an interval where p
 * and q are affine.  The boundary of {g = 0} has at most two points.  First let g vanish on one of
 * its at most three linear parts: the parts next to it have no zero except the common kink, and
 * only a part beyond one of these may have another.  Otherwise three points would be inside of
 * three parts, so that g has different signs at the two kinks and is nowhere constant; then both
 * units are active in the middle and one on each side.  On the side of p = 0 g = b q+ + c goes from
 * its value at the kink through 0 as q grows, so c has the sign of that value; on the other side
 * likewise.  But these signs differ.  (c) One maxout unit on such an interval: a convex function
 * takes a value at up to two points or on an interval.  The intervals of (b) and (c) are the
 * regions of layer l - 1 or, if its outputs are functions of one unit u, the line of u, whose
 * boundary points are the value of u at V_(l-1) boundary points at most.
 *
 * Why 12 arora ends at w = 2.  By 19 a network of one input and i layers of two units has at most
 * F_i = 1, 3, 7, 19, 47, 123, ... regions, F_(i+1) <= F_i + 4 F_(i-1), of the order of ((1 + sqrt
 * 17) / 2)^i, 2.57^i.  For n0 inputs let S be the regions of layer 1.  Two units cut a region into
 * at most four parts: in one of them both units are active, in two of them one, and in one none.
 * Above a part with one active unit all later ones are functions of one number: F_i regions in i
 * layers. So i layers of two units have at most T_i = 1 + i + 2 (F_0 + ... + F_(i-1)) regions in
 * one of the first layer, again of the order of 2.57^i, and S T_(L-1) is less than 2 Z(m-1, n0-1)
 * 3^(L-1) for large L.  For n0 = n_1 = 2 it is in five layers: at most T_5 = 160, not 162.  For L =
 * 2 any two thresholds cut each of the cones of arora (make.h) into three.
 *
 * 20 convolution  H. Xiong, L. Huang, M. Yu, L. Liu, F. Zhu, L. Shao, ICML 2020, arXiv 2006.00978.
 *                 Layer l has p_l positions of a filter without padding and d_l channels; the d_l
 *                 units of position p read the inputs S_p.
 *      layer      [P] Theorem 2: sum of prod_p C(d_1, t_p) over all t with sum_{p in J} t_p <= the
 *                 size of the union of the S_p, p in J, for every set J of positions.  Stated as
 *                 the maximum.  It is not always reached: input 3x3x1 and 2x2 filters, d_1 = 2, 3,
 *                 4, give 256, 4013, 48957, where generic filters have 255, 3998, 48903 regions.
 *      upper      [P] Theorem 5: layer, times prod_{l >= 2} Z(n_l, n0).
 *      lower      [N] Theorem 5: prod_{l<L} floor(d_l / d_0)^(p_l d_0), times Theorem 2 for layer L
 *                 with d_0 channels below it.  Here only if that is reached: for p_L = 1, where it
 *                 is Z(d_L, .), and for d_L = 1, see below.
 *
 * Proofs for 20.  layer: an arrangement has at most as many regions as it has sets of linearly
 * independent normals (Whitney's theorem counts some of these sets).  In such a set the units of
 * the positions of J have normals in the span of the inputs they read, so their number t_p fulfils
 * the condition, and position p has at most C(d_1, t_p) sets of t_p units.  upper: as for 18.  Why
 * layer is not always reached: a 3x3 input and two 2x2 filters F, G have sum_p G_p (F at p) = sum_p
 * F_p (G at p), since both are the full convolution of F and G; so the eight normals have rank 7.
 * lower, d_L = 1: filters at all positions are independent, as c * F = 0 only for c = 0 (products
 * of polynomials); so there are 2^p_L regions, and any t <= 1 fulfils the condition.
 *
 * All functions are pure; any thread may call them. */
#ifndef CREASE_BOUND_BOUND_H
#define CREASE_BOUND_BOUND_H

#include <crease_bounds.h>

#include "domain/domain.h"
#include "net/network.h"

#include <gmp.h>

enum { CREASE_BOUND_NOTE = 256 };

/* The kind of units of a layer. */
typedef struct {
    crease_activation activation;
    size_t states;
    bool flat;    /* all states but one are constant */
    size_t carry; /* c_l, further units, whose output is their pre-activation */
} crease_bound_unit;

/* The input, or a layer of filters without padding; units and inputs are numbered by row, column
 * and channel. */
typedef struct {
    size_t rows, columns, channels;             /* of the output */
    size_t filter_rows, filter_columns, stride; /* 0 for the input */
} crease_bound_shape;

/* The network, or the architecture, that bounds are computed for. */
typedef struct {
    size_t inputs;
    size_t layers;                   /* hidden layers that switch */
    const size_t *width;             /* n_l, units that switch */
    const crease_bound_unit *unit;   /* of each layer */
    size_t states;                   /* of every unit, 0 if they differ */
    const crease_layer *map;         /* the folded affine map before each layer; NULL: unknown */
    const crease_domain *domain;     /* NULL: all of R^n0 */
    const crease_bound_shape *shape; /* of the input and each layer; NULL: fully connected */
} crease_bound_case;

/* One row of the table. */
typedef struct {
    const char *id, *name;
    int year;
    const char *theorem;
    crease_bound_kind kind;
    bool network; /* holds for this network, not for the architecture */
    crease_bound_source source;
    const char *formula, *condition, *reference;
    /* True: value is the bound, and note may comment on it.  False: the bound does not apply, and
     * note says why.  note has room for CREASE_BOUND_NOTE bytes, and is empty before the call. */
    bool (*compute)(const crease_bound_case *given, mpq_t value, char *note);
} crease_bound_row;

/* For layers that are all relu, for layers that are all maxout of one rank, for any layers, for
 * layers of filters. */
extern const crease_bound_row crease_bound_relu_rows[], crease_bound_maxout_rows[],
    crease_bound_pieces_rows[], crease_bound_convolution_rows[];
extern const size_t crease_bound_relu_count, crease_bound_maxout_count, crease_bound_pieces_count,
    crease_bound_convolution_count;

/* The most regions of one layer of all the units: sum_{j <= n0} e_j over k - 1 of all units. */
extern const crease_bound_row crease_bound_shallow_row;

#define CREASE_BOUND_MONTUFAR_2014                                                                 \
    "G. Montufar, R. Pascanu, K. Cho, Y. Bengio, On the number of linear regions of deep neural "  \
    "networks, NeurIPS 2014, arXiv 1402.1869"
#define CREASE_BOUND_SERRA_2018                                                                    \
    "T. Serra, C. Tjandraatmadja, S. Ramalingam, Bounding and counting linear regions of deep "    \
    "neural networks, ICML 2018, arXiv 1711.02114"

/* ---- Conditions and rows of several tables (common.c) ---- */

/* Conditions: there is a hidden layer; there is exactly one; there is one and the weights are
 * known; n_l >= factor n0 for all l.  If the result is false, note says why. */
bool crease_bound_some_layer(const crease_bound_case *given, char *note);
bool crease_bound_one_layer(const crease_bound_case *given, char *note);
bool crease_bound_weights(const crease_bound_case *given, char *note);
bool crease_bound_wide(const crease_bound_case *given, size_t factor, char *note);

/* The integer from 1 to the limit in this text of this length, or 0 if it is none. */
size_t crease_bound_read_width(const char *text, size_t length, size_t limit);

/* N */
size_t crease_bound_units(const crease_bound_case *given);

/* Writes "what a, b, c" to note, cut if it is too long. */
void crease_bound_list(char *note, const char *what, const size_t *number, size_t count);

/* As compute.  trivial, product, layer, by_dimension and by_rank are bound 18: trivial, upper,
 * layer, serra and rank.  one_input is 19, for layers that are all relu or all maxout.
 * random_regions is (factor N)^n0 / n0! if N >= n0. */
bool crease_bound_trivial(const crease_bound_case *given, mpq_t value, char *note);
bool crease_bound_product(const crease_bound_case *given, mpq_t value, char *note);
bool crease_bound_layer(const crease_bound_case *given, mpq_t value, char *note);
bool crease_bound_by_dimension(const crease_bound_case *given, mpq_t value, char *note);
bool crease_bound_by_rank(const crease_bound_case *given, mpq_t value, char *note);
bool crease_bound_one_input(const crease_bound_case *given, mpq_t value, char *note);
bool crease_bound_random_regions(const crease_bound_case *given, size_t factor, mpq_t value,
                                 char *note);

/* ---- Sums (sums.c) ---- */

/* sum_{j <= d} C(n, j) base^j; base 1 gives Z(n, d). */
void crease_bound_sum(mpz_t sum, unsigned long n, unsigned long d, unsigned long base);

/* Multiplies by such a sum. */
void crease_bound_multiply_sum(mpz_t product, unsigned long n, unsigned long d, unsigned long base);

/* Multiplies by factor^exponent. */
void crease_bound_multiply_power(mpz_t product, unsigned long factor, unsigned long exponent);

/* min(n0, n_1 + c_1, ..., n_count + c_count). */
size_t crease_bound_narrowest(const crease_bound_case *given, size_t count);

/* Bound 18 serra, for relu Theorem 1 of Serra et al. 2018, with j_l <= rank[l] instead of n_l
 * unless rank is NULL.
 *
 * The sum is taken over the remaining dimension: R_0 = [d = n0], and a cell of dimension d gives,
 * for each j <= min(d, rank_l), C(n_l, j) (k_l - 1)^j cells of dimension min(d, n_l + c_l - f_l j).
 * If f_l = 1, those that end at e < d all have j = n_l + c_l - e, so with suffix sums a layer takes
 * O(min(n0..n_l)) operations. */
void crease_bound_serra(mpz_t sum, const crease_bound_case *given, const size_t *rank);

/* ---- Layers of filters (convolution.c) ---- */

/* Reads "3x3x1,2x2x2,2x2x3/1": rows, columns and channels of the input, then of each layer rows and
 * columns of the filter, channels and, behind a stroke, the stride.  shape has room for
 * CREASE_BOUNDS_MOST + 1. */
crease_status crease_bound_read_shapes(const char *text, crease_bound_shape *shape, size_t *count,
                                       crease_error *error);

/* The sum of 20, layer.  False: it has too many terms. */
bool crease_bound_windows(mpz_t sum, const crease_bound_shape *from, const crease_bound_shape *to);

/* ---- From the weights (weights.c) ---- */

/* The affine maps before the layers that switch, with linear layers multiplied in; returns their
 * number.  owned[l]: does map l own its numbers?  Freed by crease_bound_unfold. */
size_t crease_bound_fold(const crease_network *network, crease_layer **map, bool **owned);
void crease_bound_unfold(crease_layer *map, bool *owned, size_t layers);

/* The rank of the weights of the units that switch.  If the rank is not full and the matrix has
 * more than 300 rows and columns, an upper bound of it. */
size_t crease_bound_rank(const crease_layer *map);

/* The bound of Serra and Ramalingam 2020 on the regions in a box, with intervals.
 *
 * Exact interval arithmetic encloses the pre-activation of every unit of layer l over the box,
 * if at most k units of layer l-1 are active (the k largest contributions are added).
 * Let A_l(k) be the number of units that
 * can be positive, and I_l(k) the number of those that can be negative as well.  Then
 *     R(l, k, d) = sum_{j <= min(I_l(k), d)} C(I_l(k), j) R(l+1, A_l(k)-j, min(d, A_l(k)-j)),
 * R(L+1, ., .) = 1, bounds the regions inside a cell of layer l-1 of dimension d with at most k
 * active units, and R(1, n0, n0) those of the network.
 *
 * Proof: R is non-decreasing in k and d, since A and I are non-decreasing in k.  In a cell only
 * the at most I_l(k) units of both signs divide it (a unit that is >= 0 on a cell is positive
 * inside it or vanishes on it).  A part in which i of them are inactive has at most A_l(k) - i
 * active units, thus dimension at most min(d, A_l(k) - i).  There are at most C(I, i) parts for
 * each i and Z(I, d) in all, so the sum is largest if all parts with i <= d exist.
 *
 * Where the table over (k, d) would take more than some 10^7 steps, k is taken as the full
 * width.  stable[l], if not NULL, receives the units of layer l that do not switch in the box. */
void crease_bound_stable(mpz_t sum, const crease_bound_case *given, size_t *stable);

#endif
