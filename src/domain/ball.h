/* Balls in a domain. */
#ifndef CREASE_DOMAIN_BALL_H
#define CREASE_DOMAIN_BALL_H

#include "domain/domain.h"

#include <crease_points.h>

/* CREASE_INPUT if a ball of the norm cannot be made in the domain, which may be NULL. */
crease_status crease_ball_check(const crease_domain *domain, size_t inputs, crease_norm norm,
                                crease_error *error);

/* Has the ball too many facets for a domain of its own? */
bool crease_ball_is_too_sharp(size_t inputs, crease_norm norm);

/* The part of the domain (NULL: R^n) within the open ball of radius r around x, or if that is too
 * sharp, in the box around the ball; NULL if it is empty.  The caller frees it.
 *
 * The half-spaces of the domain come first.  Then, for l1, those of the 2^n facets of the ball,
 * sum_j s_j x_j <= r + sum_j s_j centre_j with s_j = +-1; the box around the ball is part of it as
 * well. */
crease_domain *crease_ball_in_domain(const crease_domain *domain, size_t inputs, mpq_t *x,
                                     const mpq_t r, crease_norm norm);

#endif
