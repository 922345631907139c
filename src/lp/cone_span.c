/* Combinations of rows that lie in a subspace. */
#include "lp/cone_state.h"

#include "base/interrupt.h"
#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void crease_cone_add_subspace(crease_cone *cone, size_t dimensions)
{
    size_t k = cone->subspaces++;
    if (k == cone->subspace_room) {
        cone->subspace_room = 2 * k + 8;
        cone->dimensions =
            crease_realloc(cone->dimensions, cone->subspace_room, sizeof *cone->dimensions);
    }
    bool fewer = k > 0 && cone->dimensions[k - 1] < dimensions;
    cone->dimensions[k] = fewer ? cone->dimensions[k - 1] : dimensions;
}

void crease_cone_set_level(crease_cone *cone, size_t level)
{
    assert(cone->m > 0);
    cone->level[cone->m - 1] = level;
}

/* Chooses as many columns of the rows as there are rows, by elimination with complete pivoting:
 * those in which the rows are far from dependent.  False if they look dependent. */
static bool choose_columns(crease_cone *cone, const size_t *support, size_t count, size_t *column)
{
    size_t d = cone->d;
    double *entry = cone->span_entry;
    for (size_t k = 0; k < count; k++)
        memcpy(entry + k * d, cone->row + support[k] * d, d * sizeof *entry);
    for (size_t step = 0; step < count; step++) {
        size_t row = step, best = 0;
        double largest = 0;
        for (size_t k = step; k < count; k++)
            for (size_t j = 0; j < d; j++)
                if (fabs(entry[k * d + j]) > largest) {
                    largest = fabs(entry[k * d + j]);
                    row = k;
                    best = j;
                }
        if (!(largest > 1e-12) || crease_interrupted_after(2 * count * d))
            return false;
        column[step] = best;
        for (size_t j = 0; j < d; j++) {
            double x = entry[row * d + j];
            entry[row * d + j] = entry[step * d + j];
            entry[step * d + j] = x;
        }
        for (size_t k = step + 1; k < count; k++) {
            double factor = entry[k * d + best] / entry[step * d + best];
            for (size_t j = 0; j < d; j++)
                entry[k * d + j] -= factor * entry[step * d + j];
            entry[k * d + best] = 0;
        }
    }
    return true;
}

/* Is row own proved to be a positive combination of these rows?  They and it lie in a subspace of
 * count dimensions at most. */
static bool combines(crease_cone *cone, size_t own, const size_t *kept, size_t count)
{
    size_t d = cone->d, *column = cone->span_column, *place = column + d;
    if (!choose_columns(cone, kept, count, column))
        return false;
    double *entry = cone->span_entry, *err = entry + count * count, *part = err + count;
    for (size_t k = 0; k < count; k++) {
        const double *row = cone->row + kept[k] * d;
        for (size_t j = 0; j < count; j++)
            entry[k * count + j] = row[column[j]];
        err[k] = cone->err[kept[k]];
        part[k] = cone->row[own * d + column[k]];
        place[k] = k;
    }
    return crease_basis_make(&cone->span_basis, count, entry, err, place) &&
           crease_basis_implies(&cone->span_basis, count, part, cone->err[own]);
}

size_t crease_cone_span_implies(crease_cone *cone, size_t own, size_t *support, size_t all)
{
    assert(all <= cone->d);
    size_t *kept = cone->span_column + 2 * cone->d, level = cone->level[own];
    for (level = level < cone->subspaces ? level : cone->subspaces; level > 0; level--) {
        size_t count = 0;
        for (size_t k = 0; k < all; k++)
            if (cone->level[support[k]] >= level)
                kept[count++] = support[k];
        if (count == 0 || count != cone->dimensions[level - 1] || !combines(cone, own, kept, count))
            continue;
        memcpy(support, kept, count * sizeof *support);
        return count;
    }
    return 0;
}
