/* hunt: looks for networks on which crease is wrong.
 *
 *   hunt [--seconds N] [--seed N] [--jobs N] [--keep DIR] [--most N] [--limit N]
 *        [--kind N] [--check PROGRAM] [--second PROGRAM] [--slow]
 *   hunt --one SEED [...]    one network: prints it, and the answers of all ways
 *
 * Workers make hard networks (kinds.h) and have them counted in many ways (judge.h) until the time
 * is out or --most failures are found.  A failure is a difference between two ways, a broken
 * invariant, a crash, or more than --limit seconds of CPU; with --slow, which adversaries need, the
 * last is none.  It is shrunk, written to DIR as a file for tests/regress, and named in one line.
 * Exit status: 0 none, 1 some, 2 usage. */
#include "judge.h"
#include "kinds.h"

#include "../support/shrink.h"

#include <getopt.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST_KINDS = 32,
    MOST_JOBS = 64,
    PER_WORKER = 3000,
    SHRINK_SECONDS = 120,
    PATH_TEXT = 1024,
    PRINTED = 4000
};

typedef struct {
    judge_means means;
    uint64_t seed, one;
    double seconds;
    int jobs, most, kind;
    bool slow;
    const char *keep;
} setting;

/* What a worker is at; only its own process writes it. */
typedef struct {
    uint64_t seed;
    bool busy;
    judgement verdict;
} desk;

/* Shared by all processes. */
typedef struct {
    _Atomic uint64_t next, networks, decisions, empty, large, slow, oracle, checked, checked_twice;
    _Atomic uint64_t net_kind[MOST_KINDS], domain_kind[MOST_KINDS];
    _Atomic bool stop;
    desk desk[MOST_JOBS];
} board;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static uint64_t luck_of(uint64_t seed)
{
    uint64_t state = ~seed;
    return nets_random(&state) | (uint64_t)1 << 63;
}

/* ---- Workers ---- */

static void note(board *b, const specimen *s, const judgement *j)
{
    b->networks++;
    b->net_kind[s->net_kind]++;
    b->domain_kind[s->domain_kind]++;
    b->decisions += j->decisions;
    b->empty += j->empty;
    b->large += j->large;
    b->oracle += j->oracle;
    b->checked += j->checked;
    b->checked_twice += j->checked_twice;
}

/* Ends with code 3 on a failure, which is on the desk then, and with 0 after many networks. */
static void work(const setting *set, board *b, desk *own, double end)
{
    int code = 0;
    for (int i = 0; i < PER_WORKER && !code && !b->stop && now() < end; i++) {
        uint64_t state = set->seed;
        state =
            nets_random(&state) + b->next++; /* hunts with seeds close by have nothing in common */
        own->seed = nets_random(&state);
        own->busy = true;
        judge_limit(set->means.seconds);
        specimen s = kinds_make(own->seed, set->kind);
        judge_here(&set->means, s.json, s.domain, luck_of(own->seed), s.certify, &own->verdict);
        note(b, &s, &own->verdict);
        kinds_free(&s);
        code = own->verdict.failed ? 3 : 0;
        own->busy = code != 0;
        ftruncate(STDERR_FILENO, 0);
    }
    exit(code);
}

typedef struct {
    pid_t pid;
    FILE *errors;
    uint64_t seed; /* of the specimen that it was last seen at */
    double since;
} worker;

static void start_worker(const setting *set, board *b, int i, double end, worker *w)
{
    b->desk[i].busy = false;
    w->since = now();
    w->errors = tmpfile();
    fflush(NULL);
    w->pid = fork();
    if (w->pid < 0 || !w->errors) {
        fprintf(stderr, "hunt: cannot start a worker\n");
        exit(2);
    }
    if (w->pid == 0) {
        dup2(fileno(w->errors), STDERR_FILENO);
        work(set, b, &b->desk[i], end);
    }
}

/* ---- Failures ---- */

static bool still_fails(void *context, const char *json, const char *box)
{
    return judge_apart(context, json, box).failed;
}

/* Shrinks the specimen, writes it, and says so in one line. */
static void report(const setting *set, uint64_t seed, const char *why)
{
    specimen s = kinds_make(seed, set->kind);
    char path[PATH_TEXT];
    judge_means means = set->means;
    judgement first = judge_apart(&means, s.json, s.domain);
    judgement last = first;
    if (first.failed) {
        shrink_down(&s.json, &s.domain, still_fails, &means, SHRINK_SECONDS);
        last = judge_apart(&means, s.json, s.domain);
    }
    long regions;
    bool known = judge_oracle(s.json, s.domain, 60, &regions);
    bool written = shrink_keep(s.json, s.domain, known ? regions : (long)last.regions, set->keep,
                               path, sizeof path);
    printf("FAILURE %s%s: %s, %s, seed %llu: %s; shrunk: %s%s\n", path,
           written ? "" : " (which cannot be written)", kinds_net_name(s.net_kind),
           kinds_domain_name(s.domain_kind), (unsigned long long)seed, why,
           last.failed ? last.why : "does not always fail", known ? "" : "; N is not the oracle's");
    if (strlen(s.json) < PRINTED)
        printf("    %s\n    over %s\n", s.json, s.domain ? s.domain : "R^n");
    fflush(stdout);
    kinds_free(&s);
}

/* In a process of its own, as the specimen may crash its maker. */
static void report_apart(const setting *set, uint64_t seed, const char *why)
{
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        report(set, seed, why);
        _exit(0);
    }
    waitpid(child, &status, 0);
    if (status)
        printf("FAILURE without a file, seed %llu: %s\n", (unsigned long long)seed, why);
}

/* A worker has ended; true if that was a failure. */
static bool bury(const setting *set, board *b, int i, const worker *w, int status)
{
    desk *own = &b->desk[i];
    char why[900];
    bool slow = set->slow && WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU;
    bool failed = status != 0 && !slow;
    b->slow += slow;
    if (failed && own->busy && WIFEXITED(status) && WEXITSTATUS(status) == 3)
        snprintf(why, sizeof why, "%s", own->verdict.why);
    else if (failed)
        judge_epitaph(status, fileno(w->errors), why, sizeof why);
    fclose(w->errors);
    if (failed && own->busy)
        report_apart(set, own->seed, why);
    else if (failed)
        printf("FAILURE of a worker at its end: %s\n", why);
    return failed;
}

/* ---- All ---- */

/* Kills a worker that is at one specimen for much longer than its CPU lasts: it sleeps. */
static void watch(const setting *set, const board *b, int i, worker *w)
{
    if (b->desk[i].seed != w->seed) {
        w->seed = b->desk[i].seed;
        w->since = now();
    }
    if (now() - w->since > 4.0 * (double)set->means.seconds + 60)
        kill(w->pid, SIGKILL);
}

static int hunt(const setting *set, board *b)
{
    worker w[MOST_JOBS] = {{0}};
    double end = now() + set->seconds;
    int failures = 0, running = set->jobs;
    for (int i = 0; i < set->jobs; i++)
        start_worker(set, b, i, end, &w[i]);
    while (running) {
        usleep(20000);
        for (int i = 0; i < set->jobs; i++) {
            int status;
            if (!w[i].pid || waitpid(w[i].pid, &status, WNOHANG) != w[i].pid) {
                if (w[i].pid)
                    watch(set, b, i, &w[i]);
                continue;
            }
            w[i].pid = 0;
            failures += bury(set, b, i, &w[i], status);
            b->stop = b->stop || failures >= set->most;
            if (!b->stop && now() < end)
                start_worker(set, b, i, end, &w[i]);
            else
                running--;
        }
    }
    return failures;
}

static void print_statistics(const board *b, double seconds, int failures)
{
    for (int k = 0; kinds_net_name(k); k++)
        printf("%-28s %8llu%s", kinds_net_name(k), (unsigned long long)b->net_kind[k],
               k % 2 || !kinds_net_name(k + 1) ? "\n" : "    ");
    for (int k = 0; kinds_domain_name(k); k++)
        printf("%s %llu%s", kinds_domain_name(k), (unsigned long long)b->domain_kind[k],
               kinds_domain_name(k + 1) ? ", " : "\n");
    printf("without an interior %llu, left as too large %llu or slow %llu, put to the oracle %llu, "
           "certified %llu, of them twice checked %llu\n",
           (unsigned long long)b->empty, (unsigned long long)b->large, (unsigned long long)b->slow,
           (unsigned long long)b->oracle, (unsigned long long)b->checked,
           (unsigned long long)b->checked_twice);
    printf("%llu networks, %llu decisions, %.0f s, %.0f networks/s, %d failures\n",
           (unsigned long long)b->networks, (unsigned long long)b->decisions, seconds,
           (double)b->networks / seconds, failures);
}

static int show_one(const setting *set)
{
    specimen s = kinds_make(set->one, set->kind);
    printf("%s, %s\n%s\n%s\n", kinds_net_name(s.net_kind), kinds_domain_name(s.domain_kind), s.json,
           s.domain ? s.domain : "R^n");
    fflush(stdout);
    judgement j = judge_apart(&set->means, s.json, s.domain);
    printf("%llu regions%s%s%s\n", (unsigned long long)j.regions,
           j.empty   ? ", no interior"
           : j.large ? ", too large"
                     : "",
           j.failed ? ", FAILURE: " : "", j.why);
    kinds_free(&s);
    return j.failed;
}

static bool read_options(int argc, char **argv, setting *set)
{
    static const struct option options[] = {
        {"seconds", 1, NULL, 's'}, {"seed", 1, NULL, 'r'},  {"jobs", 1, NULL, 'j'},
        {"keep", 1, NULL, 'k'},    {"most", 1, NULL, 'm'},  {"limit", 1, NULL, 'l'},
        {"kind", 1, NULL, 'n'},    {"check", 1, NULL, 'c'}, {"second", 1, NULL, 'd'},
        {"one", 1, NULL, 'o'},     {"slow", 0, NULL, 'w'},  {NULL, 0, NULL, 0},
    };
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;)
        switch (c) {
        case 's': set->seconds = atof(optarg); break;
        case 'r': set->seed = strtoull(optarg, NULL, 10); break;
        case 'j': set->jobs = atoi(optarg); break;
        case 'k': set->keep = optarg; break;
        case 'm': set->most = atoi(optarg); break;
        case 'l': set->means.seconds = atol(optarg); break;
        case 'n': set->kind = atoi(optarg); break;
        case 'c': set->means.check = optarg; break;
        case 'd': set->means.second = optarg; break;
        case 'w': set->slow = true; break;
        case 'o': set->one = strtoull(optarg, NULL, 10); break;
        default: return false;
        }
    int kinds = 0;
    while (kinds_net_name(kinds))
        kinds++;
    return optind == argc && set->jobs >= 1 && set->jobs <= MOST_JOBS && set->kind < kinds;
}

int main(int argc, char **argv)
{
    setting set = {.seconds = 60, .most = 5, .kind = -1, .keep = ".", .means.seconds = 300};
    set.jobs = (int)sysconf(_SC_NPROCESSORS_ONLN);
    set.seed = (uint64_t)time(NULL) * 1000003 + (uint64_t)getpid();
    set.jobs = set.jobs > MOST_JOBS ? MOST_JOBS : set.jobs;
    if (!read_options(argc, argv, &set)) {
        fprintf(stderr, "hunt: see the head of tests/hunt/hunt.c for the options\n");
        return 2;
    }
    if (set.one)
        return show_one(&set);
    board *b = mmap(NULL, sizeof *b, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (b == MAP_FAILED) {
        fprintf(stderr, "hunt: no shared memory\n");
        return 2;
    }
    printf("hunt: seed %llu, %d at a time, %.0f s\n", (unsigned long long)set.seed, set.jobs,
           set.seconds);
    fflush(stdout);
    double start = now();
    int failures = hunt(&set, b);
    print_statistics(b, now() - start, failures);
    return failures != 0;
}
