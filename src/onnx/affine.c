#include "onnx/affine.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

#define MAX_BYTES ((size_t)1 << 31)
#define MAX_WORK ((uint64_t)1 << 35)

enum { MAX_LIMBS = 1024, COPY = 16, PRODUCT = 64, RATIONAL_BYTES = sizeof(mpq_t) + 48 };

struct crease_affine_sum {
    crease_affine_meter *meter;
    size_t first, last; /* units used are in first .. last, if first <= last */
    size_t units;       /* that weight has room for */
    mpq_t *weight;
    mpq_t constant, product;
    crease_affine *latest; /* what came out last, or NULL */
};

const char *crease_affine_words(crease_affine_excess excess)
{
    return excess == CREASE_AFFINE_MEMORY   ? "the affine maps take more than 2 GiB"
           : excess == CREASE_AFFINE_DIGITS ? "numbers of more than 65536 bits"
                                            : "more than 2^29 products of numbers, or 2^31 copies";
}

void crease_affine_take(crease_affine_meter *meter, size_t bytes)
{
    meter->bytes += bytes;
    if (meter->bytes > MAX_BYTES)
        meter->excess = CREASE_AFFINE_MEMORY;
}

void crease_affine_give(crease_affine_meter *meter, size_t bytes)
{
    assert(bytes <= meter->bytes);
    meter->bytes -= bytes;
}

static void work(crease_affine_meter *meter, uint64_t each, uint64_t count)
{
    meter->work += each * count;
    if (meter->work > MAX_WORK)
        meter->excess = CREASE_AFFINE_WORK;
}

void crease_affine_copies(crease_affine_meter *meter, uint64_t count)
{
    work(meter, COPY, count);
}

static size_t limbs(const mpq_t value)
{
    return mpz_size(mpq_numref(value)) + mpz_size(mpq_denref(value));
}

/* Called before a number is used again, so that no number exceeds the limit by more than one
 * step. */
static void measure(crease_affine_meter *meter, const mpq_t value)
{
    if (mpz_size(mpq_numref(value)) > MAX_LIMBS || mpz_size(mpq_denref(value)) > MAX_LIMBS)
        meter->excess = CREASE_AFFINE_DIGITS;
}

static crease_affine *create(crease_affine_meter *meter, size_t terms)
{
    if (meter->excess && meter->zero)
        return crease_affine_retain(meter->zero);
    terms = meter->excess ? 0 : terms;
    crease_affine *function = crease_alloc(1, sizeof *function);
    function->references = 1;
    function->terms = terms;
    function->unit = terms ? crease_alloc(terms, sizeof *function->unit) : NULL;
    function->weight = terms ? crease_alloc(terms, sizeof *function->weight) : NULL;
    function->place = SIZE_MAX;
    mpq_init(function->constant);
    meter->zero = meter->excess ? crease_affine_retain(function) : NULL;
    return function;
}

void crease_affine_meter_close(crease_affine_meter *meter)
{
    crease_affine_release(meter, meter->zero);
    meter->zero = NULL;
}

static crease_affine *account(crease_affine_meter *meter, crease_affine *function)
{
    if (function == meter->zero)
        return function;
    size_t words = limbs(function->constant);
    for (size_t t = 0; t < function->terms; t++)
        words += limbs(function->weight[t]);
    function->bytes = sizeof *function + RATIONAL_BYTES + words * sizeof(mp_limb_t) +
                      function->terms * (RATIONAL_BYTES + sizeof *function->unit);
    crease_affine_take(meter, function->bytes);
    return function;
}

crease_affine *crease_affine_unit(crease_affine_meter *meter, uint32_t unit)
{
    crease_affine *function = create(meter, 1);
    if (function->terms) {
        function->unit[0] = unit;
        mpq_init(function->weight[0]);
        mpq_set_ui(function->weight[0], 1, 1);
    }
    return account(meter, function);
}

crease_affine *crease_affine_constant(crease_affine_meter *meter, const mpq_t value)
{
    crease_affine *function = create(meter, 0);
    if (!meter->excess)
        mpq_set(function->constant, value);
    return account(meter, function);
}

crease_affine *crease_affine_retain(crease_affine *function)
{
    function->references++;
    return function;
}

void crease_affine_release(crease_affine_meter *meter, crease_affine *function)
{
    if (!function || --function->references)
        return;
    crease_affine_give(meter, function->bytes);
    for (size_t t = 0; t < function->terms; t++)
        mpq_clear(function->weight[t]);
    mpq_clear(function->constant);
    free(function->unit);
    free(function->weight);
    free(function);
}

crease_affine_sum *crease_affine_sum_new(crease_affine_meter *meter)
{
    crease_affine_sum *sum = crease_alloc(1, sizeof *sum);
    sum->meter = meter;
    sum->first = SIZE_MAX;
    mpq_inits(sum->constant, sum->product, NULL);
    return sum;
}

void crease_affine_sum_free(crease_affine_sum *sum)
{
    if (!sum)
        return;
    crease_affine_release(sum->meter, sum->latest);
    for (size_t j = 0; j < sum->units; j++)
        mpq_clear(sum->weight[j]);
    mpq_clears(sum->constant, sum->product, NULL);
    free(sum->weight);
    free(sum);
}

static void add(crease_affine_sum *sum, mpq_t to, const mpq_t value, const mpq_t *factor)
{
    if (factor)
        mpq_mul(sum->product, value, *factor);
    mpq_add(to, to, factor ? sum->product : value);
    measure(sum->meter, to);
}

/* Makes units first .. last used. */
static void use(crease_affine_sum *sum, size_t first, size_t last)
{
    assert(first <= last);
    if (last >= sum->units) {
        size_t units = last + 1 + sum->units / 2;
        sum->weight = crease_realloc(sum->weight, units, sizeof *sum->weight);
        for (size_t j = sum->units; j < units; j++)
            mpq_init(sum->weight[j]);
        sum->units = units;
    }
    sum->first = first < sum->first ? first : sum->first;
    sum->last = last > sum->last ? last : sum->last;
}

void crease_affine_add_unit(crease_affine_sum *sum, uint32_t unit, const mpq_t factor)
{
    work(sum->meter, PRODUCT, 1);
    if (sum->meter->excess)
        return;
    use(sum, unit, unit);
    add(sum, sum->weight[unit], factor, NULL);
}

void crease_affine_add(crease_affine_sum *sum, const crease_affine *function, const mpq_t *factor)
{
    work(sum->meter, PRODUCT, function->terms + 1);
    if (sum->meter->excess || (factor && mpq_sgn(*factor) == 0))
        return;
    if (function->terms)
        use(sum, function->unit[0], function->unit[function->terms - 1]);
    for (size_t t = 0; t < function->terms && !sum->meter->excess; t++)
        add(sum, sum->weight[function->unit[t]], function->weight[t], factor);
    if (!sum->meter->excess && mpq_sgn(function->constant))
        add(sum, sum->constant, function->constant, factor);
}

void crease_affine_add_constant(crease_affine_sum *sum, const mpq_t value, const mpq_t *factor)
{
    work(sum->meter, PRODUCT, 1);
    if (!sum->meter->excess)
        add(sum, sum->constant, value, factor);
}

/* Is the sum, with this many terms, equal to the last result?  Repeated elements, such as those of
 * pads, follow one another. */
static bool is_latest(const crease_affine_sum *sum, size_t terms)
{
    const crease_affine *latest = sum->latest;
    if (!latest || latest->terms != terms || !mpq_equal(latest->constant, sum->constant))
        return false;
    for (size_t t = 0; t < terms; t++)
        if (latest->unit[t] < sum->first || latest->unit[t] > sum->last ||
            !mpq_equal(latest->weight[t], sum->weight[latest->unit[t]]))
            return false;
    return true;
}

static crease_affine *take_out(crease_affine_sum *sum, size_t terms)
{
    crease_affine *function = create(sum->meter, terms);
    size_t t = 0;
    for (size_t j = sum->first; j <= sum->last && t < function->terms; j++)
        if (mpq_sgn(sum->weight[j])) {
            function->unit[t] = (uint32_t)j;
            mpq_init(function->weight[t]);
            mpq_swap(function->weight[t++], sum->weight[j]);
        }
    if (!sum->meter->excess)
        mpq_swap(function->constant, sum->constant);
    crease_affine_release(sum->meter, sum->latest);
    sum->latest = account(sum->meter, function);
    return function;
}

crease_affine *crease_affine_sum_close(crease_affine_sum *sum)
{
    size_t terms = 0;
    if (sum->first <= sum->last)
        crease_affine_copies(sum->meter, sum->last - sum->first);
    for (size_t j = sum->first; j <= sum->last; j++)
        terms += mpq_sgn(sum->weight[j]) != 0;
    bool again = !sum->meter->excess && is_latest(sum, terms);
    crease_affine *function = again ? sum->latest : take_out(sum, terms);
    for (size_t j = sum->first; j <= sum->last; j++)
        if (mpq_sgn(sum->weight[j]))
            mpq_set_ui(sum->weight[j], 0, 1);
    mpq_set_ui(sum->constant, 0, 1);
    sum->first = SIZE_MAX;
    sum->last = 0;
    return crease_affine_retain(function);
}
