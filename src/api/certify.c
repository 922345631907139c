#include "api/certify.h"

#include "api/run_search.h"

#include "base/status.h"
#include "domain/domain.h"
#include "net/network.h"

#include <string.h>

static bool take(void *context, const uint8_t *byte, size_t count)
{
    return crease_certificate_write(context, byte, count);
}

/* Cells that are like others are of version 2. */
static unsigned own_version(const crease_options *options)
{
    return options && options->merge == CREASE_MERGE_ON ? 2 : 1;
}

crease_status crease_certify_part(const crease_network *network, const crease_domain *domain,
                                  const crease_options *options, const crease_keeper *keeper,
                                  crease_certificate_kind kind, size_t number, const char *path,
                                  crease_result *result, crease_error *error)
{
    crease_certificate *file;
    char digits[CREASE_WHOLE_TEXT];
    memset(result, 0, sizeof *result);
    if (!*path)
        return crease_fail(error, CREASE_INPUT, "output: the path of the certificate is empty");
    if (!crease_network_certifiable(network))
        return crease_fail(error, CREASE_INPUT,
                           "certificates are for networks of at most %d inputs, hidden units in "
                           "all and rows of a layer; count proves its result without one",
                           CREASE_MAX_CERTIFIED);
    if (own_version(options) > 1 && keeper)
        return crease_fail(
            error, CREASE_INPUT,
            "merge: only a whole certificate can say that cells are like others, not "
            "one in parts");
    crease_status status = crease_certificate_open(path, &file, error);
    if (status)
        return status;
    unsigned version = own_version(options);
    crease_tape *tape = crease_tape_new(take, file, version);
    status = crease_search(network, domain, options, tape, keeper, result, error);
    if (!status && crease_tape_reason(tape))
        status = crease_fail(error, CREASE_INPUT, "%s: no certificate: %s", path,
                             crease_tape_reason(tape));
    else if (!status && crease_tape_failed(tape))
        status = crease_certificate_error(file, error);
    const crease_whole shown = crease_tape_shown(tape);
    crease_tape_free(tape);
    crease_whole_text(&shown, digits);
    if (!status && result->complete && strcmp(digits, result->digits))
        status = crease_fail(error, CREASE_INTERNAL,
                             "%s: no certificate: its tree proves %s regions, %s were counted",
                             path, digits, result->digits);
    if (!status && result->complete &&
        shown.word[4] | shown.word[5] | shown.word[6] | shown.word[7])
        status = crease_fail(error, CREASE_INPUT,
                             "%s: no certificate: it cannot claim 2^256 regions or more", path);
    if (!status && result->complete) {
        crease_claim claim = {.version = version, .kind = kind, .number = number, .regions = shown};
        crease_network_hash(network, claim.network);
        crease_domain_digest(domain, crease_network_inputs(network), claim.domain);
        status = crease_certificate_finish(file, &claim, &result->certificate_bytes, error);
    }
    crease_certificate_free(file);
    return status;
}

crease_status crease_certify(const crease_network *network, const crease_domain *domain,
                             const crease_options *options, const char *path, crease_result *result,
                             crease_error *error)
{
    return crease_certify_part(network, domain, options, NULL, CREASE_CERTIFICATE_WHOLE, 0, path,
                               result, error);
}
