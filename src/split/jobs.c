#include "split/jobs.h"

#include "base/lock.h"
#include "base/memory.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    crease_step *step;
    size_t steps;
    void *note;
} job;

struct crease_jobs {
    crease_lock lock;
    job *list; /* a stack: the newest, and so smallest, subtree goes first */
    size_t count, room;
    _Atomic size_t waiting; /* jobs in list */
    _Atomic size_t idle;    /* workers looking for one */
    _Atomic uint64_t open;
    _Atomic unsigned epoch; /* changes under the lock */
};

crease_jobs *crease_jobs_new(void)
{
    return crease_alloc(1, sizeof(crease_jobs));
}

void crease_jobs_free(crease_jobs *jobs)
{
    for (size_t i = 0; i < jobs->count; i++)
        free(jobs->list[i].step);
    free(jobs->list);
    free(jobs);
}

bool crease_jobs_wanted(const crease_jobs *jobs)
{
    return atomic_load_explicit(&jobs->idle, memory_order_relaxed) >
           atomic_load_explicit(&jobs->waiting, memory_order_relaxed);
}

static void add(crease_jobs *jobs, const crease_step *step, size_t steps, void *note)
{
    crease_step *copy = crease_alloc(steps, sizeof *copy);
    if (steps)
        memcpy(copy, step, steps * sizeof *copy);
    atomic_fetch_add(&jobs->open, 1);
    if (jobs->count == jobs->room) {
        jobs->room = jobs->room ? 2 * jobs->room : 16;
        jobs->list = crease_realloc(jobs->list, jobs->room, sizeof *jobs->list);
    }
    jobs->list[jobs->count++] = (job){copy, steps, note};
    atomic_store_explicit(&jobs->waiting, jobs->count, memory_order_relaxed);
}

bool crease_jobs_put(crease_jobs *jobs, const crease_step *step, size_t steps, void *note,
                     unsigned epoch)
{
    crease_lock_take(&jobs->lock);
    bool good = epoch == crease_jobs_epoch(jobs);
    if (good)
        add(jobs, step, steps, note);
    crease_lock_release(&jobs->lock);
    return good;
}

void crease_jobs_list(crease_jobs *jobs, crease_stacks *cells)
{
    for (size_t i = 0; i < jobs->count; i++)
        crease_stacks_add(cells, jobs->list[i].step, jobs->list[i].steps);
}

void crease_jobs_mark(crease_jobs *jobs, crease_stacks *cells)
{
    crease_lock_take(&jobs->lock);
    crease_jobs_list(jobs, cells);
    atomic_fetch_add_explicit(&jobs->epoch, 1, memory_order_relaxed);
    crease_lock_release(&jobs->lock);
}

unsigned crease_jobs_epoch(const crease_jobs *jobs)
{
    return atomic_load_explicit(&jobs->epoch, memory_order_relaxed);
}

static bool try_take(crease_jobs *jobs, crease_step **step, size_t *steps, void **note,
                     unsigned epoch)
{
    crease_lock_take(&jobs->lock);
    bool got = jobs->count > 0 && epoch == crease_jobs_epoch(jobs);
    if (got) {
        job taken = jobs->list[--jobs->count];
        assert(jobs->count < crease_jobs_open(jobs));
        *step = taken.step;
        *steps = taken.steps;
        *note = taken.note;
        atomic_store_explicit(&jobs->waiting, jobs->count, memory_order_relaxed);
    }
    crease_lock_release(&jobs->lock);
    return got;
}

bool crease_jobs_take(crease_jobs *jobs, crease_step **step, size_t *steps, void **note,
                      const unsigned *epoch, bool (*stop)(void *context), void *context)
{
    if (try_take(jobs, step, steps, note, *epoch))
        return true;
    const struct timespec pause = {0, 50000};
    bool got = false;
    atomic_fetch_add(&jobs->idle, 1);
    while (!got && crease_jobs_open(jobs) && !stop(context)) {
        nanosleep(&pause, NULL);
        got = atomic_load_explicit(&jobs->waiting, memory_order_relaxed) &&
              try_take(jobs, step, steps, note, *epoch);
    }
    atomic_fetch_sub(&jobs->idle, 1);
    return got;
}

void crease_jobs_done(crease_jobs *jobs)
{
    assert(crease_jobs_open(jobs) > 0);
    atomic_fetch_sub(&jobs->open, 1);
}

uint64_t crease_jobs_open(const crease_jobs *jobs)
{
    return atomic_load(&jobs->open);
}
