/* The command line of crease-check, and the head of the certificate. */
#include "check.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The head of the certificate against network and domain, and the kept inputs. */
static void read_head(checker *c)
{
    uint8_t bytes[32];
    char ours[65], theirs[65];
    network *net = c->net;
    stream_bytes(c->in, bytes, 16);
    if (memcmp(bytes, "creasect\1\0\0\0\0\0\0", 16))
        stream_reject(c->in, "this is no certificate of version 1");
    for (int i = 0; i < 2; i++) {
        const uint8_t *digest = i == 0 ? net->digest : net->domain;
        stream_mark(c->in);
        stream_bytes(c->in, bytes, 32);
        if (memcmp(bytes, digest, 32))
            stream_reject(c->in, "the certificate is for the %s %s, this is %s",
                          i == 0 ? "network" : "domain", sha256_hex(bytes, theirs),
                          sha256_hex(digest, ours));
    }
    stream_bytes(c->in, bytes, 32);
    mpz_import(c->claim, 32, 1, 1, 0, 0, bytes);
    stream_mark(c->in);
    uint64_t next = 0, count = stream_number(c->in);
    if (count > net->inputs)
        stream_reject(c->in, "more inputs are kept than there are");
    bool *kept = base_allocate(net->inputs, sizeof *kept);
    c->n = count;
    c->kept = base_allocate(c->n, sizeof *c->kept);
    for (size_t j = 0; j < c->n; j++) {
        c->kept[j] = stream_entry(c->in, &next, net->inputs, 0);
        kept[c->kept[j]] = true;
    }
    if (c->n < net->inputs && !domain_spanned(net, kept))
        stream_reject(c->in, "the inputs that are not kept make a difference");
    free(kept);
}

/* The layers, the rows of the first one, and room for a path of the tree. */
static void prepare(checker *c)
{
    const network *net = c->net;
    size_t n = c->n, slots = ((size_t)1 << 18) / ((n + 1) * (n + 1)), outputs = 0;
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
        c->home = base_resize(c->home, c->units + map->units, sizeof *c->home);
        for (size_t u = 0; u < map->units; u++)
            c->home[c->units++] = i;
        outputs = map->width > outputs ? map->width : outputs;
        for (size_t u = 0; i == 0 && u < map->width; u++)
            for (size_t j = 0; j <= n; j++)
                mpz_set(l->row + u * (n + 1) + j,
                        map->num + u * (map->inputs + 1) + (j < n ? c->kept[j] : map->inputs));
    }
    c->faces = (net->box ? 2 * n : 0) + net->halves;
    c->state = memset(base_allocate(c->units, 1), PENDING, c->units);
    c->on = base_allocate(outputs, 1);
    c->trail = base_allocate(c->units, sizeof *c->trail);
    c->path = base_allocate(c->units, sizeof *c->path);
    c->open = base_allocate(c->units, sizeof *c->open);
    c->flat_version = base_allocate(n + 1, sizeof *c->flat_version);
    solved_start(&c->flat, n);
    c->slots = slots > 8192 ? 8192 : slots > 0 ? slots : 1;
    c->cache = base_allocate(c->slots + FLAT_SLOTS, sizeof *c->cache);
    c->entry = base_allocate(n, sizeof *c->entry);
    c->face = base_integers(NULL, 0, n + 1);
    c->late = NONE;
    c->v = base_integers(NULL, 0, n + 1);
    c->x = base_integers(NULL, 0, n + 1);
    c->w = base_integers(NULL, 0, n + 1);
    c->counter = counter_new(n);
}

static void print_json(const checker *c, double seconds)
{
    char ours[65], domain[65];
    const unsigned long long *k = c->nodes;
    gmp_printf("{\"verified\": true, \"regions\": %Zd, \"network\": \"%s\", \"domain\": \"%s\", "
               "\"mode\": \"exact\", \"nodes\": {\"split\": %llu, \"force\": %llu, "
               "\"cross\": %llu, \"same\": %llu, \"leaf\": %llu, \"count\": %llu, "
               "\"branch\": %llu}, "
               "\"bytes\": %llu, \"seconds\": %.6g}\n",
               c->total, sha256_hex(c->net->digest, ours), sha256_hex(c->net->domain, domain),
               k[SPLIT], k[FORCE], k[CROSS], k[SAME], k[LEAF], k[COUNT], k[BRANCH],
               (unsigned long long)stream_mark(c->in), seconds);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static const char usage[] =
    "Usage: crease-check [--box LO:HI[,...] | --domain FILE] [--json] NETWORK CERTIFICATE\n"
    "       crease-check --dump CERTIFICATE\n\n"
    "Checks in exact integers a certificate of the number of linear regions of a network in R^n,\n"
    "in the box, one interval LO:HI for every input or one for all, or in the domain of a JSON file,\n"
    "{\"A\": [[...], ...], \"b\": [...], \"box\": [[lo, hi], ...]}: A x <= b in the box, if there is one.\n"
    "--json prints one JSON object; --dump prints the certificate as text and checks nothing. See\n"
    "also --version.\n\n"
    "Prints \"VERIFIED R regions\", with status 0, only if the certificate proves that. Status 1:\n"
    "the certificate is rejected; 2: it could not be checked.\n";

typedef struct {
    const char *box, *domain;
    bool json, dump;
} options;

static options read_options(int argc, char **argv)
{
    static const struct option names[] = {
        {"box", required_argument, NULL, 'b'}, {"json", no_argument, NULL, 'j'},
        {"dump", no_argument, NULL, 'd'},      {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},   {"domain", required_argument, NULL, 'f'},
        {NULL, 0, NULL, 0}};
    options o = {NULL, NULL, false, false};
    for (int option; (option = getopt_long(argc, argv, "h", names, NULL)) != -1;) {
        if (option == 'h' || option == 'v') {
            fputs(option == 'h' ? usage : "crease-check 0.1.0, format 1\n", stdout);
            exit(fflush(stdout) ? 2 : 0);
        }
        if (option == '?')
            base_stop("see crease-check --help");
        o.box = option == 'b' ? optarg : o.box;
        o.domain = option == 'f' ? optarg : o.domain;
        o.json = o.json || option == 'j';
        o.dump = o.dump || option == 'd';
    }
    if (argc - optind != (o.dump ? 1 : 2) || (o.box && o.domain) ||
        (o.dump && (o.box || o.domain || o.json)))
        base_stop("expected %s; see crease-check --help",
                  o.dump              ? "only a certificate after --dump"
                  : o.box && o.domain ? "either --box or --domain"
                                      : "a network and a certificate");
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
    c.in = stream_open(argv[argc - 1], o.json);
    read_head(&c);
    prepare(&c);
    check_tree(&c);
    if (o.json)
        print_json(&c, now() - begin);
    else
        gmp_printf("VERIFIED %Zd regions\n", c.total);
    if (fflush(stdout) == 0 && !ferror(stdout))
        status = 0; /* the only verdict of this kind */
    else
        fputs("crease-check: standard output cannot be written\n", stderr);
    return status;
}
