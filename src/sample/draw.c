#include "sample/draw.h"

#include "base/memory.h"
#include "base/random.h"
#include "sample/points.h"
#include "sample/replicates.h"

#include <math.h>
#include <stdlib.h>

/* Pilots prepare for at least so many leaves.  Resampling draws OVERSAMPLING times as many regions
 * as it picks: then few are picked twice. */
enum { LEAST_LEAVES = 10000, LEAST_CALIBRATION = 500, OVERSAMPLING = 4 };

typedef struct {
    const uint8_t *pattern;
    double weight;
    size_t draws;
    int group;
} picked;

typedef struct {
    const crease_task *task;
    crease_sample_result *result;
    crease_drawn list[CREASE_REPLICATES]; /* of each group */
    size_t groups, count;
    picked *pick; /* count */
    crease_tally tally;
    bool drawn; /* the regions are being visited */
    bool complete;
    crease_status status;
} drawer;

/* Reports progress. */
static bool check(void *context, size_t bytes)
{
    drawer *d = context;
    const crease_whole visited = crease_whole_of(d->result->regions);
    uint64_t open = d->drawn ? d->count - d->result->regions : 0;
    double share = d->drawn ? (double)d->result->regions / (double)d->count : -1;
    crease_monitor_check(d->task->monitor, &visited, open, share);
    return crease_monitor_interrupt(d->task->monitor, bytes);
}

static void gather(drawer *d)
{
    size_t room = 0;
    d->count = 0;
    for (size_t g = 0; g < d->groups; g++)
        room += d->list[g].count;
    d->pick = crease_alloc(room, sizeof *d->pick);
    for (size_t g = 0; g < d->groups; g++)
        for (size_t i = 0; i < d->list[g].count; i++)
            d->pick[d->count++] = (picked){d->list[g].pattern + i * d->list[g].units,
                                           d->list[g].weight[i] / (double)d->groups, 1, (int)g};
}

/* ---- By region ---- */

/* The total of the weights and its error, from those of the groups. */
static void sum_up(drawer *d)
{
    double group[CREASE_REPLICATES] = {0}, total = 0, squares = 0, count = (double)d->groups;
    for (size_t i = 0; i < d->count; i++) {
        group[d->pick[i].group] += d->pick[i].weight * count;
        total += d->pick[i].weight;
    }
    for (size_t g = 0; g < d->groups; g++)
        squares += (group[g] - total) * (group[g] - total);
    d->result->total = total;
    d->result->standard_error = d->result->all  ? 0
                                : d->groups > 1 ? sqrt(squares / (count - 1) / count)
                                                : -1;
}

/* Picks `size` regions at equal steps in the list of all, whose places are their weights. */
static void resample(drawer *d, size_t size, uint64_t random)
{
    double step = d->result->total / (double)size, sum = 0;
    double next = step * ((double)(crease_random_next(&random) >> 11) * 0x1p-53);
    size_t kept = 0, draws = 0;
    for (size_t i = 0; i < d->count; i++) {
        picked own = d->pick[i];
        sum += own.weight;
        for (own.draws = 0; next < sum && draws < size; draws++, own.draws++)
            next += step;
        own.weight = step * (double)own.draws;
        if (own.draws)
            d->pick[kept++] = own;
    }
    d->count = kept;
    d->result->all = false;
}

/* One trial that enters every cell. */
static void list_all(drawer *d, crease_pilots *p)
{
    crease_trial trial = {0};
    p->every = true;
    crease_replicates_make(p, 1, 1, &trial, d->list);
    d->groups = 1;
    d->complete = trial.finished;
    d->result->all = d->complete;
}

/* Independent trials with about so many regions in all. */
static void draw_groups(drawer *d, crease_pilots *p, size_t regions)
{
    size_t count = regions < CREASE_REPLICATES ? regions : CREASE_REPLICATES, finished = 0;
    double leaves = (double)regions / (double)count;
    crease_trial trial[CREASE_REPLICATES] = {{0}};
    crease_drawn first = crease_drawn_new(d->task->model->units);
    crease_pilots_calibrate(p, fmax(leaves, LEAST_CALIBRATION), &first);
    crease_drawn_free(&first);
    crease_replicates_make(p, leaves, count, trial, d->list);
    for (size_t i = 0; i < count; i++) {
        if (!trial[i].finished)
            continue;
        crease_drawn own = d->list[i];
        d->list[i] = d->list[finished];
        d->list[finished++] = own;
    }
    d->groups = finished;
    d->complete = finished == count;
}

static void draw_by_region(drawer *d, const crease_sample_plan *plan)
{
    crease_pilots p;
    size_t wanted = plan->resample ? OVERSAMPLING * plan->size : plan->size;
    for (size_t i = 0; i < CREASE_REPLICATES; i++)
        d->list[i] = crease_drawn_new(d->task->model->units);
    crease_pilots_open(&p, d->task, fmax((double)wanted, LEAST_LEAVES), 0);
    p.check = check;
    p.context = d;
    crease_pilots_run(&p);
    if (p.exact && p.all.value <= (double)wanted)
        list_all(d, &p);
    else if (!crease_interrupt_raised())
        draw_groups(d, &p, wanted);
    gather(d);
    sum_up(d);
    if (plan->resample && d->count && !(d->result->all && d->count <= plan->size))
        resample(d, plan->size, crease_pilots_seed(&p, p.trials));
    d->tally = p.tally;
    crease_pilots_close(&p);
}

/* ---- By points ---- */

static void draw_by_points(drawer *d, const crease_domain *domain, mpq_t *inside,
                           crease_error *error)
{
    size_t points;
    d->list[0] = crease_drawn_new(d->task->model->units);
    d->status = crease_points_draw(d->task, domain, inside, d->list, &points, error);
    d->groups = 1;
    gather(d);
    for (size_t i = 0; i < d->count; i++) {
        d->pick[i].draws = (size_t)d->pick[i].weight;
        d->pick[i].weight /= (double)points;
        d->pick[i].group = -1;
    }
    d->result->total = points > 0;
    d->result->standard_error = 0;
    d->complete = !crease_interrupt_raised();
}

/* ---- The visits ---- */

static void visit_all(drawer *d)
{
    const crease_visitor *visitor = d->task->keeper->visitor;
    void *own = visitor->open(visitor->context, d->task);
    d->drawn = d->count > 0;
    crease_visited_answer answer = CREASE_VISITED;
    for (size_t i = 0; i < d->count && answer == CREASE_VISITED; i++) {
        const picked *p = &d->pick[i];
        if (crease_interrupt_due())
            break;
        answer =
            visitor->visit(own, &(crease_leaf){p->pattern, NULL, p->weight, p->draws, p->group});
        d->result->regions += answer != CREASE_UNVISITED;
    }
    if (answer != CREASE_VISITED)
        crease_monitor_stop(d->task->monitor, CREASE_STOP_ASKED);
    d->complete = d->complete && d->result->regions == d->count;
    visitor->close(own);
}

/* The only region of the domain. */
static void take_single(drawer *d)
{
    d->pick = crease_alloc(1, sizeof *d->pick);
    d->pick[0] = (picked){d->task->start, 1, 1, 0};
    d->count = 1;
    d->complete = true;
    *d->result = (crease_sample_result){.total = 1, .all = true};
}

crease_status crease_draw_run(const crease_task *task, const crease_domain *domain, mpq_t *inside,
                              crease_outcome *outcome, crease_error *error)
{
    const crease_drawing *drawing = task->keeper->drawing;
    drawer d = {.task = task, .result = drawing->result};
    crease_interrupt token;
    *d.result = (crease_sample_result){.standard_error = -1};
    crease_interrupt_enter(&token, check, &d);
    if (!task->model->inputs || !task->model->units)
        take_single(&d);
    else if (drawing->plan->by == CREASE_SAMPLE_REGION)
        draw_by_region(&d, drawing->plan);
    else
        draw_by_points(&d, domain, inside, error);
    if (!d.status)
        visit_all(&d);
    crease_interrupt_leave(&token);
    for (size_t i = 0; i < CREASE_REPLICATES; i++)
        crease_drawn_free(&d.list[i]);
    free(d.pick);
    *outcome = (crease_outcome){
        .regions = crease_whole_of(d.result->regions), .tally = d.tally, .unfinished = !d.complete};
    return d.status;
}
