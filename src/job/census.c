#include <stdio.h> /* before gmp.h */

#include "base/memory.h"
#include "base/status.h"
#include "job/checkpoint.h"
#include "job/results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* Seconds since the last checkpoint of a job that is taken to be running. */
enum { ALIVE = 300 };

/* What a job's checkpoint says, if there is a good one. */
typedef struct {
    bool there;
    time_t written;
    crease_whole regions;
    double seconds;
} job_state;

static job_state read_state(const crease_trunk *trunk, const char *directory, size_t index)
{
    job_state state = {.there = false};
    struct stat there;
    crease_error why;
    crease_checkpoint_content content;
    crease_job_subject subject = trunk->head.subject;
    memcpy(subject.part, trunk->digest[index], sizeof subject.part);
    char *path = crease_shard_path(directory, index, "state");
    if (!stat(path, &there) && !crease_checkpoint_read(path, &subject, &content, &why)) {
        state = (job_state){true, there.st_mtime, content.state.regions, content.seconds};
        crease_checkpoint_free(&content);
    }
    free(path);
    return state;
}

/* Was the checkpoint written after the result, and a short while ago? */
static bool is_running(const job_state *state, const char *directory, size_t index)
{
    struct stat result;
    char *path = crease_shard_path(directory, index, "result");
    bool newest = stat(path, &result) || result.st_mtime < state->written;
    free(path);
    return newest && time(NULL) - state->written <= ALIVE;
}

static crease_job_phase phase_of(const crease_job_result *result, const job_state *state,
                                 const char *directory, size_t index)
{
    bool nothing = result->fate == CREASE_RESULT_MISSING;
    if (result->fate == CREASE_RESULT_COMPLETE)
        return CREASE_JOB_DONE;
    if (state->there && is_running(state, directory, index))
        return CREASE_JOB_RUNNING;
    return nothing && !state->there ? CREASE_JOB_MISSING : CREASE_JOB_STOPPED;
}

/* The result and the checkpoint of a job that is not done both count regions that exist, so the
 * larger number is a lower bound. */
static void add_job(const crease_job_result *result, const job_state *state, mpz_t sum)
{
    mpz_t regions;
    mpz_init(regions);
    mpz_import(regions, CREASE_WHOLE_WORDS, -1, sizeof(uint64_t), 0, 0, state->regions.word);
    bool state_counts =
        result->fate != CREASE_RESULT_COMPLETE && mpz_cmp(regions, result->regions) > 0;
    mpz_add(sum, sum, state_counts ? regions : result->regions);
    mpz_clear(regions);
}

/* The time of the remaining jobs, from the mean of those that are done. */
static double time_left(const crease_census *census, const double *spent)
{
    double done = 0, left = 0;
    size_t count = census->count[CREASE_JOB_DONE];
    for (size_t i = 0; i < census->jobs; i++)
        done += census->phase[i] == CREASE_JOB_DONE ? spent[i] : 0;
    for (size_t i = 0; count && i < census->jobs; i++)
        if (census->phase[i] != CREASE_JOB_DONE)
            left += fmax(done / (double)count - spent[i], 0);
    return count || !census->jobs ? left : -1;
}

crease_status crease_shard_census(const char *directory, crease_census *census, crease_error *error)
{
    crease_results all;
    mpz_t sum;
    memset(census, 0, sizeof *census);
    crease_status status = crease_results_read(directory, &all, error);
    if (status)
        return status;
    size_t jobs = census->jobs = all.trunk.jobs;
    double *spent = crease_alloc(jobs, sizeof *spent);
    census->phase = crease_alloc(jobs, 1);
    census->foreign = all.foreigners;
    mpz_init(sum);
    mpz_import(sum, CREASE_WHOLE_WORDS, -1, sizeof(uint64_t), 0, 0, all.trunk.regions.word);
    for (size_t i = 0; i < jobs; i++) {
        const crease_job_result *result = &all.job[i];
        job_state state = read_state(&all.trunk, directory, i);
        crease_job_phase phase = phase_of(result, &state, directory, i);
        spent[i] =
            phase == CREASE_JOB_DONE ? result->seconds : fmax(result->seconds, state.seconds);
        census->phase[i] = (unsigned char)phase;
        census->count[phase]++;
        census->foreign += result->fate == CREASE_RESULT_DUPLICATE;
        census->seconds += spent[i];
        add_job(result, &state, sum);
    }
    census->seconds_left = time_left(census, spent);
    census->regions = crease_alloc(mpz_sizeinbase(sum, 10) + 2, 1);
    mpz_get_str(census->regions, 10, sum);
    memcpy(census->network, all.trunk.head.subject.network, sizeof census->network);
    census->source = all.trunk.head.source;
    census->place = all.trunk.head.place;
    all.trunk.head.source = all.trunk.head.place = NULL;
    mpz_clear(sum);
    free(spent);
    crease_results_free(&all);
    return CREASE_OK;
}

void crease_census_free(crease_census *census)
{
    free(census->phase);
    free(census->regions);
    free(census->source);
    free(census->place);
    memset(census, 0, sizeof *census);
}
