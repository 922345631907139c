#include "mpi/estimate.h"

#include "api/estimate.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/status.h"
#include "job/estimate.h"
#include "mpi/master.h"
#include "mpi/message.h"

#include <limits.h>
#include <mpi.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void pause_briefly(void)
{
    const struct timespec pause = {0, 1000000};
    nanosleep(&pause, NULL);
}

/* ---- Messages: memory as it is, since all ranks are one program ---- */

static void send_bytes(const void *from, size_t bytes, int rank, int tag)
{
    if (bytes > INT_MAX)
        crease_fatal("a state is too long for a message");
    MPI_Send(from, (int)bytes, MPI_BYTE, rank, tag, MPI_COMM_WORLD);
}

static void receive_bytes(void *to, size_t bytes, int rank, int tag)
{
    MPI_Recv(to, (int)bytes, MPI_BYTE, rank, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

static void send_state(const crease_kept *kept, int rank)
{
    send_bytes(kept, sizeof *kept, rank, CREASE_TAG_TASK);
    send_bytes(kept->place, kept->learnt * sizeof *kept->place, rank, CREASE_TAG_TASK);
    send_bytes(kept->guess, kept->learnt * sizeof *kept->guess, rank, CREASE_TAG_TASK);
}

/* kept: the caller's to free.  Its upper bound is 0. */
static void receive_state(crease_kept *kept)
{
    receive_bytes(kept, sizeof *kept, 0, CREASE_TAG_TASK);
    mpz_init(kept->upper);
    kept->place = crease_alloc(kept->learnt, sizeof *kept->place);
    kept->guess = crease_alloc(kept->learnt, sizeof *kept->guess);
    receive_bytes(kept->place, kept->learnt * sizeof *kept->place, 0, CREASE_TAG_TASK);
    receive_bytes(kept->guess, kept->learnt * sizeof *kept->guess, 0, CREASE_TAG_TASK);
}

/* ---- Rank 0: one thread estimates, this one talks to the other ranks ---- */

typedef struct {
    const crease_network *network;
    const crease_domain *domain;
    const crease_options *options;
    const crease_estimate_plan *plan;
    const crease_checkpoint *checkpoint;
    crease_estimation *estimation;
    crease_error *error;
    crease_status status;
    int ranks;
    /* Under the lock. */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    const crease_kept *to_send; /* or NULL */
    int waiting;                /* ranks that make replicates */
    bool stop, over;
    crease_trial trial[CREASE_REPLICATES]; /* of these ranks */
} lead;

static void share(void *context, const crease_kept *now, bool *mine)
{
    lead *l = context;
    for (size_t i = 0; i < CREASE_REPLICATES; i++)
        mine[i] = i % (size_t)l->ranks == 0;
    pthread_mutex_lock(&l->lock);
    memset(l->trial, 0, sizeof l->trial);
    l->to_send = now;
    while (l->to_send)
        pthread_cond_wait(&l->changed, &l->lock);
    pthread_mutex_unlock(&l->lock);
}

static void gather(void *context, crease_trial *trial)
{
    lead *l = context;
    pthread_mutex_lock(&l->lock);
    while (l->waiting) {
        pthread_mutex_unlock(&l->lock);
        pause_briefly();
        bool due = crease_interrupt_due();
        pthread_mutex_lock(&l->lock);
        l->stop = l->stop || due;
    }
    l->stop = false;
    for (size_t i = 0; i < CREASE_REPLICATES; i++)
        if (l->trial[i].finished)
            trial[i] = l->trial[i];
    pthread_mutex_unlock(&l->lock);
}

static void *estimate(void *context)
{
    lead *l = context;
    const crease_team team = {(size_t)l->ranks, share, gather, l};
    const crease_keeper keeper = {.team = &team};
    if (l->checkpoint)
        l->status = crease_estimate_by_team(l->network, l->domain, l->options, l->plan,
                                            l->checkpoint, &team, l->estimation, l->error);
    else
        l->status = crease_estimate_from(l->network, l->domain, l->options, l->plan, &keeper,
                                         l->estimation, l->error);
    pthread_mutex_lock(&l->lock);
    l->over = true;
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

static void send_all(lead *l)
{
    for (int r = 1; r < l->ranks; r++)
        send_state(l->to_send, r);
    l->waiting = l->ranks - 1;
    l->to_send = NULL;
    pthread_cond_signal(&l->changed);
}

static void stop_all(const lead *l)
{
    for (int r = 1; r < l->ranks; r++)
        MPI_Send(NULL, 0, MPI_BYTE, r, CREASE_TAG_STOP, MPI_COMM_WORLD);
}

/* Takes in what ranks have made. */
static void collect(lead *l)
{
    crease_trial trial[CREASE_REPLICATES];
    MPI_Status from;
    for (int there = 1; l->waiting;) {
        MPI_Iprobe(MPI_ANY_SOURCE, CREASE_TAG_DONE, MPI_COMM_WORLD, &there, &from);
        if (!there)
            return;
        receive_bytes(trial, sizeof trial, from.MPI_SOURCE, CREASE_TAG_DONE);
        for (size_t i = 0; i < CREASE_REPLICATES; i++)
            if (trial[i].finished)
                l->trial[i] = trial[i];
        l->waiting--;
    }
}

crease_status crease_master_estimate(const crease_network *network, const crease_domain *domain,
                                     const crease_options *options,
                                     const crease_estimate_plan *plan,
                                     const crease_checkpoint *checkpoint,
                                     crease_estimation *estimation, crease_error *error)
{
    lead l = {.network = network,
              .domain = domain,
              .options = options,
              .plan = plan,
              .checkpoint = checkpoint,
              .estimation = estimation,
              .error = error};
    pthread_t thread;
    MPI_Comm_size(MPI_COMM_WORLD, &l.ranks);
    pthread_mutex_init(&l.lock, NULL);
    pthread_cond_init(&l.changed, NULL);
    if (pthread_create(&thread, NULL, estimate, &l))
        crease_fatal("cannot make a thread");
    for (bool over = false, stopped = false; !over; pause_briefly()) {
        pthread_mutex_lock(&l.lock);
        if (l.to_send) {
            send_all(&l);
            stopped = false;
        }
        if (l.stop && !stopped) {
            stop_all(&l);
            stopped = true;
        }
        collect(&l);
        over = l.over;
        pthread_mutex_unlock(&l.lock);
    }
    pthread_join(thread, NULL);
    crease_master_dismiss();
    pthread_mutex_destroy(&l.lock);
    pthread_cond_destroy(&l.changed);
    if (!l.status)
        estimation->threads *= l.ranks;
    return l.status;
}

/* ---- Other ranks ---- */

typedef struct {
    const crease_network *network;
    const crease_domain *domain;
    crease_options options;
    pthread_t thread;
    crease_flag stop;
    _Atomic bool done;
    bool works;
    crease_kept kept;
    crease_trial trial[CREASE_REPLICATES];
    crease_status status;
    crease_error error;
} member;

static void note(void *context, const crease_kept *now)
{
    member *m = context;
    memcpy(m->trial, now->trial, sizeof m->trial);
}

static void *make_replicates(void *context)
{
    member *m = context;
    crease_estimation estimation;
    const crease_estimate_plan plan = {.leaves = 1, .confidence = 0.5};
    const crease_keeper keeper = {.kept = &m->kept, .keep = note, .every = 1e9, .context = m};
    m->status = crease_estimate_from(m->network, m->domain, &m->options, &plan, &keeper,
                                     &estimation, &m->error);
    m->done = true;
    return NULL;
}

static void begin(member *m, int rank, int ranks)
{
    receive_state(&m->kept);
    m->kept.step = CREASE_KEPT_ESTIMATE;
    /* What is finished is not made. */
    for (size_t i = 0; i < CREASE_REPLICATES; i++)
        m->kept.trial[i].finished = m->kept.trial[i].finished || i % (size_t)ranks != (size_t)rank;
    memset(m->trial, 0, sizeof m->trial);
    m->stop = 0;
    m->done = false;
    m->works = true;
    if (pthread_create(&m->thread, NULL, make_replicates, m))
        crease_fatal("cannot make a thread");
}

static crease_status end(member *m, int rank, int ranks, crease_error *error)
{
    pthread_join(m->thread, NULL);
    m->works = false;
    crease_kept_free(&m->kept);
    for (size_t i = 0; i < CREASE_REPLICATES; i++)
        if (i % (size_t)ranks != (size_t)rank)
            m->trial[i].finished = false;
    if (m->status)
        *error = m->error;
    else
        send_bytes(m->trial, sizeof m->trial, 0, CREASE_TAG_DONE);
    return m->status;
}

crease_status crease_rank_estimate(const crease_network *network, const crease_domain *domain,
                                   const crease_options *options, crease_error *error)
{
    int rank, ranks;
    crease_status status = CREASE_OK;
    member m = {.network = network, .domain = domain};
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    crease_options_default(&m.options);
    m.options.lp = options->lp;
    m.options.cell = options->cell;
    m.options.threads = options->threads;
    m.options.seed = options->seed;
    m.options.stop = &m.stop;
    for (bool over = false; (!over || m.works) && !status;) {
        MPI_Status what;
        int there;
        if (m.works && m.done)
            status = end(&m, rank, ranks, error);
        MPI_Iprobe(0, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &what);
        if (!there) {
            pause_briefly();
        } else if (what.MPI_TAG == CREASE_TAG_TASK) {
            begin(&m, rank, ranks);
        } else {
            MPI_Recv(NULL, 0, MPI_BYTE, 0, what.MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            m.stop = 1;
            over = over || what.MPI_TAG == CREASE_TAG_QUIT;
        }
    }
    return status;
}
