/* Jobs and trunks, whose seals are set right; a job that is read is counted. */
#include "fuzz/fuzz.h"

#include "job/shard.h"

#include <stdio.h>
#include <stdlib.h>

/* A job is trusted, so that any count may come out. */
static void count_job(const crease_job *job)
{
    crease_network *network = fuzz_counted();
    crease_checkpoint checkpoint;
    crease_options options;
    crease_result result;
    crease_error error = {""};
    char *line = NULL;
    remove(job->kept); /* the state of the job before */
    crease_checkpoint_default(&checkpoint);
    crease_options_default(&options);
    options.threads = 1;
    options.limit_regions = 300;
    crease_status status =
        crease_job_count(job, network, NULL, &options, &checkpoint, &result, &line, &error);
    if (status)
        fuzz_refused(status, &error, "job");
    free(line);
    crease_network_free(network);
}

int LLVMFuzzerTestOneInput(const uint8_t *byte, size_t count)
{
    static char *directory;
    directory = directory ? directory : fuzz_directory();
    crease_error error = {""};
    crease_job *job = NULL;
    crease_trunk trunk;
    char *path = fuzz_write(directory, "0000.job", byte, count, true);
    crease_status status = crease_job_open(path, -1, &job, &error);
    if (status)
        fuzz_refused(status, &error, path);
    else
        count_job(job);
    crease_job_free(job);
    free(path);
    path = fuzz_write(directory, "trunk", byte, count, true);
    status = crease_trunk_read(directory, &trunk, &error);
    if (status)
        fuzz_refused(status, &error, path);
    else
        crease_trunk_free(&trunk);
    free(path);
    return 0;
}
