#include "sample/points.h"

#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"
#include "domain/points.h"
#include "exact/fractions.h"
#include "model/model.h"

#include <stdlib.h>
#include <string.h>

/* Points of the box that are tried for one in the half-spaces. */
enum { MOST_TRIES = 100000 };

typedef struct {
    const crease_task *task;
    const crease_domain *domain;
    const crease_sample_plan *plan;
    size_t inputs;
    uint64_t random;
    mpq_t *x, *low, *high; /* inputs */
    mpq_t radius, step;
} source;

/* Uniform among the middles of 2^53 equal parts between low and high. */
static void between(source *s, mpq_t x, const mpq_t low, const mpq_t high)
{
    mpq_sub(x, high, low);
    mpq_set_ui(s->step, 2 * (crease_random_next(&s->random) >> 11) + 1, 1);
    mpq_div_2exp(s->step, s->step, 54);
    mpq_mul(x, x, s->step);
    mpq_add(x, x, low);
}

/* The next point; the half-spaces may still exclude it. */
static void propose(source *s)
{
    const crease_sample_plan *plan = s->plan;
    if (plan->by == CREASE_SAMPLE_VOLUME) {
        for (size_t j = 0; j < s->inputs; j++)
            between(s, s->x[j], s->domain->lo[j], s->domain->hi[j]);
        return;
    }
    crease_points_get(plan->points, crease_random_next(&s->random) % plan->points->count, s->x);
    for (size_t j = 0; j < s->inputs; j++) {
        mpq_sub(s->low[j], s->x[j], s->radius);
        mpq_add(s->high[j], s->x[j], s->radius);
        between(s, s->x[j], s->low[j], s->high[j]);
    }
}

/* Sets x to point number i. */
static crease_status next_point(source *s, size_t i, crease_error *error)
{
    if (s->plan->by == CREASE_SAMPLE_DATA && !s->plan->radius) {
        crease_points_get(s->plan->points, i, s->x);
        return CREASE_OK;
    }
    for (int tries = 0; tries < MOST_TRIES && !crease_interrupt_due(); tries++) {
        propose(s);
        if (crease_domain_contains(s->domain, s->x, true))
            return CREASE_OK;
    }
    return crease_interrupt_raised()
               ? CREASE_OK
               : crease_fail(error, CREASE_INPUT,
                             "sample: of %d points in a row none lies in the domain", MOST_TRIES);
}

/* ---- Equal patterns ---- */

typedef struct {
    const uint8_t *pattern;
    size_t units, number;
} entry;

static int by_pattern(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    int order = memcmp(x->pattern, y->pattern, x->units);
    return order ? order : x->number < y->number ? -1 : x->number > y->number;
}

/* Each pattern once, where it comes first, with the sum of the weights. */
static void join_equal(crease_drawn *drawn)
{
    size_t units = drawn->units, kept = 0, first = 0;
    entry *order = crease_alloc(drawn->count, sizeof *order);
    for (size_t i = 0; i < drawn->count; i++)
        order[i] = (entry){drawn->pattern + i * units, units, i};
    if (drawn->count)
        qsort(order, drawn->count, sizeof *order, by_pattern);
    for (size_t i = 1; i < drawn->count; i++) {
        if (memcmp(order[i].pattern, order[first].pattern, units)) {
            first = i;
            continue;
        }
        drawn->weight[order[first].number] += drawn->weight[order[i].number];
        drawn->weight[order[i].number] = 0;
    }
    for (size_t i = 0; i < drawn->count; i++) {
        if (drawn->weight[i] == 0)
            continue;
        memmove(drawn->pattern + kept * units, drawn->pattern + i * units, units);
        drawn->weight[kept++] = drawn->weight[i];
    }
    drawn->count = kept;
    free(order);
}

static crease_status draw(source *s, mpq_t *inside, crease_drawn *drawn, size_t *tried,
                          crease_error *error)
{
    const crease_sample_plan *plan = s->plan;
    size_t count =
        plan->by == CREASE_SAMPLE_DATA && !plan->radius ? plan->points->count : plan->size;
    for (*tried = 0; *tried < count; ++*tried) {
        crease_status status = next_point(s, *tried, error);
        if (status || crease_interrupt_raised())
            return status;
        crease_model_pattern_at(s->task->network, s->x, inside, crease_drawn_add(drawn, 1));
    }
    return CREASE_OK;
}

crease_status crease_points_draw(const crease_task *task, const crease_domain *domain,
                                 mpq_t *inside, crease_drawn *drawn, size_t *tried,
                                 crease_error *error)
{
    size_t n = task->network->inputs;
    source s = {.task = task,
                .domain = domain,
                .plan = task->keeper->drawing->plan,
                .inputs = n,
                .random = task->options->seed,
                .x = crease_fractions_new(n),
                .low = crease_fractions_new(n),
                .high = crease_fractions_new(n)};
    s.random = crease_random_next(&s.random); /* neighbouring seeds, unrelated streams */
    mpq_inits(s.radius, s.step, NULL);
    crease_error unused;
    if (s.plan->radius && crease_domain_point(s.plan->radius, "radius", 1, &s.radius, &unused))
        crease_fatal("sample: a radius that was read before cannot be read");
    crease_status status = draw(&s, inside, drawn, tried, error);
    join_equal(drawn);
    crease_fractions_free(s.x, n);
    crease_fractions_free(s.low, n);
    crease_fractions_free(s.high, n);
    mpq_clears(s.radius, s.step, NULL);
    return status;
}
