#include "lp/lp.h"

#include "base/interrupt.h"
#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Non-negative least squares by active sets (Lawson, Hanson, Solving Least Squares
 * Problems, chapter 23): minimise |g - sum y_i a_i| over y >= 0.  The residual r is 0
 * iff g is in the cone; otherwise v = -r has a_i.v >= 0 for all i and g.v = -|r|^2.  The
 * passive rows are kept as an orthonormal basis q and a triangular factor. */
typedef struct {
    size_t d, m;
    const double *a;
    double *norm;   /* of every row */
    double *scaled; /* m x width: rows of norm 1; width = d, or d + 1 for interior points */
    unsigned char *usable;
    size_t room, width_room;
    /* passive set */
    size_t count;
    size_t *passive;
    double *q;      /* width x width, vector k at q + k * width */
    double *factor; /* factor[k * width + i] = q_i . row(passive k), i <= k */
    double *y, *trial, *projection, *residual, *extended;
} solver;

static void *dense_open(void)
{
    return crease_alloc(1, sizeof(solver));
}

static void dense_close(void *self)
{
    solver *s = self;
    free(s->norm);
    free(s->scaled);
    free(s->usable);
    free(s->passive);
    free(s->q);
    free(s->factor);
    free(s->y);
    free(s->trial);
    free(s->projection);
    free(s->residual);
    free(s->extended);
    free(s);
}

static void reserve(solver *s, size_t m, size_t width)
{
    if (m * width > s->room) {
        s->room = 2 * m * width;
        s->scaled = crease_realloc(s->scaled, s->room, sizeof(double));
        s->usable = crease_realloc(s->usable, s->room, 1);
        s->norm = crease_realloc(s->norm, s->room, sizeof(double));
    }
    if (width > s->width_room) {
        s->width_room = width;
        s->passive = crease_realloc(s->passive, width, sizeof(size_t));
        s->q = crease_realloc(s->q, width * width, sizeof(double));
        s->factor = crease_realloc(s->factor, width * width, sizeof(double));
        double **vectors[] = {&s->y, &s->trial, &s->projection, &s->residual, &s->extended};
        for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
            *vectors[i] = crease_realloc(*vectors[i], width, sizeof(double));
    }
}

static double dot(const double *x, const double *y, size_t n)
{
    double sum = 0;
    for (size_t j = 0; j < n; j++)
        sum += x[j] * y[j];
    return sum;
}

static void dense_load(void *self, size_t d, size_t m, const double *a)
{
    solver *s = self;
    reserve(s, m, d + 1);
    s->d = d;
    s->m = m;
    s->a = a;
    for (size_t i = 0; i < m; i++) {
        double norm = sqrt(dot(a + i * d, a + i * d, d));
        s->norm[i] = norm;
        s->usable[i] = norm > 0 && isfinite(norm);
        for (size_t j = 0; j < d; j++)
            s->scaled[i * d + j] = s->usable[i] ? a[i * d + j] / norm : 0;
    }
}

static void dense_enable(void *self, size_t i, bool enabled)
{
    solver *s = self;
    s->usable[i] = enabled;
}

/* Makes row i of a the k-th passive row; false if it depends on those before it. */
static bool orthogonalise(solver *s, const double *a, size_t width, size_t k, size_t i)
{
    const double *row = a + i * width;
    double *q = s->q + k * width, *factor = s->factor + k * width;
    memcpy(q, row, width * sizeof *q);
    memset(factor, 0, (k + 1) * sizeof *factor);
    for (int pass = 0; pass < 2; pass++)
        for (size_t p = 0; p < k; p++) {
            double c = dot(s->q + p * width, q, width);
            factor[p] += c;
            for (size_t j = 0; j < width; j++)
                q[j] -= c * s->q[p * width + j];
        }
    double norm = sqrt(dot(q, q, width));
    if (!(norm > 1e-13))
        return false;
    factor[k] = norm;
    for (size_t j = 0; j < width; j++)
        q[j] /= norm;
    s->passive[k] = i;
    return true;
}

/* Least squares on the passive rows: triangular solve into trial. */
static void solve_passive(solver *s, const double *g, size_t width)
{
    for (size_t k = 0; k < s->count; k++)
        s->projection[k] = dot(s->q + k * width, g, width);
    for (size_t k = s->count; k-- > 0;) {
        double sum = s->projection[k];
        for (size_t p = k + 1; p < s->count; p++)
            sum -= s->factor[p * width + k] * s->trial[p];
        s->trial[k] = sum / s->factor[k * width + k];
    }
}

/* Moves y towards trial as far as y >= 0 allows and drops the rows that reach 0. */
static void step_back(solver *s, const double *a, size_t width)
{
    double alpha = 1;
    for (size_t k = 0; k < s->count; k++)
        if (s->trial[k] <= 0) {
            double step = s->y[k] / (s->y[k] - s->trial[k]);
            alpha = step < alpha ? step : alpha;
        }
    size_t kept = 0, old = s->count;
    bool moved = false;
    for (size_t k = 0; k < old; k++) {
        double y = s->y[k] + alpha * (s->trial[k] - s->y[k]);
        size_t row = s->passive[k];
        if (s->trial[k] <= 0 && y <= 1e-15) {
            moved = true;
            continue;
        }
        if (moved &&
            (crease_interrupted_after(kept * width) || !orthogonalise(s, a, width, kept, row)))
            continue;
        s->y[kept++] = y;
    }
    s->count = kept;
}

static void set_residual(solver *s, const double *g, size_t width)
{
    memcpy(s->residual, g, width * sizeof(double));
    for (size_t k = 0; k < s->count; k++)
        for (size_t j = 0; j < width; j++)
            s->residual[j] -= s->projection[k] * s->q[k * width + j];
}

/* Solves for target g (norm near 1); false if it does not settle. */
static bool least_squares(solver *s, const double *a, size_t width, const double *g)
{
    const double tolerance = 1e-13;
    s->count = 0;
    memcpy(s->residual, g, width * sizeof(double));
    for (size_t round = 0; round < 20 * (s->m + width); round++) {
        double best = tolerance;
        size_t entering = s->m;
        if (s->count == width)
            return true;
        if (crease_interrupted_after(s->m * width))
            return false;
        for (size_t i = 0; i < s->m; i++) {
            double value = dot(a + i * width, s->residual, width);
            if (s->usable[i] && value > best) {
                best = value;
                entering = i;
            }
        }
        if (entering == s->m)
            return true;
        for (size_t k = 0; k < s->count; k++)
            if (s->passive[k] == entering)
                return true; /* rounding only: the optimum is reached */
        if (!orthogonalise(s, a, width, s->count, entering))
            return false;
        s->y[s->count++] = 0;
        for (;;) {
            solve_passive(s, g, width);
            size_t k = 0, before = s->count;
            while (k < s->count && s->trial[k] > 0)
                k++;
            if (k == s->count)
                break;
            step_back(s, a, width);
            if (s->count == before || crease_interrupted_after(s->count * width))
                return false; /* not a number, or no progress */
        }
        memcpy(s->y, s->trial, s->count * sizeof(double));
        set_residual(s, g, width);
    }
    return false;
}

static crease_proposal dense_separate(void *self, const double *g, size_t *support,
                                      size_t *supports, double *y, double *v)
{
    solver *s = self;
    double norm = sqrt(dot(g, g, s->d));
    if (!(norm > 0 && isfinite(norm)))
        return CREASE_PROPOSE_FAILED;
    for (size_t j = 0; j < s->d; j++)
        s->extended[j] = g[j] / norm;
    if (!least_squares(s, s->scaled, s->d, s->extended))
        return CREASE_PROPOSE_FAILED;
    if (s->count < s->d && dot(s->residual, s->residual, s->d) > 1e-22) {
        for (size_t j = 0; j < s->d; j++)
            v[j] = -s->residual[j];
        return CREASE_PROPOSE_OUTSIDE;
    }
    assert(s->count <= s->d);
    *supports = s->count;
    memcpy(support, s->passive, s->count * sizeof *support);
    for (size_t k = 0; k < s->count; k++)
        y[k] = s->y[k] * norm / s->norm[support[k]];
    return CREASE_PROPOSE_INSIDE;
}

/* Least distance programming (Lawson, Hanson, chapter 23, section 4): the shortest v
 * with a_i.v >= 1 comes from non-negative least squares on the rows (a_i, 1) with target
 * (0, ..., 0, 1): v = -r_1..d / r_(d+1). */
static crease_proposal dense_interior(void *self, double *v)
{
    solver *s = self;
    size_t width = s->d + 1;
    double *rows = crease_alloc(s->m * width, sizeof *rows);
    for (size_t i = 0; i < s->m; i++) {
        memcpy(rows + i * width, s->scaled + i * s->d, s->d * sizeof *rows);
        rows[i * width + s->d] = 1;
    }
    memset(s->extended, 0, width * sizeof(double));
    s->extended[s->d] = 1;
    bool settled = least_squares(s, rows, width, s->extended);
    free(rows);
    if (!settled || !(fabs(s->residual[s->d]) > 1e-300))
        return CREASE_PROPOSE_FAILED;
    for (size_t j = 0; j < s->d; j++)
        v[j] = -s->residual[j] / s->residual[s->d];
    return CREASE_PROPOSE_POINT;
}

const crease_proposer crease_lp_dense = {"dense",      dense_open,     dense_close,   dense_load,
                                         dense_enable, dense_separate, dense_interior};
