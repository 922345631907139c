/* The domain as exact numbers, its digest, and the inputs that may be dropped. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

/* Intervals LO:HI, one for every input or one for all. */
static void read_intervals(network *net, const char *box)
{
    char *intervals = strdup(box), *rest = intervals;
    size_t given = 1;
    if (!intervals)
        base_stop("out of memory");
    for (const char *at = intervals; (at = strchr(at, ',')); at++)
        given++;
    if (given != 1 && given != net->inputs)
        base_stop("--box: %zu intervals for %zu inputs", given, net->inputs);
    net->bound = base_allocate(2 * net->inputs, sizeof *net->bound);
    for (size_t j = 0; j < net->inputs; j++) {
        mpq_t *lo = net->bound + 2 * j, *hi = lo + 1;
        mpq_inits(*lo, *hi, NULL);
        char *low = j < given ? strsep(&rest, ",") : NULL, *high = low ? strchr(low, ':') : NULL;
        if (high)
            *high++ = 0;
        if (j >= given) {
            mpq_set(*lo, net->bound[0]);
            mpq_set(*hi, net->bound[1]);
        } else if (!high || !json_rational(*lo, low) || !json_rational(*hi, high)) {
            base_stop("--box, input %zu: expected exact numbers LO:HI", j + 1);
        }
    }
    free(intervals);
}

/* {"A": rows, "b": numbers, "box": pairs}: A x <= b, and the box if there is one. */
static void read_file(network *net, const char *path, numbers *row, numbers *end)
{
    static const char *const key[4] = {"A", "b", "box", "comment"};
    size_t size, n = net->inputs, two = 2, rows = 0;
    char *data = json_file(path, &size), none[1];
    json_text j = {path, data, data};
    numbers bound = {0};
    unsigned seen = 0;
    for (int k; (k = json_key(&j, key, 4, &seen)) >= 0;) {
        if (k == 0)
            rows = json_rows(&j, row, &n);
        else if (k == 1)
            json_numbers(&j, end);
        else if (k == 2)
            json_rows(&j, &bound, &two);
        else
            json_string(&j, none, sizeof none);
    }
    j.at += strspn(j.at, " \t\n\r");
    if (j.at != data + size || (seen & 7) == 0 || (seen & 1) != (seen >> 1 & 1) ||
        rows != end->count || (seen & 4 && bound.count != 2 * net->inputs))
        json_bad(&j, "neither \"box\" nor \"A\" and \"b\", wrong lengths, or something behind");
    net->bound = seen & 4 ? bound.value : NULL;
    free(data);
}

/* The rows b - a x, without denominators. */
static void set_halves(network *net, const numbers *row, const numbers *end)
{
    size_t n = net->inputs;
    mpz_t common;
    mpz_init(common);
    net->halves = end->count;
    net->half = base_integers(NULL, 0, net->halves * (n + 1));
    for (size_t i = 0; i < net->halves; i++) {
        bool zero = true;
        mpz_set(common, mpq_denref(end->value[i]));
        for (size_t j = 0; j < n; j++)
            mpz_lcm(common, common, mpq_denref(row->value[i * n + j]));
        for (size_t j = 0; j <= n; j++) {
            mpq_t *from = j < n ? row->value + i * n + j : end->value + i;
            mpz_ptr to = net->half + i * (n + 1) + j;
            mpz_divexact(to, common, mpq_denref(*from));
            mpz_mul(to, to, mpq_numref(*from));
            if (j < n)
                mpz_neg(to, to);
            zero = zero && (j == n || mpz_sgn(to) == 0);
        }
        if (zero)
            base_stop("--domain: row %zu of A is zero", i);
    }
    mpz_clear(common);
}

void domain_read(network *net, const char *box, const char *path)
{
    static numbers row, end; /* so that they are not lost */
    writing text = {0};
    size_t n = net->inputs;
    if (path)
        read_file(net, path, &row, &end);
    else if (box)
        read_intervals(net, box);
    net->box = net->bound != NULL;
    set_halves(net, &row, &end);
    sha256_put(&text, "crease-domain 1\n%s %zu\n", net->box ? "box" : "space", n);
    for (size_t j = 0; net->box && j < n; j++) {
        mpq_t *lo = net->bound + 2 * j, *hi = lo + 1;
        if (mpq_cmp(*lo, *hi) >= 0)
            base_stop("the box of input %zu is empty or flat", j);
        sha256_number(&text, *lo, ' ');
        sha256_number(&text, *hi, '\n');
    }
    if (net->halves)
        sha256_put(&text, "halves %zu\n", net->halves);
    for (size_t i = 0; i < net->halves * n; i++) {
        sha256_number(&text, row.value[i], ' ');
        if ((i + 1) % n == 0)
            sha256_number(&text, end.value[i / n], '\n');
    }
    sha256_end(&text, net->domain);
}

/* Whether the inputs that are not kept may be set to 0 ("Inputs that are kept"). In a box their
 * columns in the first map and the half-spaces must be 0. Otherwise they must be combinations of
 * the kept columns: when the rows are solved for kept inputs, one after the other, no row may be
 * left that is 0 in the other kept inputs and not 0 in all inputs. */
bool domain_spanned(const network *net, const bool *kept)
{
    static solved system, spare; /* static like v, so that they are not lost */
    static mpz_ptr v;
    size_t n = net->inputs, width = net->layers ? net->layer[0].width : 0;
    bool spanned = true;
    solved_start(&system, n);
    spare = (solved){.n = n};
    v = base_integers(NULL, 0, n + 1);
    for (size_t u = 0; u < width + net->halves; u++) {
        size_t pivot = NONE, other = NONE;
        solved_express(
            &system,
            u < width ? net->layer[0].num + u * (n + 1) : net->half + (u - width) * (n + 1), v);
        for (size_t i = 0; i < system.columns; i++)
            if (mpz_sgn(v + system.column[i]))
                *(kept[system.column[i]] ? &pivot : &other) = system.column[i];
        if (other != NONE && (net->box || pivot == NONE))
            spanned = false;
        else if (pivot != NONE && !net->box)
            solved_replace(&system, &spare, v, pivot, NONE);
    }
    return spanned;
}
