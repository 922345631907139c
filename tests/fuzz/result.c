/* Results of a job, merged with those of the other jobs in $FUZZ_DIRECTORY/jobs. */
#include "fuzz/fuzz.h"

#include <crease_jobs.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *byte, size_t count)
{
    const char *parent = getenv("FUZZ_DIRECTORY");
    fuzz_claim(parent, "FUZZ_DIRECTORY is not set");
    char *path = fuzz_write(parent, "jobs/0000.result", byte, count, false);
    crease_merged merged;
    crease_error error = {""};
    *strrchr(path, '/') = 0;
    crease_status status = crease_merge(path, &merged, &error);
    if (status)
        fuzz_refused(status, &error, path);
    else
        crease_merged_free(&merged);
    free(path);
    return 0;
}
