#include "base/total.h"
#include "base/output.h"
#include "base/status.h"
#include "job/shard.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

crease_status crease_job_write_result(const crease_job *job, const crease_result *result,
                                      char **line, crease_error *error)
{
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    json_t *object = json_pack(
        "{s:i, s:s, s:s, s:s, s:s, s:I, s:I, s:b, s:o, s:o, s:f, s:i, s:s}", "crease-result", 1,
        "program", CREASE_VERSION, "network", job->head.subject.network, "domain",
        job->head.subject.domain, "digest", job->digest, "job", (json_int_t)job->index, "jobs",
        (json_int_t)job->jobs, "complete", result->complete, "regions",
        crease_total_json_digits(result->digits), "decisions",
        crease_total_json_decisions(&result->decisions), "seconds",
        result->seconds + result->earlier_seconds, "threads", result->threads, "host", host);
    if (!object)
        crease_fatal("result: cannot be written as JSON");
    *line = crease_total_json_text(object, JSON_COMPACT | JSON_REAL_PRECISION(6));
    json_decref(object);
    crease_output output;
    crease_status status = crease_output_open(job->result, &output, error);
    if (!status) {
        if (!crease_output_write(&output, *line, strlen(*line)) ||
            !crease_output_write(&output, "\n", 1) || !crease_output_commit(&output))
            status = crease_fail(error, CREASE_INPUT, "%s: cannot write: %s", job->result,
                                 strerror(errno));
        crease_output_close(&output);
    }
    if (status) {
        free(*line);
        *line = NULL;
    }
    return status;
}

crease_status crease_job_matches(const crease_job *job, const crease_network *network,
                                 const crease_domain *domain, crease_job_subject *subject,
                                 crease_error *error)
{
    crease_job_subject_of(subject, network, domain);
    if (strcmp(subject->network, job->head.subject.network))
        return crease_fail(error, CREASE_INPUT, "job %zu: of another network, with digest %.16s...",
                           job->index, job->head.subject.network);
    if (strcmp(subject->domain, job->head.subject.domain))
        return crease_fail(error, CREASE_INPUT, "job %zu: of another domain", job->index);
    return CREASE_OK;
}

crease_status crease_job_count(const crease_job *job, const crease_network *network,
                               const crease_domain *domain, const crease_options *options,
                               const crease_checkpoint *checkpoint, crease_result *result,
                               char **line, crease_error *error)
{
    crease_job_subject subject;
    crease_checkpoint own = *checkpoint;
    crease_state part = job->state;
    *line = NULL;
    memset(result, 0, sizeof *result);
    crease_status status = crease_job_matches(job, network, domain, &subject, error);
    if (status)
        return status;
    memcpy(subject.part, job->digest, sizeof subject.part);
    own.write = job->kept;
    own.resume = access(job->kept, F_OK) ? NULL : job->kept;
    status = crease_job_run(&subject, network, domain, options, &own, &part, result, error);
    return status ? status : crease_job_write_result(job, result, line, error);
}
