#include "base/clock.h"
#include "base/output.h"
#include "base/status.h"
#include "job/checkpoint.h"
#include "api/run_search.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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

crease_status crease_checkpoint_source(const crease_checkpoint *checkpoint, const char **from,
                                       crease_error *error)
{
    struct stat kept, resumed;
    *from = checkpoint->resume;
    if (!checkpoint->write || stat(checkpoint->write, &kept))
        return CREASE_OK;
    if (!S_ISREG(kept.st_mode))
        return crease_fail(error, CREASE_INPUT, "%s: not a regular file", checkpoint->write);
    if (!checkpoint->resume)
        *from = checkpoint->write;
    else if (!stat(checkpoint->resume, &resumed) &&
             (kept.st_dev != resumed.st_dev || kept.st_ino != resumed.st_ino))
        return crease_fail(error, CREASE_INPUT,
                           "%s: there already, and not the file to resume; it is not replaced",
                           checkpoint->write);
    return CREASE_OK;
}

crease_status crease_checkpoint_read_source(const crease_checkpoint *checkpoint, const char *from,
                                            const crease_job_subject *subject,
                                            crease_checkpoint_content *content, crease_error *error)
{
    crease_error why;
    crease_status status = crease_checkpoint_read(from, subject, content, &why);
    if (status)
        return crease_fail(error, status, "%s%s", why.text,
                           checkpoint->resume ? "" : "; it is not replaced");
    return CREASE_OK;
}

void crease_checkpoint_announce(const crease_checkpoint *checkpoint, const char *what,
                                const char *from, const crease_checkpoint_content *content)
{
    char line[400], regions[CREASE_WHOLE_TEXT];
    if (checkpoint->resume || !checkpoint->found || crease_checkpoint_fresh(content))
        return;
    crease_whole_text(&content->state.regions, regions);
    snprintf(line, sizeof line, "%.180s: the %s goes on from here, after %s regions", from, what,
             regions);
    checkpoint->found(checkpoint->context, line);
}

crease_status crease_checkpoint_begin(const crease_network *network, const crease_domain *domain,
                                      const crease_options *options,
                                      const crease_checkpoint *checkpoint, crease_error *error)
{
    const char *from;
    crease_job_subject subject;
    crease_checkpoint_content content = {
        .engine = options->engine == CREASE_ENGINE_WALK ? CREASE_ENGINE_WALK : CREASE_ENGINE_SPLIT};
    crease_status status = crease_checkpoint_source(checkpoint, &from, error);
    if (status || from)
        return status;
    crease_job_subject_of(&subject, network, domain);
    crease_stacks_add(&content.state.open, NULL, 0);
    status = crease_checkpoint_write(checkpoint->write, &subject, &content, error);
    crease_stacks_clear(&content.state.open);
    return status;
}

/* If a state was read that does not fit, the message names its file. */
static crease_status search_from(const crease_network *network, const crease_domain *domain,
                                 const crease_options *options, const crease_keeper *keeper,
                                 const char *path, crease_result *result, crease_error *error)
{
    crease_error own = {""};
    crease_status status = crease_search(network, domain, options, NULL, keeper, result, &own);
    if (status == CREASE_INPUT && keeper->from)
        return crease_fail(error, status, "%s: %s", path, own.text);
    if (status && error)
        *error = own;
    return status;
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
    const char *source;
    crease_status status = crease_checkpoint_source(checkpoint, &source, error);
    if (!status && source)
        status = crease_checkpoint_read_source(checkpoint, source, subject, &from, error);
    crease_checkpoint_content begin = {.engine = CREASE_ENGINE_SPLIT};
    begin.state = source ? from.state : part ? *part : begin.state;
    if (!status && (source || part))
        status = crease_checkpoint_follow(source ? &from : &begin, k.path, &own, error);
    if (!status && source)
        crease_checkpoint_announce(checkpoint, "count", source, &from);
    k.engine = own.engine == CREASE_ENGINE_WALK ? CREASE_ENGINE_WALK : CREASE_ENGINE_SPLIT;
    k.earlier = from.seconds;
    if (!status)
        crease_output_sweep(k.path);
    bool begun = !crease_checkpoint_fresh(source ? &from : &begin) || part;
    crease_keeper keeper = {.from = (source || part) && begun ? &begin.state : NULL,
                            .every = checkpoint->every,
                            .pause = SAVE_PAUSE,
                            .save = save,
                            .context = &k};
    if (!status)
        status =
            search_from(network, domain, &own, &keeper, source ? source : "job", result, error);
    /* A complete count needs no checkpoint, so the error is only reported. */
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
