/* The largest ball in a polyhedron. */
#ifndef CREASE_REGIONS_BALL_H
#define CREASE_REGIONS_BALL_H

#include <gmp.h>
#include <stddef.h>

/* P = { x in R^n : a_i.x + b_i >= 0 } is given by m rows (a_i, b_i) of n + 1 integers; its interior
 * is not empty, and no a_i is 0.  Sets centre, n fractions, and returns a radius r such that
 *
 *   the ball around centre with radius r lies in P,
 *   no ball in P has a radius of more than (1 + 1e-9) r.
 *
 * Infinite, and centre is not set, if there are balls of every size.
 *
 * Proof.  Let N_i be integers with N_i <= 2^k |a_i| < N_i + 1 and N_i >= 2^64; they come from
 * integer square roots.  A ball with centre x and radius r lies in P iff a_i.x + b_i >= r |a_i| for
 * all i (Boyd, Vandenberghe, Convex Optimization, 2004, section 4.3.1).
 * - No larger ball: if 2^k (a_i.x + b_i) >= r N_i for all i implies r <= s, then no ball has a
 *   radius of more than s, since N_i <= 2^k |a_i|.  In the variables (t x, t r, t) this says that
 *   the row s t - r is a combination, with coefficients >= 0, of the rows
 *   2^k (a_i.x + b_i t) - N_i r and t; it is decided in integers (exact/simplex.h).  If it is not
 *   one, there is a point with r > s t: with t > 0 a larger radius, and with t = 0 an x with
 *   a_i.x > 0 for all i, so that there are balls of every size.
 * - The ball: r = min_i 2^k (a_i.x + b_i) / (N_i + 1), in fractions, rounded down.
 * From s = 0 on, each point found gives the next s, (1 + 2^-31) times its radius.  The radius grows
 * with every point, and the points are among finitely many, so this ends.  At the end no ball has a
 * radius of more than s, and r >= s / (1 + 2^-31) / (1 + 2^-64) at the last point x.  centre is x
 * rounded to doubles if that costs at most the factor 1 - 2^-32, otherwise x.
 *
 * Leaves early when the thread is interrupted (base/interrupt.h). */
double crease_largest_ball(size_t n, size_t m, const mpz_t *row, mpq_t *centre);

#endif
