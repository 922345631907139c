#include "base/clock.h"
#include "base/output.h"
#include "base/status.h"
#include "job/checkpoint.h"
#include "api/search.h"

#include <string.h>

/* Saving takes less than one percent of the time. */
enum { SAVE_PAUSE = 100 };

/* A count and where its states go. */
typedef struct {
    const crease_checkpoint *checkpoint;
    const char *path;
    const crease_job_subject *subject;
    crease_engine engine;
    double begin, earlier; /* seconds: the clock at the beginning, and of the runs before */
    bool begun, failed;    /* the first state was written, or could not be */
    crease_status status;  /* of the last state */
    crease_error error;
} keeping;

static bool save(void *context, crease_state *now, bool end)
{
    keeping *k = context;
    bool first = !k->begun;
    k->begun = true;
    if (k->failed)
        return false;
    crease_checkpoint_content content = {
        .engine = k->engine,
        .seconds = k->earlier + crease_clock_seconds() - k->begin,
        .state = *now,
    };
    k->status = crease_checkpoint_write(k->path, k->subject, &content, &k->error);
    k->failed = k->status && first;
    /* The old file is still there, and the count goes on. */
    if (k->status && !end && !first && k->checkpoint->trouble)
        k->checkpoint->trouble(k->checkpoint->context, k->error.text);
    return !k->failed;
}

void crease_checkpoint_default(crease_checkpoint *checkpoint)
{
    memset(checkpoint, 0, sizeof *checkpoint);
    checkpoint->every = 60;
}

crease_status crease_job_run(const crease_job_subject *subject, const crease_network *network,
                             const crease_domain *domain, const crease_options *options,
                             const crease_checkpoint *checkpoint, crease_state *part,
                             crease_result *result, crease_error *error)
{
    crease_options own;
    crease_checkpoint_content from;
    keeping k = {.checkpoint = checkpoint,
                 .path = checkpoint->write ? checkpoint->write : checkpoint->resume,
                 .subject = subject,
                 .begin = crease_clock_seconds()};
    crease_options_default(&own);
    own = options ? *options : own;
    memset(result, 0, sizeof *result);
    memset(&from, 0, sizeof from);
    crease_status status = CREASE_OK;
    if (checkpoint->resume)
        status = crease_checkpoint_read(checkpoint->resume, subject, &from, error);
    crease_checkpoint_content begin = {.engine = CREASE_ENGINE_SPLIT};
    begin.state = checkpoint->resume ? from.state : part ? *part : begin.state;
    if (!status && (checkpoint->resume || part))
        status = crease_checkpoint_follow(checkpoint->resume ? &from : &begin, k.path, &own, error);
    k.engine = own.engine == CREASE_ENGINE_WALK ? CREASE_ENGINE_WALK : CREASE_ENGINE_SPLIT;
    k.earlier = from.seconds;
    if (!status)
        crease_output_sweep(k.path);
    bool begun = !crease_checkpoint_fresh(checkpoint->resume ? &from : &begin) || part;
    crease_keeper keeper = {.from = (checkpoint->resume || part) && begun ? &begin.state : NULL,
                            .every = checkpoint->every,
                            .pause = SAVE_PAUSE,
                            .save = save,
                            .context = &k};
    if (!status)
        status = crease_search(network, domain, &own, NULL, &keeper, result, error);
    /* Nothing is to go on from when the count is complete. */
    if (!status && k.status && result->complete && !k.failed) {
        if (checkpoint->trouble)
            checkpoint->trouble(checkpoint->context, k.error.text);
    } else if (!status && k.status) {
        status = k.status;
        if (error)
            *error = k.error;
    }
    result->earlier_seconds = from.seconds;
    crease_checkpoint_free(&from);
    return status;
}

crease_status crease_count_resumable(const crease_network *network, const crease_domain *domain,
                                     const crease_options *options,
                                     const crease_checkpoint *checkpoint, crease_result *result,
                                     crease_error *error)
{
    crease_job_subject subject;
    memset(result, 0, sizeof *result);
    if (!checkpoint->write && !checkpoint->resume)
        return crease_fail(error, CREASE_INPUT,
                           "checkpoint: neither a file to write nor one to resume");
    crease_job_subject_of(&subject, network, domain);
    return crease_job_run(&subject, network, domain, options, checkpoint, NULL, result, error);
}
