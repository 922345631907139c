/* The command line of crease-check. */
#include "check.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_THREADS = 1024 };

/* So that the first layer depends on all coordinates about as much, for the sake of words. */
static void choose_scale(checker *c)
{
    const affine *map = c->net->layer;
    size_t width = c->net->layers ? map->width : 0, most = 0;
    c->scale = base_allocate(c->n + 1, sizeof *c->scale);
    for (size_t j = 0; j < c->n; j++)
        for (size_t u = 0; u < width; u++) {
            mpz_srcptr weight = map->num + u * (map->inputs + 1) + c->kept[j];
            size_t bits = mpz_sgn(weight) ? mpz_sizeinbase(weight, 2) : 0;
            c->scale[j] = bits > c->scale[j] ? bits : c->scale[j];
            most = bits > most ? bits : most;
        }
    for (size_t j = 0; j < c->n; j++) {
        c->scale[j] = c->scale[j] ? most - c->scale[j] : 0;
        c->largest = c->scale[j] > c->largest ? c->scale[j] : c->largest;
    }
}

/* The faces of the box in the coordinates of the rows. */
static void put_bounds(checker *c)
{
    mpz_ptr bound = c->bound = base_integers(NULL, 0, c->sides + 1), one = bound + c->sides;
    mpz_set_ui(one, 1);
    for (size_t i = 0; i < c->sides; i++)
        mpz_lcm(one, one, mpq_denref(c->net->bound[2 * c->kept[i / 2] + i % 2]));
    for (size_t i = 0; i < c->sides; i++) {
        mpq_t *own = c->net->bound + 2 * c->kept[i / 2] + i % 2;
        mpz_divexact(bound + i, one, mpq_denref(*own));
        mpz_mul(bound + i, bound + i, mpq_numref(*own));
        mpz_mul_2exp(bound + i, bound + i, c->largest - c->scale[i / 2]);
    }
    mpz_mul_2exp(one, one, c->largest);
    c->near_bound.word = base_allocate(c->sides + 1, sizeof *c->near_bound.word);
    near_integers(&c->near_bound, bound, c->sides + 1);
}

/* The layers, the rows of the first one, and room for a path of the tree. */
static void prepare(checker *c)
{
    const network *net = c->net;
    size_t n = c->n, most = n + 1 < NEAR_MOST ? n + 1 : NEAR_MOST,
           slots = ((size_t)1 << 18) / ((n + 1) * most), outputs = 0;
    choose_scale(c);
    c->layer = base_allocate(net->layers, sizeof *c->layer);
    for (size_t i = 0; i < net->layers; i++) {
        layer *l = &c->layer[i];
        const affine *map = &net->layer[i];
        *l = (layer){.map = map, .first = c->units, .below = UINT64_MAX};
        mpz_init_set(l->scale, map->den);
        if (i > 0)
            mpz_mul(l->scale, l->scale, (l - 1)->scale);
        l->on = base_allocate(map->inputs, sizeof *l->on);
        l->row = base_integers(NULL, 0, map->width * (n + 1));
        l->made = base_allocate(map->width, sizeof *l->made);
        c->home = base_resize(c->home, c->units + map->units, sizeof *c->home);
        for (size_t u = 0; u < map->units; u++)
            c->home[c->units++] = i;
        outputs = map->width > outputs ? map->width : outputs;
        for (size_t u = 0; i == 0 && u < map->width; u++)
            for (size_t j = 0; j <= n; j++)
                mpz_mul_2exp(l->row + u * (n + 1) + j,
                             map->num + u * (map->inputs + 1) + (j < n ? c->kept[j] : map->inputs),
                             c->scale[j]);
        near_start(&l->near, map, i == 0 ? l->row : NULL, l->scale, n);
    }
    c->sides = net->box ? 2 * n : 0;
    c->faces = c->sides + net->halves;
    c->state = memset(base_allocate(c->units, 1), PENDING, c->units);
    c->on = base_allocate(outputs, 1);
    c->trail = base_allocate(c->units, sizeof *c->trail);
    c->path = base_allocate(c->units, sizeof *c->path);
    c->open = base_allocate(c->units, sizeof *c->open);
    c->drop = base_allocate(c->units + c->faces, sizeof *c->drop);
    c->bounds = base_allocate(c->units + c->faces, sizeof *c->bounds);
    memset(c->bounds + c->units, true, c->faces * sizeof *c->bounds);
    c->flat = base_allocate(n + 1, sizeof *c->flat);
    solved_start(c->flat, n);
    c->zero = base_allocate(n, sizeof *c->zero);
    solved_start(&c->whole, n);
    c->slots = slots > 1024 ? 1024 : slots > FLAT_SLOTS ? slots : FLAT_SLOTS;
    c->cache = base_allocate(c->slots, sizeof *c->cache);
    c->entry = base_allocate(n, sizeof *c->entry);
    c->face = base_integers(NULL, 0, n + 1);
    put_bounds(c);
    c->half = base_allocate(net->halves, sizeof *c->half);
    for (size_t i = 0; i < net->halves; i++) {
        c->half[i].word = base_allocate(n + 1, sizeof *c->half[i].word);
        near_integers(&c->half[i], rows_of(c, c->units + c->sides + i), n + 1);
    }
    c->near_flat = base_allocate(most, sizeof *c->near_flat);
    for (size_t r = 0; r < most; r++)
        near_flat_start(&c->near_flat[r], n);
    c->sums = base_allocate(most * (n + 1) + 1, sizeof *c->sums);
    c->words = base_allocate(NEAR_MOST * (n + 1), sizeof *c->words);
    c->near_row = base_allocate(n, sizeof *c->near_row);
    c->want = base_allocate(n, sizeof *c->want);
    c->v = base_integers(NULL, 0, n + 1);
    c->x = base_integers(NULL, 0, n + 1);
    c->w = base_integers(NULL, 0, n + 1);
    c->word = base_allocate(n + 1, sizeof *c->word);
    c->line = base_allocate(2 * (outputs + c->units + c->faces), sizeof *c->line);
    c->counter = counter_new(n);
}

/* Every process checks its nodes. */
static void check_files(checker *c, char **file, size_t files)
{
    parts_open(c, file, files, false, false);
    prepare(c);
    check_tree(c);
}

static void print_json(const checker *c, double seconds)
{
    char ours[65], domain[65];
    const unsigned long long *k = c->nodes;
    gmp_printf("{\"verified\": true, \"regions\": %Zd, \"network\": \"%s\", \"domain\": \"%s\", "
               "\"mode\": \"exact\", \"parts\": %zu, \"nodes\": {\"split\": %llu, \"force\": %llu, "
               "\"cross\": %llu, \"same\": %llu, \"leaf\": %llu, \"count\": %llu, "
               "\"branch\": %llu, \"drop\": %llu, \"name\": %llu, \"like\": %llu}, "
               "\"bytes\": %llu, \"seconds\": %.6g}\n",
               c->total, sha256_hex(c->net->digest, ours), sha256_hex(c->net->domain, domain),
               c->parts, k[SPLIT], k[FORCE], k[CROSS], k[SAME], k[LEAF], k[COUNT], k[BRANCH],
               k[DROP], k[NAME], k[LIKE], c->bytes, seconds);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static const char usage[] =
    "Usage: crease-check [--box LO:HI[,...] | --domain FILE] [--json] [-t N] NETWORK CERTIFICATE "
    "[PART...]\n"
    "       crease-check --part [--box ... | --domain FILE] NETWORK TRUNK [PART...]\n"
    "       crease-check --total [--box ... | --domain FILE] NETWORK VERDICT...\n"
    "       crease-check --dump CERTIFICATE\n\n"
    "Checks in exact integers a certificate of the number of linear regions of a network in R^n,\n"
    "in the box, one interval LO:HI for every input or one for all, or in the domain of a JSON "
    "file,\n"
    "{\"A\": [[...], ...], \"b\": [...], \"box\": [[lo, hi], ...]}: A x <= b in the box, if there "
    "is one.\n"
    "A certificate in parts is a trunk and all of its parts; or --part checks the trunk and some "
    "parts\n"
    "and prints a verdict on these, and --total adds up verdicts, which it believes.\n"
    "--json prints one JSON object; --dump prints the certificate as text and checks nothing.\n"
    "-t, --threads N: N processes share the nodes; by default one for each processor if the\n"
    "certificate is large. The verdict is the same for every N. See also --version.\n\n"
    "Prints \"VERIFIED R regions\", with status 0, only if the certificate proves that; with\n"
    "--total, if the verdicts are right. Status 1: a certificate is rejected; 2: it could not be\n"
    "checked.\n";

typedef struct {
    const char *box, *domain;
    bool json, dump, part, total;
    size_t threads;
} options;

static size_t read_threads(const char *text)
{
    char *end;
    unsigned long threads = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || threads < 1 || threads > MOST_THREADS)
        base_stop("--threads: expected a number from 1 to %d", MOST_THREADS);
    return threads;
}

static options read_options(int argc, char **argv)
{
    static const struct option names[] = {
        {"box", required_argument, NULL, 'b'},     {"json", no_argument, NULL, 'j'},
        {"dump", no_argument, NULL, 'd'},          {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},       {"domain", required_argument, NULL, 'f'},
        {"part", no_argument, NULL, 'p'},          {"total", no_argument, NULL, 's'},
        {"threads", required_argument, NULL, 't'}, {NULL, 0, NULL, 0}};
    options o = {.threads = 0};
    for (int option; (option = getopt_long(argc, argv, "ht:", names, NULL)) != -1;) {
        if (option == 'h' || option == 'v') {
            fputs(option == 'h' ? usage : "crease-check 0.1.0, formats 1 and 2\n", stdout);
            exit(fflush(stdout) ? 2 : 0);
        }
        if (option == '?')
            base_stop("see crease-check --help");
        o.box = option == 'b' ? optarg : o.box;
        o.domain = option == 'f' ? optarg : o.domain;
        o.json = o.json || option == 'j';
        o.dump = o.dump || option == 'd';
        o.part = o.part || option == 'p';
        o.total = o.total || option == 's';
        if (option == 't')
            o.threads = read_threads(optarg);
    }
    bool bad = o.dump ? argc - optind != 1 : argc - optind < 2;
    if (bad || (o.box && o.domain) || o.dump + o.part + o.total + o.json > 1 ||
        (o.dump && (o.box || o.domain)))
        base_stop("expected %s; see crease-check --help",
                  o.dump              ? "only a certificate after --dump"
                  : o.box && o.domain ? "either --box or --domain"
                  : o.total           ? "a network and verdicts"
                  : bad               ? "a network and a certificate"
                                      : "one of --part, --total and --json");
    return o;
}

int main(int argc, char **argv)
{
    static checker c; /* static, so that its memory is not lost at the end */
    static network net;
    int status = 2;
    double begin = now();
    base_start();
    options o = read_options(argc, argv);
    if (o.dump) {
        c.in = stream_open(argv[argc - 1], false);
        dump_text(c.in);
        if (fflush(stdout) || ferror(stdout))
            base_stop("standard output cannot be written");
        return 0; /* no verdict */
    }
    c.net = &net;
    mpz_inits(c.total, c.claim, c.t, NULL);
    mpz_init_set_ui(c.one, 1);
    network_read(&net, argv[optind]);
    domain_read(&net, o.box, o.domain);
    char **file = argv + optind + 1;
    size_t files = (size_t)(argc - optind - 1);
    if (o.total) {
        verdict_sum(&net, file, files, c.total);
    } else {
        team *all = o.part ? NULL : team_start(&c, o.threads, file, files, check_files);
        parts_open(&c, file, files, o.part, o.json);
        prepare(&c);
        /* Where a process of the team rejects, the place and the reason are found here. */
        if (!all || !team_finish(all, &c))
            check_tree(&c);
        if (!o.part)
            parts_add(&c);
    }
    if (o.json)
        print_json(&c, now() - begin);
    else if (o.part)
        verdict_write(&c);
    else
        gmp_printf("VERIFIED %Zd regions\n", c.total);
    if (fflush(stdout) == 0 && !ferror(stdout))
        status = 0; /* the only verdict of this kind */
    else
        fputs("crease-check: standard output cannot be written\n", stderr);
    return status;
}
