/* A proposer that is wrong on purpose, linked in place of GLPK.  It takes the answer of the dense
 * kernel and changes it in some way that the contract of buffers allows (lp/lp.h).  Counts must not
 * change. */
#include "base/memory.h"
#include "lp/lp.h"
#include "spoil.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    void *dense;
    size_t d, m;
    uint64_t state;
} hostile;

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
    spoil_seed(&h->state, a, d * m);
    crease_lp_dense.load(h->dense, d, m, a);
}

static void hostile_enable(void *self, size_t i, bool enabled)
{
    crease_lp_dense.enable(((hostile *)self)->dense, i, enabled);
}

/* Rows that are there twice, in another order, too few, too many, or others, enabled or not. */
static void spoil_support(hostile *h, size_t *support, size_t *count)
{
    uint64_t way = spoil_draw(&h->state, 6);
    if (way == 0 && *count)
        (*count)--;
    if (way == 1 && *count < h->d)
        support[(*count)++] = spoil_draw(&h->state, h->m);
    if (way == 2)
        for (*count = 0; *count < h->d;)
            support[(*count)++] = spoil_draw(&h->state, h->m);
    if (way == 3)
        *count = 0;
    for (size_t k = 0; k < *count; k++) {
        size_t other = spoil_draw(&h->state, *count), kept = support[k];
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
    switch (spoil_draw(&h->state, 6)) {
    case 0: return answer;
    case 1:
        spoil_numbers(&h->state, y, *supports);
        spoil_numbers(&h->state, v, h->d);
        return answer;
    case 2: spoil_support(h, support, supports); return answer;
    case 3:
        spoil_support(h, support, supports);
        spoil_numbers(&h->state, y, h->d);
        spoil_numbers(&h->state, v, h->d);
        return CREASE_PROPOSE_INSIDE;
    case 4: spoil_numbers(&h->state, v, h->d); return CREASE_PROPOSE_OUTSIDE;
    default: return kinds[spoil_draw(&h->state, 4)];
    }
}

static crease_proposal hostile_interior(void *self, double *v)
{
    hostile *h = self;
    memset(v, 0, h->d * sizeof *v);
    crease_proposal answer = crease_lp_dense.interior(h->dense, v);
    uint64_t way = spoil_draw(&h->state, 4);
    if (way == 0)
        return answer;
    if (way > 1)
        spoil_numbers(&h->state, v, h->d);
    return way == 3 ? answer : CREASE_PROPOSE_POINT;
}

const crease_proposer crease_lp_glpk = {"hostile",       hostile_open,   hostile_close,
                                        hostile_load,    hostile_enable, hostile_separate,
                                        hostile_interior};
