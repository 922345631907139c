/* Domains and slices of a network of two inputs, from JSON; boxes as on the command line. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

static void read_box(const char *text)
{
    crease_domain *domain = NULL;
    crease_error error = {""};
    crease_status status = crease_domain_box(text, 2, &domain, &error);
    if (status)
        fuzz_refused(status, &error, "box");
    crease_domain_free(domain);
}

int LLVMFuzzerTestOneInput(const uint8_t *byte, size_t count)
{
    crease_network *network = fuzz_counted(), *sliced = NULL;
    crease_domain *domain = NULL;
    crease_error error = {""};
    char *text = malloc(count + 1);
    fuzz_claim(text, "out of memory");
    memcpy(text, byte, count);
    text[count] = 0;
    crease_status status = crease_domain_parse(text, count, "fuzz.json", 2, &domain, &error);
    if (status)
        fuzz_refused(status, &error, "fuzz.json");
    status = crease_slice_parse(text, count, "fuzz.json", network, &sliced, &error);
    if (status)
        fuzz_refused(status, &error, "fuzz.json");
    read_box(text);
    crease_network_free(sliced);
    crease_domain_free(domain);
    crease_network_free(network);
    free(text);
    return 0;
}
