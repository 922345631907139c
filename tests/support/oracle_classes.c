/* Regions taken together by their affine map: the second half of oracle.h. */
#include "oracle.h"

#include <stdlib.h>

typedef struct {
    oracle_region *region;
    int count, room;
} list;

static void keep(void *context, const oracle_region *region)
{
    list *all = context;
    int c = region->inputs + 1;
    if (all->count == all->room) {
        all->room = 2 * all->room + 64;
        all->region = oracle_need(realloc(all->region, (size_t)all->room * sizeof *all->region));
    }
    oracle_region *copy = &all->region[all->count++];
    *copy = *region;
    copy->row = oracle_whole_zeros(region->rows * c);
    for (int i = 0; i < region->rows * c; i++)
        mpz_set(copy->row[i], region->row[i]);
    copy->map = oracle_zeros((size_t)(region->outputs * c));
    for (int i = 0; i < region->outputs * c; i++)
        mpq_set(copy->map[i], region->map[i]);
}

static bool same_map(const oracle_region *a, const oracle_region *b)
{
    for (int i = 0; i < a->outputs * (a->inputs + 1); i++)
        if (!mpq_equal(a->map[i], b->map[i]))
            return false;
    return true;
}

/* out = the row on the hyperplane of h, without coordinate j, which h does not leave out; false if
 * it vanishes there. */
static bool restrict_row(mpz_t *out, const mpz_t *row, const mpz_t *h, int j, int n)
{
    bool any = false;
    for (int k = 0, i = 0; k <= n; k++) {
        if (k == j)
            continue;
        mpz_mul(out[i], row[k], h[j]);
        mpz_submul(out[i], row[j], h[k]);
        if (mpz_sgn(h[j]) < 0)
            mpz_neg(out[i], out[i]);
        any = any || mpz_sgn(out[i]);
        i++;
    }
    return any;
}

/* Is there a point on the hyperplane of h where all rows of both that do not vanish on it are
 * positive?  Then the closures share a neighbourhood of it in the hyperplane. */
static bool meet_on(const oracle_region *a, const oracle_region *b, const mpz_t *h)
{
    int n = a->inputs, rows = 0, most = a->rows + b->rows, j = 0;
    while (j < n && !mpz_sgn(h[j]))
        j++;
    if (j == n)
        return false;
    mpz_t *row = oracle_whole_zeros(most * n);
    for (int i = 0; i < most; i++) {
        const mpz_t *from = i < a->rows ? (const mpz_t *)a->row + i * (n + 1)
                                        : (const mpz_t *)b->row + (i - a->rows) * (n + 1);
        rows += restrict_row(row + rows * n, from, h, j, n);
    }
    bool meet = oracle_feasible(row, rows, n - 1);
    oracle_drop_whole(row, most * n);
    return meet;
}

/* The closures of two different regions meet in dimension n - 1 iff they do so in a hyperplane that
 * bounds a: the relative interior of what they share lies where no row of either vanishes
 * but those that vanish on all of it. */
static bool share_facet(const oracle_region *a, const oracle_region *b)
{
    for (int i = 0; i < a->rows; i++)
        if (meet_on(a, b, (const mpz_t *)a->row + i * (a->inputs + 1)))
            return true;
    return false;
}

static int find(const int *parent, int i)
{
    while (parent[i] != i)
        i = parent[i];
    return i;
}

oracle_classes oracle_classify(const char *json, const char *box)
{
    list all = {0};
    oracle_classes found = {.activation = oracle_regions(json, box, keep, &all)};
    int *parent = oracle_need(calloc((size_t)all.count + 1, sizeof *parent));
    for (int i = 0; i < all.count; i++) {
        bool fresh = true;
        parent[i] = i;
        for (int k = 0; k < i; k++) {
            if (!same_map(&all.region[i], &all.region[k]))
                continue;
            fresh = false;
            int first = find(parent, i), second = find(parent, k);
            if (first != second && share_facet(&all.region[i], &all.region[k]))
                parent[first > second ? first : second] = first < second ? first : second;
        }
        found.affine += fresh;
    }
    for (int i = 0; i < all.count; i++) {
        found.open_connected += parent[i] == i;
        oracle_drop_whole(all.region[i].row, all.region[i].rows * (all.region[i].inputs + 1));
        oracle_drop(all.region[i].map,
                    (size_t)(all.region[i].outputs * (all.region[i].inputs + 1)));
    }
    free(all.region);
    free(parent);
    return found;
}
