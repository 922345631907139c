#include "api/run_search.h"

#include "base/clock.h"
#include "base/total.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/status.h"
#include "cells/most.h"
#include "model/maxout_groups.h"
#include "model/settle.h"
#include "search/interior_point.h"
#include "proof/trace.h"
#include "sample/draw.h"
#include "sample/sample.h"
#include "split/flats.h"
#include "split/most.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_INPUTS = 4096, GLPK_INPUTS = 600, PRINT_BITS = CREASE_LIMIT_PRINT_BITS };

/* Looks whether the domain has an interior, of which inside becomes a point, and sets the pattern,
 * which may be NULL, at the given start point, or there. */
static crease_status start_pattern(const crease_network *network, const crease_domain *domain,
                                   crease_task *task, crease_tally *tally, mpq_t *inside,
                                   uint8_t *pattern, crease_error *error)
{
    size_t n = network->inputs, guilty;
    bool one = task->keeper && task->keeper->visitor && task->keeper->visitor->start_only;
    const char *what = one ? "point" : "start";
    bool open =
        crease_interior_find(task->model, domain, task->proposer, tally, inside, n, &guilty);
    if (crease_interrupt_raised())
        return CREASE_OK;
    if (!open)
        return crease_fail(
            error, CREASE_INPUT,
            "domain: no point satisfies %sthe first %zu half-space%s strictly: there "
            "is no interior to count in",
            crease_domain_boxed(domain) ? "the box and " : "", guilty, guilty == 1 ? "" : "s");
    mpq_t *x = crease_alloc(n, sizeof *x);
    for (size_t j = 0; j < n; j++) {
        mpq_init(x[j]);
        mpq_set(x[j], inside[j]);
    }
    crease_status status = CREASE_OK;
    if (task->options->start)
        status = crease_domain_point(task->options->start, what, n, x, error);
    if (!status && !crease_domain_contains(domain, x, false))
        status = crease_fail(error, CREASE_INPUT, "%s: outside the domain", what);
    if (!status && pattern)
        crease_model_pattern_at(network, x, inside, pattern);
    for (size_t j = 0; j < n; j++)
        mpq_clear(x[j]);
    free(x);
    return status;
}

static bool walks(const crease_options *options)
{
    return options->engine == CREASE_ENGINE_WALK ||
           options->definition != CREASE_DEFINITION_ACTIVATION;
}

static crease_status check_options(const crease_options *options, const crease_tape *tape,
                                   crease_error *error)
{
    bool activation = options->definition == CREASE_DEFINITION_ACTIVATION;
    if (!activation && options->definition != CREASE_DEFINITION_OPEN_CONNECTED &&
        options->definition != CREASE_DEFINITION_AFFINE)
        return crease_fail(error, CREASE_INPUT, "definition: %d is not known",
                           (int)options->definition);
    if (!activation && options->engine == CREASE_ENGINE_SPLIT)
        return crease_fail(error, CREASE_INPUT,
                           "engine: split counts activation regions alone, "
                           "other definitions need the walk");
    if (!activation && tape)
        return crease_fail(error, CREASE_INPUT,
                           "definition: a certificate proves the count of activation regions");
    if (!crease_merging_name(options->merge))
        return crease_fail(error, CREASE_INPUT, "merge: %d is not known", (int)options->merge);
    if (options->merge == CREASE_MERGE_ON &&
        (!activation || options->engine == CREASE_ENGINE_WALK || options->cell == CREASE_CELL_LP))
        return crease_fail(error, CREASE_INPUT,
                           "merge: cells are merged only by the split engine, as cells that carry "
                           "their extreme rays, in a count of activation regions");
    if (options->cell && walks(options))
        return crease_fail(error, CREASE_INPUT,
                           "cell: only the split engine has cells, the walk has none");
    if (options->threads < 0 || options->threads > CREASE_SEARCH_THREADS)
        return crease_fail(error, CREASE_INPUT, "threads: %d is not in 0..%d", options->threads,
                           CREASE_SEARCH_THREADS);
    if (!(options->limit_seconds >= 0))
        return crease_fail(error, CREASE_INPUT, "limit_seconds: %g is no time",
                           options->limit_seconds);
    if (!(options->gap >= 0) || isinf(options->gap))
        return crease_fail(error, CREASE_INPUT, "gap: %g is no share of the count", options->gap);
    if (options->gap > 0 && (options->engine == CREASE_ENGINE_WALK || !activation))
        return crease_fail(error, CREASE_INPUT,
                           "gap: only the split engine's count of activation regions has bounds "
                           "that come closer");
    if (options->limit_memory && crease_clock_memory() == 0)
        return crease_fail(error, CREASE_INPUT,
                           "limit_memory: /proc/self/statm, which says how much memory the process "
                           "holds, cannot be read");
    return CREASE_OK;
}

/* The dense kernel is faster but for boxes of many inputs, where GLPK sees that the faces
 * are sparse; the border was measured (doc/speed.md). */
static bool use_glpk(const crease_options *options, bool boxed, size_t inputs)
{
    return options->lp == CREASE_LP_GLPK ||
           (options->lp == CREASE_LP_AUTO && boxed && inputs >= GLPK_INPUTS);
}

bool crease_search_asks_glpk(const crease_network *network, const crease_domain *domain,
                             const crease_options *options)
{
    return use_glpk(options, crease_domain_boxed(domain), network->inputs);
}

/* seconds, ticks: the same time by both clocks. */
static void fill_result(crease_result *result, const crease_task *task,
                        const crease_outcome *outcome, double seconds, uint64_t ticks)
{
    double tick = ticks ? seconds / (double)ticks : 0;
    /* If the stop came after the last cell, the count is complete. */
    result->complete = !outcome->unfinished;
    result->stopped =
        result->complete ? CREASE_STOP_NONE : (crease_stop)atomic_load(&task->monitor->stop);
    result->definition = task->definition;
    result->activation = crease_whole_word(&outcome->regions);
    result->open_connected = outcome->open_connected;
    result->affine = outcome->affine;
    /* An open-connected region has one map: different maps are a lower bound. */
    const crease_whole merged =
        crease_whole_of(task->definition == CREASE_DEFINITION_AFFINE || !result->complete
                            ? outcome->affine
                            : outcome->open_connected);
    crease_total_set(result, task->definition == CREASE_DEFINITION_ACTIVATION ? &outcome->regions
                                                                              : &merged);
    const char *most = result->complete ? result->digits : outcome->most;
    if (most && strlen(most) < CREASE_DIGITS)
        strcpy(result->most, most);
    result->threads = task->threads;
    result->seconds = crease_clock_seconds() - task->monitor->begin;
    result->store_bytes = outcome->store_bytes;
    result->decisions = (crease_decisions){
        .filter = outcome->tally.filter,
        .exact = outcome->tally.exact,
        .lp = outcome->tally.lp,
        .pool = outcome->tally.pool,
        .exact_seconds = tick * (double)outcome->tally.exact_ticks,
        .proof_seconds = tick * (double)outcome->tally.proof_ticks,
    };
    result->rays = outcome->tally.rays;
    result->refined = outcome->tally.refined;
    memcpy(result->merged, outcome->merged, sizeof result->merged);
}

/* The domain is one region: no input matters, or nothing switches. */
static void write_single_region(crease_trace *trace, const crease_task *task,
                                const crease_domain *domain, mpq_t *inside)
{
    const crease_model *model = task->model;
    crease_forced *forced = crease_alloc(model->units, sizeof *forced);
    for (size_t l = 0; l < model->layers; l++) {
        const crease_model_layer *layer = &model->layer[l];
        const uint8_t *state = task->start + layer->first;
        size_t count = 0;
        for (size_t u = 0; u < layer->decisions; u++)
            if (!crease_maxout_group_is_moot(layer, u, state))
                forced[count++] = (crease_forced){layer->first + u, state[u]};
        if (count)
            crease_trace_force(trace, NULL, 0, forced, count);
    }
    if (model->halves) {
        crease_interior_write(trace, model, domain, inside);
    } else {
        crease_trace_point(trace, 0);
        crease_trace_point_end(trace);
    }
    free(forced);
}

/* The beginning of the tape, and all of it if there is one region. */
static void begin_tape(const crease_task *task, bool single, const crease_domain *domain,
                       mpq_t *inside)
{
    crease_trace trace;
    crease_segment *segment = crease_tape_first(task->tape);
    const crease_model *model = task->model;
    crease_trace_open(&trace, task->tape, segment);
    crease_trace_inputs(&trace, model->kept, single && !model->halves ? 0 : model->inputs);
    if (single) {
        write_single_region(&trace, task, domain, inside);
        crease_trace_turn(&trace, NULL);
    }
    crease_trace_close(&trace);
}

/* The walk, with a certificate if there is a tape.  Patterns do not tell where a cell of the tree
 * is cut by a piece that wins nowhere in it, which happens in maxout groups of more than two
 * pieces: then the split engine counts again and writes the certificate. */
static void run_walk(const crease_task *task, crease_outcome *outcome)
{
    bool again = false;
    for (size_t l = 0; task->tape && l < task->model->layers; l++)
        again |= task->model->layer[l].pieces > 2;
    crease_task walk = *task;
    walk.tape = again ? NULL : task->tape;
    crease_walk_run(&walk, outcome);
    if (!again || outcome->unfinished)
        return;
    crease_outcome split = {0};
    crease_split_run(task, &split);
    crease_tally_add(&outcome->tally, &split.tally);
    outcome->unfinished = split.unfinished;
    if (crease_whole_compare(&split.regions, &outcome->regions) && !split.unfinished)
        crease_fatal("the walk and the split engine count different numbers of regions");
}

/* The domain, or the start region alone, unless it is done already. */
static void visit_single_region(const crease_task *task, crease_outcome *outcome)
{
    const crease_keeper *keeper = task->keeper;
    const crease_visitor *visitor = keeper->visitor;
    crease_state all = {.regions = crease_whole_of(1), .closed = 1};
    bool done = keeper->from && !keeper->from->open.count, stopped = false;
    if (!done) {
        void *own = visitor->open(visitor->context, task);
        const crease_leaf leaf = {task->start, NULL, 1, 1, -1};
        stopped = visitor->visit(own, &leaf) == CREASE_UNVISITED;
        visitor->close(own);
    }
    if (stopped)
        crease_search_nothing(task, outcome);
    else if (crease_keeper_saves(keeper))
        keeper->save(keeper->context, &all, true);
}

/* Counts from the point inside; result is filled. */
static void run(crease_task *task, const crease_domain *domain, mpq_t *inside, bool walk,
                crease_outcome *outcome)
{
    /* No input that matters or nothing that switches: the domain is one region. */
    const crease_visitor *visitor = task->keeper ? task->keeper->visitor : NULL;
    bool single = !task->model->inputs || !task->model->units || (visitor && visitor->start_only);
    if (task->tape)
        begin_tape(task, single, domain, inside);
    if (!single) {
        bool estimates = task->keeper && task->keeper->estimation;
        *outcome = (crease_outcome){0};
        bool bounded = !task->tape && (!task->keeper || crease_keeper_saves(task->keeper));
        if (!walk && crease_flats_run(task, outcome))
            return;
        (estimates ? crease_sample_run
         : walk    ? run_walk
         : bounded ? crease_split_run_bounded
                   : crease_split_run)(task, outcome);
    } else if (crease_interrupt_raised()) {
        crease_search_nothing(task, outcome);
    } else if (visitor) {
        visit_single_region(task, outcome);
    } else if (task->keeper && task->keeper->estimation) {
        crease_sample_single(task);
    } else if (crease_keeper_saves(task->keeper)) {
        crease_state all = {.regions = crease_whole_of(1), .closed = 1};
        task->keeper->save(task->keeper->context, &all, true);
    }
}

static crease_status check(const crease_network *network, const crease_domain *domain,
                           const crease_options *options, const crease_tape *tape,
                           const crease_keeper *keeper, crease_error *error)
{
    crease_status status = crease_network_complete(network, error);
    status = status ? status : check_options(options, tape, error);
    if (!status && options->start && !walks(options) && !(keeper && keeper->visitor))
        status = crease_fail(error, CREASE_INPUT, "start: only the walk begins at a point");
    if (!status && domain && domain->inputs != network->inputs)
        status = crease_fail(error, CREASE_INPUT, "domain: %zu inputs for a network of %zu",
                             domain->inputs, network->inputs);
    if (!status && network->inputs > MOST_INPUTS)
        status = crease_fail(error, CREASE_INPUT,
                             "%zu inputs: regions are counted in at most %d; take a slice "
                             "(--slice), or a property (--vnnlib) that fixes the others",
                             network->inputs, MOST_INPUTS);
    if (!status && keeper && options->definition != CREASE_DEFINITION_ACTIVATION)
        status = crease_fail(error, CREASE_INPUT,
                             "definition: only a count of activation regions "
                             "can be kept or divided");
    return status;
}

/* The bound on the regions of the model (cells/most.h).  The caller frees it. */
static char *whole_bound(const crease_model *model)
{
    crease_most *most = crease_most_new(model);
    char *digits = mpz_get_str(NULL, 10, crease_most_root(most));
    crease_most_free(most);
    return digits;
}

/* network: lowered, on a thread that the monitor may interrupt. */
static crease_status search(const crease_network *network, const crease_domain *domain,
                            const crease_options *options, crease_monitor *monitor,
                            crease_tape *tape, const crease_keeper *keeper, crease_result *result,
                            crease_error *error)
{
    crease_status status = CREASE_OK;
    uint64_t ticks = crease_clock_ticks();
    double begin = crease_clock_seconds();
    bool walk = walks(options);
    bool visited = keeper && keeper->visitor;
    uint8_t *pattern =
        walk || tape || visited ? crease_alloc(crease_network_decisions(network), 1) : NULL;
    crease_model *model = crease_model_new(network, domain);
    crease_outcome outcome = {.regions = crease_whole_of(1), .open_connected = 1, .affine = 1};
    crease_tally finding = {0};
    crease_task task = {model,
                        options,
                        use_glpk(options, walk && model->boxed, model->inputs) ? &crease_lp_glpk
                                                                               : &crease_lp_dense,
                        pattern,
                        crease_search_threads(options),
                        monitor,
                        tape,
                        network,
                        options->definition,
                        PRINT_BITS,
                        keeper};
    mpq_t *inside = crease_alloc(network->inputs, sizeof *inside);
    for (size_t j = 0; j < network->inputs; j++)
        mpq_init(inside[j]);
    if (!crease_interrupt_raised())
        status = start_pattern(network, domain, &task, &finding, inside, pattern, error);
    result->engine = walk ? CREASE_ENGINE_WALK : CREASE_ENGINE_SPLIT;
    result->lp = task.proposer == &crease_lp_dense ? CREASE_LP_DENSE : CREASE_LP_GLPK;
    result->dimension = model->inputs;
    if (!status) {
        if (crease_interrupt_raised())
            crease_search_nothing(&task, &outcome);
        else if (keeper && keeper->drawing)
            status = crease_draw_run(&task, domain, inside, &outcome, error);
        else
            run(&task, domain, inside, walk, &outcome);
        crease_tally_add(&outcome.tally, &finding);
        if (!walk && !(outcome.merged[0].compared && !outcome.cells))
            result->cell = outcome.ray_cells ? CREASE_CELL_RAYS : CREASE_CELL_LP;
        result->cells = outcome.cells;
        bool result_counts = !keeper || (!keeper->levels && !keeper->probe);
        if (outcome.unfinished && !outcome.most && model->units && result_counts)
            outcome.most = whole_bound(model);
        fill_result(result, &task, &outcome, crease_clock_seconds() - begin,
                    crease_clock_ticks() - ticks);
    }
    for (size_t j = 0; j < network->inputs; j++)
        mpq_clear(inside[j]);
    free(inside);
    crease_model_free(model);
    free(pattern);
    free(outcome.most);
    if (!status && outcome.path_mismatch)
        return crease_fail(error, CREASE_INPUT, "%s does not fit the network",
                           keeper->kept ? "what was learnt" : "an open cell's path");
    if (!status && outcome.tally.too_many)
        return crease_total_too_many(error);
    return status;
}

crease_status crease_search_here(const crease_network *network, const crease_domain *domain,
                                 const crease_options *options, crease_tape *tape,
                                 const crease_keeper *keeper, crease_result *result,
                                 crease_error *error)
{
    memset(result, 0, sizeof *result);
    crease_status status = check(network, domain, options, tape, keeper, error);
    if (status)
        return status;
    crease_monitor monitor;
    crease_interrupt token;
    crease_monitor_begin(&monitor, options);
    crease_interrupt_enter(&token, crease_monitor_interrupt, &monitor);
    bool as_it_is =
        crease_network_certifiable(network) || (keeper && (keeper->visitor || keeper->classes));
    crease_network *settled = as_it_is ? NULL : crease_network_settle(network, domain);
    crease_network *lowered = crease_network_lower(settled ? settled : network);
    const crease_network *own = lowered ? lowered : settled ? settled : network;
    status = search(own, domain, options, &monitor, tape, keeper, result, error);
    crease_interrupt_leave(&token);
    crease_network_free(lowered);
    crease_network_free(settled);
    return status;
}
