#include "domain/domain.h"

#include "base/memory.h"
#include "base/status.h"
#include "exact/fractions.h"
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
        return crease_fail(error, CREASE_INPUT, "box, input %zu: \"%.*s\" is not LO:HI", j,
                           length > 60 ? 60 : (int)length, text);
    if (mpq_cmp(lo, hi) >= 0)
        return crease_fail(error, CREASE_INPUT,
                           "box, input %zu: \"%.*s\" is empty or flat, LO must be less than HI", j,
                           length > 60 ? 60 : (int)length, text);
    return CREASE_OK;
}

/* Calls for a wrong number of list entries share this message. */
static crease_status wrong_count(const char *what, size_t given, size_t inputs, crease_error *error)
{
    return crease_fail(error, CREASE_INPUT, "%s: %zu entr%s given, the network has %zu input%s",
                       what, given, given == 1 ? "y" : "ies", inputs, inputs == 1 ? "" : "s");
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
    crease_domain *box = crease_domain_new(inputs, true, 0);
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

crease_status crease_domain_check_size(const char *name, size_t halves, size_t inputs,
                                       crease_error *error)
{
    if (halves > CREASE_MAX_HALVES)
        return crease_fail(error, CREASE_INPUT, "%s: %zu half-spaces, at most %d are allowed", name,
                           halves, CREASE_MAX_HALVES);
    if (halves && halves > CREASE_MAX_HALF_NUMBERS / (inputs + 1))
        return crease_fail(
            error, CREASE_INPUT,
            "%s: %zu half-spaces of %zu inputs have more than %d numbers; fix inputs "
            "or take a slice",
            name, halves, inputs, CREASE_MAX_HALF_NUMBERS);
    return CREASE_OK;
}

crease_domain *crease_domain_new(size_t inputs, bool box, size_t halves)
{
    crease_domain *domain = crease_alloc(1, sizeof *domain);
    domain->inputs = inputs;
    domain->lo = box ? crease_fractions_new(inputs) : NULL;
    domain->hi = box ? crease_fractions_new(inputs) : NULL;
    domain->halves = halves;
    domain->half = crease_fractions_new(halves * (inputs + 1));
    return domain;
}

void crease_domain_free(crease_domain *domain)
{
    if (!domain)
        return;
    crease_fractions_free(domain->lo, domain->inputs);
    crease_fractions_free(domain->hi, domain->inputs);
    crease_fractions_free(domain->half, domain->halves * (domain->inputs + 1));
    free(domain);
}

void crease_domain_half(const crease_domain *domain, size_t i, mpz_t *row)
{
    size_t n = domain->inputs;
    mpq_t *half = domain->half + i * (n + 1);
    mpz_t common;
    mpz_init_set_ui(common, 1);
    for (size_t j = 0; j <= n; j++)
        mpz_lcm(common, common, mpq_denref(half[j]));
    for (size_t j = 0; j <= n; j++) {
        mpz_divexact(row[j], common, mpq_denref(half[j]));
        mpz_mul(row[j], row[j], mpq_numref(half[j]));
        if (j < n)
            mpz_neg(row[j], row[j]);
    }
    mpz_clear(common);
}

/* The sign of b - sum_j a_j x_j. */
static int side_of(const crease_domain *domain, size_t i, mpq_t *x)
{
    mpq_t *half = domain->half + i * (domain->inputs + 1), rest, term;
    mpq_inits(rest, term, NULL);
    mpq_set(rest, half[domain->inputs]);
    for (size_t j = 0; j < domain->inputs; j++) {
        mpq_mul(term, half[j], x[j]);
        mpq_sub(rest, rest, term);
    }
    int sign = mpq_sgn(rest);
    mpq_clears(rest, term, NULL);
    return sign;
}

bool crease_domain_contains(const crease_domain *domain, mpq_t *x, bool strictly)
{
    int least = strictly ? 1 : 0;
    for (size_t j = 0; crease_domain_boxed(domain) && j < domain->inputs; j++) {
        int low = mpq_cmp(x[j], domain->lo[j]), high = mpq_cmp(domain->hi[j], x[j]);
        if ((low > 0) - (low < 0) < least || (high > 0) - (high < 0) < least)
            return false;
    }
    for (size_t i = 0; domain && i < domain->halves; i++)
        if (side_of(domain, i, x) < least)
            return false;
    return true;
}

crease_status crease_domain_point(const char *text, const char *what, size_t inputs, mpq_t *x,
                                  crease_error *error)
{
    size_t entries = count_entries(text);
    if (entries != inputs)
        return wrong_count(what, entries, inputs, error);
    for (size_t j = 0; j < inputs; j++) {
        size_t length = strcspn(text, ",");
        if (!crease_rational_parse(x[j], text, length))
            return crease_fail(error, CREASE_INPUT, "%s, input %zu: \"%.*s\" is not a number", what,
                               j, length > 60 ? 60 : (int)length, text);
        text += length + 1;
    }
    return CREASE_OK;
}

typedef struct {
    void (*take)(void *context, const char *text);
    void *context;
} sink;

static void put_number(const sink *to, const mpq_t number, const char *end)
{
    char *text = crease_alloc(
        mpz_sizeinbase(mpq_numref(number), 10) + mpz_sizeinbase(mpq_denref(number), 10) + 3, 1);
    mpq_get_str(text, 10, number);
    to->take(to->context, text);
    to->take(to->context, end);
    free(text);
}

void crease_domain_canonical(const crease_domain *domain, size_t inputs,
                             void (*take)(void *context, const char *text), void *context)
{
    const sink to = {take, context};
    char head[64];
    bool boxed = crease_domain_boxed(domain);
    snprintf(head, sizeof head, "crease-domain 1\n%s %zu\n", boxed ? "box" : "space", inputs);
    take(context, head);
    for (size_t j = 0; boxed && j < inputs; j++) {
        put_number(&to, domain->lo[j], " ");
        put_number(&to, domain->hi[j], "\n");
    }
    size_t halves = domain ? domain->halves : 0;
    if (halves) {
        snprintf(head, sizeof head, "halves %zu\n", halves);
        take(context, head);
    }
    for (size_t i = 0; i < halves * (inputs + 1); i++)
        put_number(&to, domain->half[i], i % (inputs + 1) < inputs ? " " : "\n");
}

static void take_digest(void *context, const char *text)
{
    sha256_update(context, strlen(text), (const uint8_t *)text);
}

void crease_domain_digest(const crease_domain *domain, size_t inputs, uint8_t digest[32])
{
    struct sha256_ctx context;
    sha256_init(&context);
    crease_domain_canonical(domain, inputs, take_digest, &context);
    sha256_digest(&context, SHA256_DIGEST_SIZE, digest);
}
