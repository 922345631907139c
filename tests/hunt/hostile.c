/* A proposer that is wrong on purpose, linked in the place of GLPK: what it says is the dense
 * kernel's answer, spoilt in some way that the contract of buffers allows (lp/lp.h).  Counts must
 * not change. */
#include "base/memory.h"
#include "lp/lp.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    void *dense;
    size_t d, m;
    uint64_t state;
} hostile;

static uint64_t draw(hostile *h, uint64_t below)
{
    h->state = h->state * 6364136223846793005u + 1442695040888963407u;
    return (h->state >> 33) % below;
}

static void *hostile_open(void)
{
    hostile *h = crease_alloc(1, sizeof *h);
    *h = (hostile){.dense = crease_lp_dense.open()};
    return h;
}

static void hostile_close(void *self)
{
    hostile *h = self;
    crease_lp_dense.close(h->dense);
    free(h);
}

static void hostile_load(void *self, size_t d, size_t m, const double *a)
{
    hostile *h = self;
    h->d = d;
    h->m = m;
    for (size_t i = 0; i < d * m; i++) {
        uint64_t bits;
        memcpy(&bits, &a[i], sizeof bits);
        h->state = (h->state ^ bits) * 0x100000001b3u;
    }
    crease_lp_dense.load(h->dense, d, m, a);
}

static void hostile_enable(void *self, size_t i, bool enabled)
{
    crease_lp_dense.enable(((hostile *)self)->dense, i, enabled);
}

static double some_number(hostile *h)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 0, -0.0, 5e-324, 1e300, -1e300, 1, -1};
    return draw(h, 2) ? odd[draw(h, 10)] : (double)draw(h, 2001) / 1000 - 1;
}

/* Some or all numbers become others, or move by little. */
static void spoil_numbers(hostile *h, double *x, size_t count)
{
    static const double little[] = {0x1p-52, 1e-12, 1e-6, 1e-2};
    uint64_t way = draw(h, 4);
    double size = little[draw(h, 4)];
    for (size_t k = 0; k < count; k++)
        if (way == 0)
            x[k] = some_number(h);
        else if (way == 1)
            x[k] *= 1 + size * ((double)draw(h, 2001) / 1000 - 1);
        else if (way == 2 && draw(h, 3) == 0)
            x[k] = some_number(h);
        else if (way == 3)
            x[k] = -x[k];
}

/* Rows that are there twice, in another order, too few, too many, or others, enabled or not. */
static void spoil_support(hostile *h, size_t *support, size_t *count)
{
    uint64_t way = draw(h, 6);
    if (way == 0 && *count)
        (*count)--;
    if (way == 1 && *count < h->d)
        support[(*count)++] = draw(h, h->m);
    if (way == 2)
        for (*count = 0; *count < h->d;)
            support[(*count)++] = draw(h, h->m);
    if (way == 3)
        *count = 0;
    for (size_t k = 0; k < *count; k++) {
        size_t other = draw(h, *count), kept = support[k];
        if (way == 4)
            support[k] = support[other];
        if (way == 5) {
            support[k] = support[other];
            support[other] = kept;
        }
    }
}

static crease_proposal hostile_separate(void *self, const double *g, size_t *support,
                                        size_t *supports, double *y, double *v)
{
    static const crease_proposal kinds[] = {CREASE_PROPOSE_FAILED, CREASE_PROPOSE_INSIDE,
                                            CREASE_PROPOSE_OUTSIDE, CREASE_PROPOSE_POINT};
    hostile *h = self;
    /* All buffers hold something, whatever the answer is said to be. */
    *supports = 0;
    memset(y, 0, h->d * sizeof *y);
    memset(v, 0, h->d * sizeof *v);
    crease_proposal answer = crease_lp_dense.separate(h->dense, g, support, supports, y, v);
    switch (draw(h, 6)) {
    case 0: return answer;
    case 1:
        spoil_numbers(h, y, *supports);
        spoil_numbers(h, v, h->d);
        return answer;
    case 2: spoil_support(h, support, supports); return answer;
    case 3:
        spoil_support(h, support, supports);
        spoil_numbers(h, y, h->d);
        spoil_numbers(h, v, h->d);
        return CREASE_PROPOSE_INSIDE;
    case 4: spoil_numbers(h, v, h->d); return CREASE_PROPOSE_OUTSIDE;
    default: return kinds[draw(h, 4)];
    }
}

static crease_proposal hostile_interior(void *self, double *v)
{
    hostile *h = self;
    memset(v, 0, h->d * sizeof *v);
    crease_proposal answer = crease_lp_dense.interior(h->dense, v);
    uint64_t way = draw(h, 4);
    if (way == 0)
        return answer;
    if (way > 1)
        spoil_numbers(h, v, h->d);
    return way == 3 ? answer : CREASE_PROPOSE_POINT;
}

const crease_proposer crease_lp_glpk = {"hostile",       hostile_open,   hostile_close,
                                        hostile_load,    hostile_enable, hostile_separate,
                                        hostile_interior};
