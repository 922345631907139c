/* The benchmark: crease and the plain baseline on the same networks, in alternating runs; medians
 * of several repetitions.  Exits with 1 if two complete counts of crease differ. */
#define _POSIX_C_SOURCE 200809L

#include "../support/random_net.h"
#include "measure.h"
#include "plain_net.h"

#include <math.h>
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_ENGINES = 8, MAX_FILTERS = 16, MAX_WIDTHS = 12, PATH_CHARS = 1024, COLUMNS = 18 };

/* Short runs are repeated within a repetition up to this time and number. */
static const double SHORT_SECONDS = 0.25;
static const int SHORT_RUNS = 8;

/* A random network, and the interval of all inputs, or NULL for R^n.  The baseline knows no box. */
typedef struct {
    int widths[MAX_WIDTHS];
    const char *box;
} random_case;

static const random_case random_cases[] = {
    {{4, 32, 1}, NULL},
    {{3, 16, 16, 1}, NULL},
    {{8, 16, 1}, NULL},
    {{6, 24, 1}, NULL},
    {{3, 32, 32, 1}, NULL},
    {{5, 10, 10, 10, 1}, NULL},
    {{2, 48, 48, 1}, NULL},
    {{2, 256, 256, 1}, NULL},
    {{9, 11, 11, 1}, NULL},
    {{16, 16, 16, 1}, NULL},
    {{32, 32, 16, 1}, NULL},
    {{784, 16, 16, 1}, NULL},
    {{2, 256, 256, 1}, "-10:10"},
    {{4, 20, 20, 1}, "-10:10"},
    {{4, 32, 32, 1}, "-10:10"},
    {{4, 32, 32, 1}, "-100000:100000"},
    {{5, 10, 10, 10, 1}, "-10:10"},
    {{3, 10, 10, 10, 10, 10, 10, 10, 10, 1}, "-10:10"},
    {{3, 20, 20, 20, 20, 1}, "-10:10"},
    {{6, 12, 12, 1}, "-10:10"},
    {{7, 12, 12, 1}, "-10:10"},
    {{9, 11, 11, 1}, "-10:10"},
    {{64, 32, 16, 1}, "0:1"},
    {{784, 16, 16, 1}, "0:1"},
};

static const char *const data_nets[] = {
    "iris-4-16-16-3",         "wine-13-10-10-3",    "digits-64-10-8-10",
    "breast-cancer-30-8-8-2", "diabetes-10-12-8-1",
};

static const char *const headings[COLUMNS] = {
    "network",   "engine",    "regions", "base/s",  "crease/s", "ratio",
    "2 threads", "LP/region", "filter",  "exact",   "proofs",   "B/region",
    "peak MB",   "floor ns",  "x floor", "certify", "check",    "cert B",
};
static const int column_chars[COLUMNS] = {22, 6, 11, 7, 9, 7, 9, 9, 7, 7, 7, 8, 7, 8, 7, 7, 7, 7};

static const char legend[] =
    "base/s, crease/s: regions per second on one thread, of the count by the clock or of "
    "processor\n"
    "time of the whole process, if that is less; ratio: between them; 2 threads: speed-up over\n"
    "one, by the clock.  filter, exact: share of decisions proved in floating point and in\n"
    "integers; proofs: share of time in proofs.  B/region: store of the search.  floor: one plain\n"
    "forward pass of the network; x floor: time per region over it.  certify, check: time to "
    "count\n"
    "and write a certificate, and to check it, over the time to count; cert B: its bytes per\n"
    "region, compressed.  All on one thread.  A + marks a count stopped at its limit.\n";

typedef struct {
    const char *naive, *crease, *check, *data;
    char *engines[MAX_ENGINES];
    int engine_count;
    regex_t filters[MAX_FILTERS];
    int filter_count;
    int repeat;
    bool markdown;
    double baseline_seconds, crease_seconds;
    char directory[64]; /* of the random networks */
    FILE *notes;
    bool disagreement;
} bench;

static void fail(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    exit(2);
}

/* ---- The table ---- */

static void print_row(const bench *b, char cells[COLUMNS][48])
{
    for (int c = 0; c < COLUMNS; c++) {
        if (b->markdown)
            printf("| %s ", cells[c]);
        else
            printf("%s%*s", c ? "  " : "", c < 2 ? -column_chars[c] : column_chars[c], cells[c]);
    }
    puts(b->markdown ? "|" : "");
    fflush(stdout);
}

static void print_headings(const bench *b)
{
    char cells[COLUMNS][48];
    for (int c = 0; c < COLUMNS; c++)
        snprintf(cells[c], sizeof cells[c], "%s", headings[c]);
    print_row(b, cells);
    if (!b->markdown)
        return;
    for (int c = 0; c < COLUMNS; c++)
        fputs(c < 2 ? "|---" : "|--:", stdout);
    puts("|");
}

/* A number with about three digits, or n/a. */
static void put(char *cell, double value, const char *unit)
{
    if (!isfinite(value))
        snprintf(cell, 32, "n/a");
    else if (fabs(value) >= 100.0)
        snprintf(cell, 32, "%.0f%s", value, unit);
    else
        snprintf(cell, 32, "%.3g%s", value, unit);
}

/* Regions per second by the clock. */
static double pace(const json_t *report)
{
    return measure_number(report, "regions") / fmax(measure_number(report, "seconds"), 1e-9);
}

static void print_engine(bench *b, const char *net, const char *engine, const json_t *base,
                         const json_t *one, const json_t *two, const json_t *proved,
                         const json_t *checked, double pass)
{
    char cells[COLUMNS][48];
    double regions = measure_number(one, "regions"), rate = measure_rate(one);
    double filter = measure_number(one, "decisions.filter");
    double exact = measure_number(one, "decisions.exact");
    double store = measure_number(one, "store_bytes");
    snprintf(cells[0], sizeof cells[0], "%s", net);
    snprintf(cells[1], sizeof cells[1], "%s", engine);
    if (one == NULL)
        snprintf(cells[2], sizeof cells[2], "n/a");
    else
        snprintf(cells[2], sizeof cells[2], "%.0f%s", regions, measure_complete(one) ? "" : "+");
    put(cells[3], measure_rate(base), "");
    put(cells[4], rate, "");
    put(cells[5], rate / measure_rate(base), "x");
    put(cells[6], pace(two) / pace(one), "x");
    put(cells[7], measure_number(one, "decisions.lp") / regions, "");
    put(cells[8], 100.0 * filter / (filter + exact), "%");
    put(cells[9], 100.0 * exact / (filter + exact), "%");
    put(cells[10],
        100.0 * measure_number(one, "decisions.proof_seconds") / measure_number(one, "seconds"),
        "%");
    put(cells[11], store > 0.0 ? store / regions : (double)NAN, "");
    put(cells[12], measure_number(one, "peak_rss_bytes") / 1e6, "");
    put(cells[13], 1e9 * pass, "");
    put(cells[14], 1.0 / (rate * pass), "x");
    double whole = measure_complete(one) ? measure_seconds(one) : (double)NAN;
    put(cells[15], proved ? measure_seconds(proved) / whole : (double)NAN, "x");
    put(cells[16], checked ? measure_seconds(checked) / whole : (double)NAN, "x");
    put(cells[17], measure_number(proved, "certificate.bytes_per_region"), "");
    print_row(b, cells);
}

/* Whatever else the engine counts, per region. */
static void note_statistics(bench *b, const char *net, const char *engine, const json_t *report)
{
    json_t *statistics = json_object_get(report, "statistics"), *value;
    double regions = measure_number(report, "regions");
    const char *name, *mark = ":";
    json_object_foreach(statistics, name, value)
    {
        if (!json_is_number(value))
            continue;
        if (*mark == ':')
            fprintf(b->notes, "%s %s", net, engine);
        fprintf(b->notes, "%s %s/region %.3g", mark, name, json_number_value(value) / regions);
        mark = ",";
    }
    if (*mark == ',')
        fputc('\n', b->notes);
}

/* ---- Runs ---- */

typedef struct {
    measure base, one[MAX_ENGINES], two[MAX_ENGINES], proved[MAX_ENGINES], checked[MAX_ENGINES];
    double count; /* a complete count of crease, negative if there is none */
} net_runs;

static void run_baseline(const bench *b, const char *path, net_runs *runs)
{
    char command[3 * PATH_CHARS];
    snprintf(command, sizeof command, "'%s' '%s' --limit-seconds %g", b->naive, path,
             b->baseline_seconds);
    measure_run(&runs->base, command);
}

static void run_crease(bench *b, const char *net, const char *path, const char *scope, int engine,
                       int threads, net_runs *runs)
{
    char command[3 * PATH_CHARS];
    snprintf(command, sizeof command,
             "'%s' count --json --quiet --engine '%s' --threads %d --limit-seconds %g %s '%s'",
             b->crease, b->engines[engine], threads, b->crease_seconds, scope, path);
    measure *m = threads == 1 ? &runs->one[engine] : &runs->two[engine];
    double total = 0.0;
    for (int r = 0; r < SHORT_RUNS && total < SHORT_SECONDS; r++) {
        const json_t *report = measure_run(m, command);
        if (report == NULL)
            return;
        total += measure_number(report, "seconds");
        if (!measure_complete(report))
            continue;
        double count = measure_number(report, "regions");
        if (runs->count < 0.0) {
            runs->count = count;
        } else if (count != runs->count) {
            b->disagreement = true;
            fprintf(b->notes, "%s: WRONG: complete counts %.0f and %.0f (%s, threads: %d)\n", net,
                    runs->count, count, b->engines[engine], threads);
        }
    }
}

/* A certificate, and its check, if the whole count fits into the limit. */
static void run_certify(bench *b, const char *net, const char *path, const char *scope, int engine,
                        net_runs *runs)
{
    char command[4 * PATH_CHARS], certificate[PATH_CHARS];
    double total = 0.0;
    snprintf(certificate, sizeof certificate, "%s/cert.zst", b->directory);
    for (int r = 0; r < SHORT_RUNS && total < SHORT_SECONDS && runs->count >= 0.0; r++) {
        snprintf(command, sizeof command,
                 "'%s' certify --json --engine '%s' --threads 1 --limit-seconds %g -o '%s' %s '%s'",
                 b->crease, b->engines[engine], 8 * b->crease_seconds, certificate, scope, path);
        const json_t *report = measure_run(&runs->proved[engine], command);
        if (report == NULL || !measure_complete(report))
            return;
        snprintf(command, sizeof command, "'%s' --json -t 1 %s '%s' '%s'", b->check, scope, path,
                 certificate);
        const json_t *verdict = measure_run(&runs->checked[engine], command);
        unlink(certificate);
        if (verdict == NULL || measure_number(verdict, "regions") != runs->count) {
            b->disagreement = true;
            fprintf(b->notes, "%s: WRONG: the certificate of %s is not accepted\n", net,
                    b->engines[engine]);
            return;
        }
        total += measure_number(report, "seconds") + measure_number(verdict, "seconds");
    }
}

static void note_baseline(bench *b, const char *net, const json_t *base, double count)
{
    double found = measure_number(base, "regions");
    if (count < 0.0 || base == NULL)
        return;
    if (found > count || (measure_complete(base) && found != count))
        fprintf(b->notes, "%s: the baseline counts %.0f%s regions, crease %.0f\n", net, found,
                measure_complete(base) ? "" : " or more", count);
}

/* scope: options for the domain, or "" for R^n. */
static void bench_net(bench *b, const char *net, const char *path, const char *scope)
{
    net_runs runs = {.count = -1.0};
    for (int r = 0; r < b->repeat; r++) {
        if (isatty(STDERR_FILENO))
            fprintf(stderr, "%s, repetition %d of %d\n", net, r + 1, b->repeat);
        if (!*scope)
            run_baseline(b, path, &runs);
        for (int e = 0; e < b->engine_count; e++) {
            run_crease(b, net, path, scope, e, 1, &runs);
            if (runs.one[e].failed)
                continue;
            run_crease(b, net, path, scope, e, 2, &runs);
            run_certify(b, net, path, scope, e, &runs);
        }
    }
    double pass = plain_net_seconds(path);
    const json_t *base = measure_median(&runs.base);
    for (int e = 0; e < b->engine_count; e++) {
        const json_t *one = measure_median(&runs.one[e]);
        print_engine(b, net, b->engines[e], base, one, measure_median(&runs.two[e]),
                     measure_median(&runs.proved[e]), measure_median(&runs.checked[e]), pass);
        note_statistics(b, net, b->engines[e], one);
        measure_free(&runs.one[e]);
        measure_free(&runs.two[e]);
        measure_free(&runs.proved[e]);
        measure_free(&runs.checked[e]);
    }
    note_baseline(b, net, base, runs.count);
    measure_free(&runs.base);
}

/* ---- Networks ---- */

static bool chosen(const bench *b, const char *net)
{
    for (int f = 0; f < b->filter_count; f++)
        if (regexec(&b->filters[f], net, 0, NULL, 0) == 0)
            return true;
    return b->filter_count == 0;
}

static void bench_random(bench *b, const random_case *c)
{
    char net[64] = "", path[PATH_CHARS], scope[64] = "";
    const int *widths = c->widths;
    int count = 0;
    size_t at = 0;
    for (; count < MAX_WIDTHS && widths[count] > 0; count++)
        at += (size_t)snprintf(net + at, sizeof net - at, "%s%d", count ? "-" : "", widths[count]);
    if (c->box) {
        snprintf(net + at, sizeof net - at, " %s", c->box);
        snprintf(scope, sizeof scope, "--box=%s", c->box);
    }
    if (!chosen(b, net))
        return;
    snprintf(path, sizeof path, "%s/%s.json", b->directory, net);
    char *text = random_net(widths, count, 1);
    FILE *file = fopen(path, "w");
    if (text == NULL || file == NULL || fputs(text, file) == EOF || fclose(file) != 0)
        fail("cannot write %s", path);
    free(text);
    bench_net(b, net, path, scope);
    unlink(path);
}

static void bench_data(bench *b, const char *net)
{
    char path[PATH_CHARS];
    snprintf(path, sizeof path, "%s/%s.json", b->data, net);
    if (chosen(b, net) && access(path, R_OK) == 0)
        bench_net(b, net, path, "");
}

/* ---- Options ---- */

static const char usage[] =
    "usage: bench [--naive PROGRAM] [--crease PROGRAM] [--check PROGRAM] [--data DIRECTORY]\n"
    "             [--engines LIST] [--nets LIST] [--repeat N] [--baseline-seconds S] "
    "[--limit-seconds S]\n"
    "             [--markdown]\n"
    "LIST is separated by commas; a network is taken if its name matches any of the regular\n"
    "expressions.\n";

static void set_engines(bench *b, char *list)
{
    b->engine_count = 0;
    for (char *item = strtok(list, ","); item != NULL; item = strtok(NULL, ",")) {
        if (b->engine_count == MAX_ENGINES)
            fail("more than %d engines", MAX_ENGINES);
        b->engines[b->engine_count++] = item;
    }
}

static void set_filters(bench *b, char *list)
{
    for (char *item = strtok(list, ","); item != NULL; item = strtok(NULL, ",")) {
        if (b->filter_count == MAX_FILTERS)
            fail("more than %d networks", MAX_FILTERS);
        if (regcomp(&b->filters[b->filter_count], item, REG_EXTENDED | REG_NOSUB) != 0)
            fail("bad regular expression: %s", item);
        b->filter_count++;
    }
}

static double positive(const char *option, const char *text)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value > 0.0))
        fail("%s wants a positive number, not %s", option, text);
    return value;
}

static const char *quotable(const char *option, const char *text)
{
    /* Both end up in a shell command between single quotes. */
    if (strchr(text, '\'') != NULL || strlen(text) > PATH_CHARS / 2)
        fail("%s: unusable name", option);
    return text;
}

static void set_option(bench *b, const char *option, char *value)
{
    if (strcmp(option, "--naive") == 0)
        b->naive = quotable(option, value);
    else if (strcmp(option, "--crease") == 0)
        b->crease = quotable(option, value);
    else if (strcmp(option, "--check") == 0)
        b->check = quotable(option, value);
    else if (strcmp(option, "--data") == 0)
        b->data = quotable(option, value);
    else if (strcmp(option, "--engines") == 0)
        quotable(option, value), set_engines(b, value);
    else if (strcmp(option, "--nets") == 0)
        set_filters(b, value);
    else if (strcmp(option, "--repeat") == 0)
        b->repeat = (int)fmin(100.0, ceil(positive(option, value)));
    else if (strcmp(option, "--baseline-seconds") == 0)
        b->baseline_seconds = positive(option, value);
    else if (strcmp(option, "--limit-seconds") == 0)
        b->crease_seconds = positive(option, value);
    else
        fail("unknown option %s\n%s", option, usage);
}

static void read_options(bench *b, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            fputs(usage, stdout);
            exit(0);
        } else if (strcmp(argv[i], "--markdown") == 0) {
            b->markdown = true;
        } else if (i + 1 == argc) {
            fail("%s: unknown option or no value\n%s", argv[i], usage);
        } else {
            set_option(b, argv[i], argv[i + 1]);
            i++;
        }
    }
}

int main(int argc, char **argv)
{
    bench b = {.naive = "build/naive",
               .crease = "build/crease",
               .check = "build/crease-check",
               .data = "data",
               .repeat = 3,
               .engines = {"walk"},
               .engine_count = 1,
               .baseline_seconds = 2.0,
               .crease_seconds = 10.0,
               .directory = "/tmp/crease-bench-XXXXXX"};
    read_options(&b, argc, argv);
    if (access(b.naive, X_OK) != 0 || access(b.crease, X_OK) != 0)
        fail("cannot run %s or %s", b.naive, b.crease);
    char *notes = NULL;
    size_t length = 0;
    b.notes = open_memstream(&notes, &length);
    if (b.notes == NULL || mkdtemp(b.directory) == NULL)
        fail("cannot make a temporary directory");
    print_headings(&b);
    for (size_t i = 0; i < sizeof random_cases / sizeof *random_cases; i++)
        bench_random(&b, &random_cases[i]);
    for (size_t i = 0; i < sizeof data_nets / sizeof *data_nets; i++)
        bench_data(&b, data_nets[i]);
    rmdir(b.directory);
    fclose(b.notes);
    printf("\n%s%s%s", legend, length > 0 ? "\n" : "", notes);
    free(notes);
    for (int f = 0; f < b.filter_count; f++)
        regfree(&b.filters[f]);
    return b.disagreement ? 1 : 0;
}
