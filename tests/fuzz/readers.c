/* Networks in JSON, put to the readers of crease and crease-check: both accept the text, with the
 * same digest, or both refuse it. */
#include "fuzz/checker.h"
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <string.h>

static void digest_of(const crease_network *network, char hex[65])
{
    if (network)
        crease_network_digest(network, hex);
}

int LLVMFuzzerTestOneInput(const uint8_t *byte, size_t count)
{
    static const char name[] = "fuzz.json";
    crease_network *network = NULL;
    crease_error error = {""};
    uint8_t digest[32];
    char ours[65] = "", theirs[65] = "";
    const char *path = fuzz_file(byte, count);
    crease_status status = crease_network_read(path, &network, &error);
    digest_of(network, ours);
    if (status)
        fuzz_refused(status, &error, path);
    crease_network_free(network);
    checker_verdict verdict = checker_network(path, digest);
    for (int i = 0; !verdict.status && i < 32; i++)
        snprintf(theirs + 2 * i, 3, "%02x", digest[i]);
    if (strcmp(ours, theirs))
        fprintf(stderr, "%s: crease: %s%s\n%s: crease-check: %s%s\n", name, ours, error.text, name,
                theirs, verdict.line);
    fuzz_claim(!strcmp(ours, theirs), "the two readers differ");
    return 0;
}
