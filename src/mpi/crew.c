#include "mpi/crew.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/status.h"
#include "api/run_search.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Seconds that a task counts before it yields. */
static const double least_work = 0.01;

typedef enum { IDLE, WORKING, DONE, QUIT } phase;

struct crease_crew {
    const crease_network *network;
    const crease_domain *domain;
    crease_options options;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    phase phase;
    crease_flag stop;
    bool yields;  /* under the lock: the task is to end once some of it is done */
    double begun; /* under the lock: since when it counts; negative: it does not yet */
    crease_state task, end;
    crease_status status;
    crease_error error;
};

static bool take_end(void *context, crease_state *now, bool end)
{
    crease_crew *crew = context;
    if (end) {
        crew->end = *now;
        memset(&now->open, 0, sizeof now->open);
        return true;
    }
    pthread_mutex_lock(&crew->lock);
    crew->begun = crease_clock_seconds();
    pthread_mutex_unlock(&crew->lock);
    return true;
}

static void count(crease_crew *crew)
{
    crease_result result;
    crease_keeper keeper = {.from = &crew->task, .every = 1e9, .save = take_end, .context = crew};
    crease_options options = crew->options;
    options.cell = crew->task.rays ? CREASE_CELL_RAYS : CREASE_CELL_LP;
    options.stop = &crew->stop;
    memset(&crew->end, 0, sizeof crew->end);
    crew->status =
        crease_search(crew->network, crew->domain, &options, NULL, &keeper, &result, &crew->error);
    crease_stacks_clear(&crew->task.open);
}

static void *live(void *context)
{
    crease_crew *crew = context;
    pthread_mutex_lock(&crew->lock);
    while (crew->phase != QUIT) {
        if (crew->phase != WORKING) {
            pthread_cond_wait(&crew->changed, &crew->lock);
            continue;
        }
        pthread_mutex_unlock(&crew->lock);
        count(crew);
        pthread_mutex_lock(&crew->lock);
        if (crew->phase == WORKING)
            crew->phase = DONE;
    }
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

crease_crew *crease_crew_new(const crease_network *network, const crease_domain *domain,
                             const crease_options *options)
{
    crease_crew *crew = crease_alloc(1, sizeof *crew);
    crew->network = network;
    crew->domain = domain;
    crease_options_default(&crew->options);
    crew->options.engine = CREASE_ENGINE_SPLIT;
    crew->options.lp = options->lp;
    crew->options.threads = options->threads;
    crew->options.seed = options->seed;
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->changed, NULL);
    if (pthread_create(&crew->thread, NULL, live, crew))
        crease_fatal("cannot make a thread");
    return crew;
}

static void enter(crease_crew *crew, phase next)
{
    pthread_mutex_lock(&crew->lock);
    crew->phase = next;
    pthread_cond_signal(&crew->changed);
    pthread_mutex_unlock(&crew->lock);
}

void crease_crew_free(crease_crew *crew)
{
    crease_crew_stop(crew);
    enter(crew, QUIT);
    pthread_join(crew->thread, NULL);
    crease_stacks_clear(&crew->end.open);
    pthread_mutex_destroy(&crew->lock);
    pthread_cond_destroy(&crew->changed);
    free(crew);
}

void crease_crew_begin(crease_crew *crew, crease_state *task)
{
    crew->task = *task;
    memset(&task->open, 0, sizeof task->open);
    crew->yields = false;
    crew->begun = -1;
    atomic_store_explicit(&crew->stop, 0, memory_order_relaxed);
    enter(crew, WORKING);
}

void crease_crew_yield(crease_crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    crew->yields = true;
    pthread_mutex_unlock(&crew->lock);
}

void crease_crew_stop(crease_crew *crew)
{
    atomic_store_explicit(&crew->stop, 1, memory_order_relaxed);
}

bool crease_crew_done(crease_crew *crew, crease_state *done, crease_status *status,
                      crease_error *error)
{
    pthread_mutex_lock(&crew->lock);
    bool is = crew->phase == DONE;
    if (crew->yields && crew->begun >= 0 && crease_clock_seconds() - crew->begun >= least_work)
        crease_crew_stop(crew);
    if (is) {
        *done = crew->end;
        memset(&crew->end, 0, sizeof crew->end);
        *status = crew->status;
        *error = crew->error;
        crew->phase = IDLE;
    }
    pthread_mutex_unlock(&crew->lock);
    return is;
}
