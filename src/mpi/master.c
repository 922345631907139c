#include "mpi/master.h"

#include "base/clock.h"
#include "base/total.h"
#include "base/memory.h"
#include "base/output.h"
#include "base/random.h"
#include "base/status.h"
#include "job/checkpoint.h"
#include "mpi/message.h"
#include "api/run_search.h"

#include <math.h>
#include <mpi.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A task is left alone for so many seconds.  Saving takes less than one part in SAVE_PAUSE of the
 * time. */
static const double least_task = 0.02;
enum { SAVE_PAUSE = 100, TOP_LEVELS = 3 };

typedef struct {
    bool busy, asked, stopped; /* asked to yield, told to stop */
    double since;
    crease_state task; /* as it was handed out */
} rank;

typedef struct {
    crease_options options;
    const crease_checkpoint *checkpoint;
    const char *path; /* of the checkpoint, or NULL */
    crease_job_subject subject;
    crease_monitor monitor;
    crease_crew *crew;
    rank *rank;
    int ranks, busy;
    crease_state sums;  /* nothing open */
    crease_stacks pool; /* single cells */
    uint64_t random;
    double earlier, next_save;
    bool save_wanted;
    crease_error *error;
} master;

static void pause_briefly(void)
{
    const struct timespec pause = {0, 100000};
    nanosleep(&pause, NULL);
}

static void add_to_pool(master *m, crease_stacks *open)
{
    for (size_t i = 0; i < open->count; i++)
        crease_stacks_spread(&m->pool, &open->stack[i]);
    crease_stacks_clear(open);
}

/* ---- Tasks ---- */

static void begin_task(master *m, int r, size_t cells)
{
    rank *own = &m->rank[r];
    own->task = (crease_state){.rays = m->sums.rays};
    for (; cells; cells--) {
        size_t i = (size_t)(crease_random_next(&m->random) % m->pool.count);
        crease_stack *stack = &m->pool.stack[i];
        crease_stacks_add(&own->task.open, stack->step, stack->steps);
        free(stack->step);
        *stack = m->pool.stack[--m->pool.count];
    }
    own->busy = true;
    own->asked = own->stopped = false;
    own->since = crease_clock_seconds();
    m->busy++;
    if (r) {
        crease_message_send(&own->task, r, CREASE_TAG_TASK);
        return;
    }
    crease_state copy = own->task;
    memset(&copy.open, 0, sizeof copy.open);
    for (size_t i = 0; i < own->task.open.count; i++)
        crease_stacks_add(&copy.open, own->task.open.stack[i].step, own->task.open.stack[i].steps);
    crease_crew_begin(m->crew, &copy);
}

static void hand_out(master *m)
{
    for (int r = 0; r < m->ranks && m->pool.count; r++)
        if (!m->rank[r].busy) {
            size_t share = 1 + m->pool.count / (2 * (size_t)m->ranks);
            begin_task(m, r, share < m->pool.count ? share : m->pool.count);
        }
}

static crease_status end_task(master *m, int r, crease_state *done)
{
    bool good = crease_whole_add(&m->sums.regions, &done->regions);
    m->sums.cells += done->cells;
    m->sums.closed += done->closed;
    crease_tally_add(&m->sums.tally, &done->tally);
    add_to_pool(m, &done->open);
    crease_stacks_clear(&m->rank[r].task.open);
    m->rank[r].busy = false;
    m->busy--;
    return good ? CREASE_OK : crease_total_too_many(m->error);
}

static void ask(master *m, int r)
{
    if (!m->rank[r].busy || m->rank[r].asked)
        return;
    m->rank[r].asked = true;
    if (r)
        MPI_Send(NULL, 0, MPI_UINT64_T, r, CREASE_TAG_YIELD, MPI_COMM_WORLD);
    else
        crease_crew_yield(m->crew);
}

/* The tasks are to end at once. */
static void stop_all(master *m)
{
    for (int r = 0; r < m->ranks; r++)
        if (m->rank[r].busy && !m->rank[r].stopped) {
            m->rank[r].asked = m->rank[r].stopped = true;
            if (r)
                MPI_Send(NULL, 0, MPI_UINT64_T, r, CREASE_TAG_STOP, MPI_COMM_WORLD);
            else
                crease_crew_stop(m->crew);
        }
}

static void ask_all(master *m)
{
    for (int r = 0; r < m->ranks; r++)
        ask(m, r);
}

/* One rank at a time is asked to share: the one that has worked longest. */
static void ask_longest(master *m)
{
    int longest = -1;
    for (int r = 0; r < m->ranks; r++)
        if (m->rank[r].busy && m->rank[r].asked)
            return;
        else if (m->rank[r].busy && (longest < 0 || m->rank[r].since < m->rank[longest].since))
            longest = r;
    if (longest >= 0 && crease_clock_seconds() - m->rank[longest].since >= least_task)
        ask(m, longest);
}

/* Takes in what is there.  *any: was there something? */
static crease_status collect(master *m, bool *any)
{
    crease_state done;
    crease_status status = CREASE_OK;
    crease_error error;
    MPI_Status from;
    int there;
    *any = crease_crew_done(m->crew, &done, &status, &error);
    if (*any && status) {
        crease_stacks_clear(&done.open);
        return crease_fail(m->error, status, "%s", error.text);
    }
    status = *any ? end_task(m, 0, &done) : CREASE_OK;
    while (!status) {
        MPI_Iprobe(MPI_ANY_SOURCE, CREASE_TAG_DONE, MPI_COMM_WORLD, &there, &from);
        if (!there)
            break;
        *any = true;
        crease_message_receive(&done, from.MPI_SOURCE, CREASE_TAG_DONE);
        status = end_task(m, from.MPI_SOURCE, &done);
    }
    return status;
}

/* ---- States ---- */

static void copy_all(crease_stacks *to, const crease_stacks *from)
{
    for (size_t i = 0; i < from->count; i++)
        crease_stacks_add(to, from->stack[i].step, from->stack[i].steps);
}

static crease_status save(master *m)
{
    double begin = crease_clock_seconds();
    crease_checkpoint_content content = {.engine = CREASE_ENGINE_SPLIT,
                                         .seconds = m->earlier + begin - m->monitor.begin,
                                         .state = m->sums};
    if (!m->path)
        return CREASE_OK;
    copy_all(&content.state.open, &m->pool);
    for (int r = 0; r < m->ranks; r++)
        if (m->rank[r].busy)
            copy_all(&content.state.open, &m->rank[r].task.open);
    crease_status status = crease_checkpoint_write(m->path, &m->subject, &content, m->error);
    crease_stacks_clear(&content.state.open);
    double end = crease_clock_seconds();
    m->next_save = end + fmax(m->checkpoint->every, SAVE_PAUSE * (end - begin));
    m->save_wanted = false;
    return status;
}

/* If it fails the old state is still there, and the count goes on. */
static void try_to_save(master *m)
{
    crease_error error;
    crease_error *own = m->error;
    m->error = &error;
    if (save(m) && m->checkpoint->trouble)
        m->checkpoint->trouble(m->checkpoint->context, error.text);
    m->error = own;
}

/* When it is time, all ranks are asked to yield; once all tasks of before are back, it is saved. */
static void save_sometimes(master *m)
{
    if (!m->path)
        return;
    if (!m->save_wanted && crease_clock_seconds() >= m->next_save) {
        m->save_wanted = true;
        m->next_save = crease_clock_seconds();
        ask_all(m);
    }
    for (int r = 0; r < m->ranks && m->save_wanted; r++)
        if (m->rank[r].busy && m->rank[r].since <= m->next_save)
            return;
    if (m->save_wanted)
        try_to_save(m);
}

static bool take_top(void *context, crease_state *now, bool end)
{
    master *m = context;
    if (end) {
        crease_stacks open = now->open;
        m->sums = *now;
        memset(&m->sums.open, 0, sizeof open);
        memset(&now->open, 0, sizeof open);
        add_to_pool(m, &open);
    }
    return true;
}

/* The pool to begin with: the top of the tree, or a checkpoint. */
static crease_status begin(master *m, const crease_network *network, const crease_domain *domain,
                           crease_result *result)
{
    bool begun = false;
    const char *source;
    crease_status status = crease_checkpoint_source(m->checkpoint, &source, m->error);
    if (!status && source) {
        crease_checkpoint_content from;
        status = crease_checkpoint_read_source(m->checkpoint, source, &m->subject, &from, m->error);
        if (status)
            return status;
        if (from.engine == CREASE_ENGINE_WALK) {
            crease_checkpoint_free(&from);
            return crease_fail(m->error, CREASE_INPUT, "%s: of the walk, which runs on one rank",
                               source);
        }
        crease_checkpoint_announce(m->checkpoint, "count", source, &from);
        m->earlier = from.seconds;
        begun = !crease_checkpoint_fresh(&from);
        m->sums = from.state;
        memset(&m->sums.open, 0, sizeof m->sums.open);
        for (size_t i = 0; begun && i < from.state.open.count; i++)
            crease_stacks_spread(&m->pool, &from.state.open.stack[i]);
        crease_checkpoint_free(&from);
        if (begun)
            m->options.cell = m->sums.rays ? CREASE_CELL_RAYS : CREASE_CELL_LP;
        m->monitor.earlier = m->sums.regions;
    }
    if (status)
        return status;
    if (m->path)
        crease_output_sweep(m->path);
    crease_options options = m->options;
    crease_state none = m->sums;
    options.limit_regions = 0;
    options.progress = NULL;
    crease_keeper keeper = {.from = begun ? &none : NULL,
                            .every = 1e9,
                            .save = take_top,
                            .context = m,
                            .levels = TOP_LEVELS};
    return crease_search(network, domain, &options, NULL, &keeper, result, m->error);
}

static crease_status run(master *m)
{
    crease_status status = save(m);
    while (!status && (m->busy || m->pool.count)) {
        bool any;
        crease_monitor_check(&m->monitor, &m->sums.regions, m->pool.count + (size_t)m->busy,
                             m->sums.closed);
        if (crease_monitor_enough(&m->monitor, &m->sums.regions))
            crease_monitor_stop(&m->monitor, CREASE_STOP_REGIONS);
        bool stop = crease_monitor_stopped(&m->monitor);
        if (stop && !m->busy)
            break;
        if (stop)
            stop_all(m);
        else
            hand_out(m);
        status = collect(m, &any);
        if (!any && m->busy < m->ranks && !m->pool.count)
            ask_longest(m);
        if (!stop && !status)
            save_sometimes(m);
        if (!any)
            pause_briefly();
    }
    if (!status && (m->busy || m->pool.count))
        return save(m);
    /* A complete count needs no checkpoint, so the error is only reported. */
    if (!status)
        try_to_save(m);
    return status;
}

void crease_master_dismiss(void)
{
    int ranks;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    for (int r = 1; r < ranks; r++)
        MPI_Send(NULL, 0, MPI_UINT64_T, r, CREASE_TAG_QUIT, MPI_COMM_WORLD);
}

crease_status crease_master_count(const crease_network *network, const crease_domain *domain,
                                  const crease_options *options,
                                  const crease_checkpoint *checkpoint, crease_result *result,
                                  crease_error *error)
{
    master m = {.options = *options,
                .checkpoint = checkpoint,
                .path = checkpoint->write ? checkpoint->write : checkpoint->resume,
                .error = error};
    MPI_Comm_size(MPI_COMM_WORLD, &m.ranks);
    m.options.engine = CREASE_ENGINE_SPLIT;
    m.rank = crease_alloc((size_t)m.ranks, sizeof *m.rank);
    crease_job_subject_of(&m.subject, network, domain);
    crease_monitor_begin(&m.monitor, &m.options);
    crease_status status = begin(&m, network, domain, result);
    m.crew = crease_crew_new(network, domain, &m.options);
    if (!status)
        status = run(&m);
    crease_master_dismiss();
    crease_crew_free(m.crew);
    crease_total_set(result, &m.sums.regions);
    result->activation = result->regions;
    result->cells = m.sums.cells;
    result->rays = m.sums.tally.rays;
    result->refined = m.sums.tally.refined;
    result->complete = !m.busy && !m.pool.count;
    result->stopped =
        result->complete ? CREASE_STOP_NONE : (crease_stop)atomic_load(&m.monitor.stop);
    result->threads = m.ranks * crease_search_threads(options);
    result->seconds = crease_clock_seconds() - m.monitor.begin;
    result->earlier_seconds = m.earlier;
    result->decisions = (crease_decisions){.filter = m.sums.tally.filter,
                                           .exact = m.sums.tally.exact,
                                           .lp = m.sums.tally.lp,
                                           .pool = m.sums.tally.pool};
    for (int r = 0; r < m.ranks; r++)
        crease_stacks_clear(&m.rank[r].task.open);
    crease_stacks_clear(&m.pool);
    free(m.rank);
    return status;
}

crease_status crease_rank_serve(const crease_network *network, const crease_domain *domain,
                                const crease_options *options, crease_error *error)
{
    crease_crew *crew = crease_crew_new(network, domain, options);
    crease_status status = CREASE_OK;
    for (bool over = false; !over && !status;) {
        MPI_Status what;
        crease_state state;
        int there;
        if (crease_crew_done(crew, &state, &status, error)) {
            if (!status)
                crease_message_send(&state, 0, CREASE_TAG_DONE);
            crease_stacks_clear(&state.open);
        }
        MPI_Iprobe(0, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &what);
        if (!there) {
            pause_briefly();
        } else if (what.MPI_TAG == CREASE_TAG_TASK) {
            crease_message_receive(&state, 0, CREASE_TAG_TASK);
            crease_crew_begin(crew, &state);
        } else {
            MPI_Recv(NULL, 0, MPI_UINT64_T, 0, what.MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            (what.MPI_TAG == CREASE_TAG_YIELD ? crease_crew_yield : crease_crew_stop)(crew);
            over = what.MPI_TAG == CREASE_TAG_QUIT;
        }
    }
    crease_crew_free(crew);
    return status;
}
