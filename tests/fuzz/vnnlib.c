/* VNN-LIB properties of five inputs, and the first parts of those that are read. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_PARTS = 8 };

static crease_network *five_inputs(void)
{
    static const char text[] =
        "{\"input\": 5, \"layers\": [{\"activation\": \"relu\", \"weight\": [[1, 2, 3, 4, 5]], "
        "\"bias\": [1]}, {\"activation\": \"linear\", \"weight\": [[1]], \"bias\": [0]}]}";
    crease_network *network = NULL;
    fuzz_claim(!crease_network_parse(text, strlen(text), "five", &network, NULL), "no network");
    return network;
}

int LLVMFuzzerTestOneInput(const uint8_t *byte, size_t count)
{
    crease_error error = {""};
    crease_property *property = NULL;
    char *text = malloc(count + 1);
    fuzz_claim(text, "out of memory");
    memcpy(text, byte, count);
    text[count] = 0;
    crease_status status = crease_property_parse(text, count, "fuzz.vnnlib", 5, &property, &error);
    free(text);
    if (status) {
        fuzz_refused(status, &error, "fuzz.vnnlib");
        return 0;
    }
    crease_network *network = five_inputs();
    for (size_t i = 0; i < crease_property_parts(property) && i < MOST_PARTS; i++) {
        crease_network *sliced = NULL;
        crease_domain *domain = NULL;
        status = crease_property_part(property, i, network, &sliced, &domain, &error);
        if (status)
            fuzz_refused(status, &error, "fuzz.vnnlib");
        crease_network_free(sliced);
        crease_domain_free(domain);
    }
    crease_network_free(network);
    crease_property_free(property);
    return 0;
}
