#include "net/domain.h"

#include "base/memory.h"
#include "base/status.h"
#include "net/rational.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static crease_status read_interval(const char *text, size_t length, size_t j, mpq_t lo, mpq_t hi,
                                   crease_error *error)
{
    const char *colon = memchr(text, ':', length);
    if (!colon || !crease_rational_parse(lo, text, (size_t)(colon - text)) ||
        !crease_rational_parse(hi, colon + 1, length - (size_t)(colon - text) - 1))
        return crease_fail(error, CREASE_INPUT, "box, input %zu: \"%.*s\" is not LO:HI", j + 1,
                           length > 60 ? 60 : (int)length, text);
    if (mpq_cmp(lo, hi) >= 0)
        return crease_fail(error, CREASE_INPUT,
                           "box, input %zu: \"%.*s\" is empty or flat, LO must be less than HI",
                           j + 1, length > 60 ? 60 : (int)length, text);
    return CREASE_OK;
}

/* Calls for a wrong number of list entries share this message. */
static crease_status wrong_count(const char *what, size_t given, size_t inputs, crease_error *error)
{
    return crease_fail(error, CREASE_INPUT, "%s: %zu entries given, the network has %zu inputs",
                       what, given, inputs);
}

static size_t count_entries(const char *text)
{
    size_t count = 1;
    for (; *text; text++)
        count += *text == ',';
    return count;
}

crease_status crease_domain_box(const char *text, size_t inputs, crease_domain **domain,
                                crease_error *error)
{
    size_t entries = count_entries(text);
    *domain = NULL;
    if (entries != 1 && entries != inputs)
        return wrong_count("box", entries, inputs, error);
    crease_domain *box = crease_alloc(1, sizeof *box);
    box->inputs = inputs;
    box->lo = crease_alloc(inputs, sizeof *box->lo);
    box->hi = crease_alloc(inputs, sizeof *box->hi);
    for (size_t j = 0; j < inputs; j++) {
        mpq_init(box->lo[j]);
        mpq_init(box->hi[j]);
    }
    for (size_t j = 0; j < inputs; j++) {
        if (j >= entries) {
            mpq_set(box->lo[j], box->lo[0]);
            mpq_set(box->hi[j], box->hi[0]);
            continue;
        }
        size_t length = strcspn(text, ",");
        crease_status status = read_interval(text, length, j, box->lo[j], box->hi[j], error);
        if (status) {
            crease_domain_free(box);
            return status;
        }
        text += length + 1;
    }
    *domain = box;
    return CREASE_OK;
}

void crease_domain_free(crease_domain *domain)
{
    if (!domain)
        return;
    for (size_t j = 0; j < domain->inputs; j++) {
        mpq_clear(domain->lo[j]);
        mpq_clear(domain->hi[j]);
    }
    free(domain->lo);
    free(domain->hi);
    free(domain);
}

crease_status crease_domain_point(const char *text, size_t inputs, mpq_t *x, crease_error *error)
{
    size_t entries = count_entries(text);
    if (entries != inputs)
        return wrong_count("start", entries, inputs, error);
    for (size_t j = 0; j < inputs; j++) {
        size_t length = strcspn(text, ",");
        if (!crease_rational_parse(x[j], text, length))
            return crease_fail(error, CREASE_INPUT, "start, input %zu: \"%.*s\" is not a number",
                               j + 1, length > 60 ? 60 : (int)length, text);
        text += length + 1;
    }
    return CREASE_OK;
}

static void digest_bound(struct sha256_ctx *context, const mpq_t bound, const char *end)
{
    char *text = crease_alloc(mpz_sizeinbase(mpq_numref(bound), 10) +
                                  mpz_sizeinbase(mpq_denref(bound), 10) + 3, 1);
    mpq_get_str(text, 10, bound);
    sha256_update(context, strlen(text), (const uint8_t *)text);
    sha256_update(context, strlen(end), (const uint8_t *)end);
    free(text);
}

void crease_domain_digest(const crease_domain *domain, size_t inputs, uint8_t digest[32])
{
    struct sha256_ctx context;
    char head[64];
    sha256_init(&context);
    snprintf(head, sizeof head, "crease-domain 1\n%s %zu\n", domain ? "box" : "space", inputs);
    sha256_update(&context, strlen(head), (const uint8_t *)head);
    for (size_t j = 0; domain && j < inputs; j++) {
        digest_bound(&context, domain->lo[j], " ");
        digest_bound(&context, domain->hi[j], "\n");
    }
    sha256_digest(&context, SHA256_DIGEST_SIZE, digest);
}
