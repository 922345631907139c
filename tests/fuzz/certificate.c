/* Trees of certificates.  The first byte chooses the network, the others are the certificate behind
 * its head, which claims the right number.  The checker may reject the tree; it must not find that
 * it proves another number.  run.sh makes the seeds and knows the cases by their numbers. */
#include "fuzz/checker.h"
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

/* The regions of each are counted by crease; other tests compare them with closed forms. */
static struct {
    const char *path, *box;
    checker_case *opened;
    uint64_t regions;
} cases[] = {
    {"data/abs-1d.json", NULL, NULL, 0},           {"data/max-min-2d.json", NULL, NULL, 0},
    {"data/braid-4.json", NULL, NULL, 0},          {"data/fold-2d-4-4-4.json", "0:1", NULL, 0},
    {"data/zigzag-1d-n4-l3.json", "0:1", NULL, 0},
};
enum { CASES = sizeof cases / sizeof *cases };

static void open_cases(void)
{
    for (int i = 0; i < CASES; i++) {
        crease_network *network = NULL;
        crease_domain *domain = NULL;
        crease_result result;
        fuzz_claim(!crease_network_read(cases[i].path, &network, NULL), "no network");
        fuzz_claim(!cases[i].box || !crease_domain_box(cases[i].box, crease_network_inputs(network),
                                                       &domain, NULL),
                   "no box");
        fuzz_claim(!crease_count(network, domain, NULL, &result, NULL), "no count");
        cases[i].regions = result.regions;
        cases[i].opened = checker_open(cases[i].path, cases[i].box);
        crease_domain_free(domain);
        crease_network_free(network);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *byte, size_t count)
{
    if (!cases[0].opened)
        open_cases();
    if (!count)
        return -1;
    int i = byte[0] % CASES;
    size_t length = CHECKER_HEAD + count - 1;
    uint8_t *file = malloc(length);
    fuzz_claim(file, "out of memory");
    checker_head(cases[i].opened, cases[i].regions, file);
    memcpy(file + CHECKER_HEAD, byte + 1, count - 1);
    checker_verdict verdict = checker_certificate(cases[i].opened, fuzz_file(file, length));
    free(file);
    fuzz_claim(!checker_wrong_number(&verdict), verdict.line);
    return 0;
}
