#include "search/search.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"
#include "cell/groups.h"
#include "search/trace.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_THREADS = 1024, GLPK_INPUTS = 600, PRINT_BITS = 61 };

void crease_options_default(crease_options *options)
{
    memset(options, 0, sizeof *options);
    options->progress_interval = 0.5;
}

/* A point of the domain, away from its middle so that it lies on no hyperplane by symmetry:
 * coordinates in steps of 1/4096 of the width of the box, or of 1. */
static void choose_start(const crease_domain *domain, size_t inputs, mpq_t *x)
{
    uint64_t state = 1;
    mpq_t step;
    mpq_init(step);
    for (size_t j = 0; j < inputs; j++) {
        mpq_set_ui(step, 1024 + (unsigned long)(crease_random_next(&state) % 2048), 4096);
        mpq_canonicalize(step);
        mpq_set(x[j], step);
        if (domain) {
            mpq_sub(x[j], domain->hi[j], domain->lo[j]);
            mpq_mul(x[j], x[j], step);
            mpq_add(x[j], x[j], domain->lo[j]);
        }
    }
    mpq_clear(step);
}

/* The pattern at the given start point, or at one that is chosen.  pattern may be NULL if only
 * the point is to be checked. */
static crease_status start_pattern(const crease_network *network, const crease_domain *domain,
                                   const crease_options *options, uint8_t *pattern,
                                   crease_error *error)
{
    crease_status status = CREASE_OK;
    mpq_t *x = crease_alloc(network->inputs, sizeof *x);
    for (size_t j = 0; j < network->inputs; j++)
        mpq_init(x[j]);
    choose_start(domain, network->inputs, x);
    if (options->start)
        status = crease_domain_point(options->start, network->inputs, x, error);
    if (!status && !crease_model_pattern_at(network, domain, x, pattern))
        status = crease_fail(error, CREASE_INPUT, "start: the point is outside the box");
    for (size_t j = 0; j < network->inputs; j++)
        mpq_clear(x[j]);
    free(x);
    return status;
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
        return crease_fail(error, CREASE_INPUT, "engine: split counts activation regions alone, "
                                                "other definitions need the walk");
    if (!activation && tape)
        return crease_fail(error, CREASE_INPUT,
                           "definition: a certificate proves the count of activation regions");
    if (options->threads < 0 || options->threads > MAX_THREADS)
        return crease_fail(error, CREASE_INPUT, "threads: %d is not in 0..%d", options->threads,
                           MAX_THREADS);
    return CREASE_OK;
}

/* The dense kernel is faster but for boxes of many inputs, where GLPK sees that the faces
 * are sparse; the border was measured (README, Benchmarks). */
static bool use_glpk(const crease_options *options, const crease_model *model)
{
    return options->lp == CREASE_LP_GLPK ||
           (options->lp == CREASE_LP_AUTO && model->boxed && model->inputs >= GLPK_INPUTS);
}

static void fill_result(crease_result *result, const crease_task *task,
                        const crease_outcome *outcome, double seconds, uint64_t ticks)
{
    double tick = ticks ? seconds / (double)ticks : 0;
    result->stopped = (crease_stop)atomic_load(&task->monitor->stop);
    result->complete = result->stopped == CREASE_STOP_NONE;
    result->definition = task->definition;
    result->activation = outcome->regions;
    result->open_connected = outcome->open_connected;
    result->affine = outcome->affine;
    /* An open-connected region has one map: different maps are a lower bound. */
    result->regions = task->definition == CREASE_DEFINITION_ACTIVATION ? outcome->regions
                      : task->definition == CREASE_DEFINITION_AFFINE || !result->complete
                          ? outcome->affine
                          : outcome->open_connected;
    result->threads = task->threads;
    result->seconds = seconds;
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
}

/* The domain is one region: no input matters, or nothing switches. */
static void write_single_region(crease_trace *trace, const crease_model *model,
                                const uint8_t *pattern)
{
    crease_forced *forced = crease_alloc(model->units, sizeof *forced);
    for (size_t l = 0; l < model->layers; l++) {
        const crease_model_layer *layer = &model->layer[l];
        const uint8_t *state = pattern + layer->first;
        size_t count = 0;
        for (size_t u = 0; u < layer->decisions; u++)
            if (!crease_group_is_moot(layer, u, state))
                forced[count++] = (crease_forced){layer->first + u, state[u]};
        if (count)
            crease_trace_force(trace, NULL, 0, forced, count);
    }
    crease_trace_point(trace, 0);
    crease_trace_point_end(trace);
    free(forced);
}

/* The beginning of the tape, and all of it if there is one region. */
static void begin_tape(const crease_task *task, bool single)
{
    crease_trace trace;
    crease_segment *segment = crease_tape_first(task->tape);
    crease_trace_open(&trace, task->tape, segment);
    crease_trace_inputs(&trace, task->model->kept, single ? 0 : task->model->inputs);
    if (single) {
        write_single_region(&trace, task->model, task->start);
        crease_tape_close(task->tape, segment);
    }
    crease_trace_close(&trace);
}

crease_status crease_count(const crease_network *network, const crease_domain *domain,
                           const crease_options *options, crease_result *result,
                           crease_error *error)
{
    return crease_search(network, domain, options, NULL, result, error);
}

static crease_status search(const crease_network *network, const crease_domain *domain,
                            const crease_options *options, crease_tape *tape,
                            crease_result *result, crease_error *error)
{
    crease_options standard;
    crease_monitor monitor;
    crease_options_default(&standard);
    options = options ? options : &standard;
    memset(result, 0, sizeof *result);
    crease_status status = check_options(options, tape, error);
    if (!status && domain && domain->inputs != network->inputs)
        status = crease_fail(error, CREASE_INPUT, "domain: a box of %zu inputs for a network of %zu",
                             domain->inputs, network->inputs);
    if (status)
        return status;
    bool walk = options->engine == CREASE_ENGINE_WALK ||
                options->definition != CREASE_DEFINITION_ACTIVATION;
    uint8_t *pattern = walk || tape ? crease_alloc(crease_network_decisions(network), 1) : NULL;
    status = start_pattern(network, domain, options, pattern, error);
    if (status) {
        free(pattern);
        return status;
    }
    uint64_t ticks = crease_clock_ticks();
    crease_monitor_begin(&monitor, options);
    crease_model *model = crease_model_new(network, domain);
    crease_outcome outcome = {.regions = 1, .open_connected = 1, .affine = 1};
    crease_task task = {
        model, options,
        use_glpk(options, model) ? &crease_lp_glpk : &crease_lp_dense,
        pattern, options->threads ? options->threads : omp_get_max_threads(), &monitor, tape,
        network, options->definition, PRINT_BITS};
    result->engine = walk ? CREASE_ENGINE_WALK : CREASE_ENGINE_SPLIT;
    result->lp = task.proposer == &crease_lp_dense ? CREASE_LP_DENSE : CREASE_LP_GLPK;
    result->dimension = model->inputs;
    /* No input that matters or nothing that switches: the domain is one region. */
    bool single = !model->inputs || !model->units;
    if (tape)
        begin_tape(&task, single);
    if (!single) {
        outcome = (crease_outcome){0};
        (walk ? crease_walk_run : crease_split_run)(&task, &outcome);
    }
    if (!walk)
        result->cell = outcome.ray_cells ? CREASE_CELL_RAYS : CREASE_CELL_LP;
    result->cells = outcome.cells;
    fill_result(result, &task, &outcome, crease_clock_seconds() - monitor.begin,
                crease_clock_ticks() - ticks);
    crease_model_free(model);
    free(pattern);
    return CREASE_OK;
}

crease_status crease_search(const crease_network *network, const crease_domain *domain,
                            const crease_options *options, crease_tape *tape,
                            crease_result *result, crease_error *error)
{
    crease_network *lowered = crease_network_lower(network);
    crease_status status = search(lowered ? lowered : network, domain, options, tape, result,
                                  error);
    crease_network_free(lowered);
    return status;
}
