/* Affine maps between ray cells with one image, for crease_alike_write.  All numbers are exact. */
#ifndef CREASE_PROOF_ALIKE_MAP_H
#define CREASE_PROOF_ALIKE_MAP_H

#include "proof/alike.h"

/* Sets the images of a cell whose rays and functions are set. */
void crease_alike_find_images(crease_alike_cell *cell);

/* A linear map of R^d, d x d fractions, that keeps v_d and takes the cell into the closure of the
 * other and the functions of its live rows to those of the other.  NULL if none was found.  Let
 * r_1, r_2, ... be the first rays of the cell, in their order, whose images are images of rays of
 * the other, too, and linearly independent.  v goes to the sum of a_i s_i, where the image of v is
 * the sum of a_i times that of r_i, and s_i is the mean of the other's rays that have the image of
 * r_i, all of them scaled to have it.  The caller frees it with crease_alike_drop. */
mpq_t *crease_alike_map(const crease_alike_cell *from, const crease_alike_cell *to);
void crease_alike_drop(mpq_t *map, size_t d);

/* to = a positive multiple of a row of d integers after the map, in integers. */
void crease_alike_pull_back(const mpz_t *row, mpq_t *map, size_t d, mpz_t *to);

#endif
