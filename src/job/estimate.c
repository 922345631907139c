#include "job/estimate.h"

#include "api/estimate.h"
#include "base/output.h"
#include "base/status.h"

#include <stdio.h>
#include <string.h>

/* Keeping takes less than one percent of the time. */
enum { KEEP_PAUSE = 100 };

/* An estimate and where it is kept. */
typedef struct {
    const crease_checkpoint *checkpoint;
    const char *path;
    crease_estimate_subject subject;
    bool failed; /* the last one was not written */
    crease_error error;
} keeping;

static void keep(void *context, const crease_kept *now)
{
    keeping *k = context;
    k->failed = crease_kept_write(k->path, &k->subject, now, &k->error) != CREASE_OK;
    /* The old file is still there, and the estimate goes on. */
    if (k->failed && k->checkpoint->trouble)
        k->checkpoint->trouble(k->checkpoint->context, k->error.text);
}

static void set_subject(keeping *k, const crease_network *network, const crease_domain *domain,
                        const crease_options *options, const crease_estimate_plan *plan)
{
    crease_options own;
    crease_options_default(&own);
    own = options ? *options : own;
    crease_job_subject_of(&k->subject.subject, network, domain);
    crease_estimate_plan_default(&k->subject.plan);
    if (plan)
        k->subject.plan = *plan;
    k->subject.seed = own.seed;
    k->subject.cell = own.cell;
}

static crease_status read_source(const keeping *k, const char *from, crease_kept *kept,
                                 crease_error *error)
{
    crease_error why;
    char line[300];
    crease_status status = crease_kept_read(from, &k->subject, kept, &why);
    if (status)
        return crease_fail(error, status, "%s%s", why.text,
                           k->checkpoint->resume ? "" : "; it is not replaced");
    snprintf(line, sizeof line, "%.180s: the estimate goes on from here", from);
    if (!k->checkpoint->resume && k->checkpoint->found && kept->trials)
        k->checkpoint->found(k->checkpoint->context, line);
    return CREASE_OK;
}

crease_status crease_estimate_by_team(const crease_network *network, const crease_domain *domain,
                                      const crease_options *options,
                                      const crease_estimate_plan *plan,
                                      const crease_checkpoint *checkpoint, const crease_team *team,
                                      crease_estimation *estimation, crease_error *error)
{
    const char *source;
    crease_kept kept;
    keeping k = {.checkpoint = checkpoint,
                 .path = checkpoint->write ? checkpoint->write : checkpoint->resume};
    if (!k.path)
        return crease_fail(error, CREASE_INPUT,
                           "checkpoint: neither a file to write nor one to resume");
    crease_kept_init(&kept);
    set_subject(&k, network, domain, options, plan);
    crease_status status = crease_checkpoint_source(checkpoint, &source, error);
    if (!status && source)
        status = read_source(&k, source, &kept, error);
    if (!status) {
        crease_output_sweep(k.path);
        status = crease_kept_write(k.path, &k.subject, &kept, error);
    }
    crease_keeper keeper = {.kept = source ? &kept : NULL,
                            .keep = keep,
                            .every = checkpoint->every,
                            .pause = KEEP_PAUSE,
                            .team = team,
                            .context = &k};
    if (!status)
        status = crease_estimate_from(network, domain, options, plan, &keeper, estimation, error);
    if (!status)
        estimation->seconds += kept.seconds;
    /* A complete estimate needs no checkpoint. */
    if (!status && k.failed && !estimation->complete) {
        status = CREASE_INPUT;
        if (error)
            *error = k.error;
    }
    crease_kept_free(&kept);
    return status;
}

crease_status crease_estimate_resumable(const crease_network *network, const crease_domain *domain,
                                        const crease_options *options,
                                        const crease_estimate_plan *plan,
                                        const crease_checkpoint *checkpoint,
                                        crease_estimation *estimation, crease_error *error)
{
    return crease_estimate_by_team(network, domain, options, plan, checkpoint, NULL, estimation,
                                   error);
}
