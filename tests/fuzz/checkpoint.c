/* Checkpoints, whose seals are set right; a count, an estimate or a list goes on from those that
 * are read.  A checkpoint is trusted, so that any number may come out. */
#include "fuzz/fuzz.h"

#include <crease_jobs.h>

#include <stdlib.h>

static bool visit(void *context, const crease_region_batch *batch)
{
    (void)context, (void)batch;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *byte, size_t count)
{
    static char *directory;
    directory = directory ? directory : fuzz_directory();
    char *path = fuzz_write(directory, "checkpoint", byte, count, true);
    crease_network *network = fuzz_counted();
    crease_checkpoint checkpoint;
    crease_options options;
    crease_result result;
    crease_error error = {""};
    crease_checkpoint_default(&checkpoint);
    crease_options_default(&options);
    checkpoint.resume = path;
    options.threads = 1;
    options.limit_regions = 300;
    crease_status status =
        crease_count_resumable(network, NULL, &options, &checkpoint, &result, &error);
    if (status)
        fuzz_refused(status, &error, path);
    crease_estimation estimation;
    crease_estimate_plan plan;
    crease_estimate_plan_default(&plan);
    plan.leaves = 40;
    options.limit_regions = 0;
    options.limit_seconds = 0.05;
    status =
        crease_estimate_resumable(network, NULL, &options, &plan, &checkpoint, &estimation, &error);
    if (status)
        fuzz_refused(status, &error, path);
    options.limit_regions = 300;
    status = crease_regions_resumable(network, NULL, &options, CREASE_WITH_FACETS, &checkpoint,
                                      visit, NULL, &result, &error);
    if (status)
        fuzz_refused(status, &error, path);
    crease_network_free(network);
    free(path);
    return 0;
}
