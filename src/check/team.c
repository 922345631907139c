/* Processes that share the nodes of a certificate: why that proves the same is said in check.c. */
#include "check.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LARGE = 1 << 16 }; /* bytes; what is smaller one process checks in no time */

typedef struct {
    pid_t process;
    FILE *from;
} member;

struct team {
    size_t members;
    member *member;
    char content[65]; /* the digest of what the first one has read, or empty */
};

/* The processors that this process may use. */
static size_t processors(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) ? 1 : (size_t)CPU_COUNT(&set);
}

/* How many processes: 1 where a file cannot be opened once more. */
static size_t members_for(size_t wanted, char **path, size_t files)
{
    struct stat info;
    uint64_t bytes = 0;
    for (size_t i = 0; i < files; i++) {
        if (stat(path[i], &info) || !S_ISREG(info.st_mode))
            return 1;
        bytes += (uint64_t)info.st_size;
    }
    return wanted ? wanted : bytes < LARGE ? 1 : processors();
}

/* The digest of all files that were read. */
static const char *content(const checker *c, char text[65])
{
    uint8_t digest[32];
    writing all = {.length = 0};
    stream_digest(c->trunk, digest);
    sha256_add(&all, digest, sizeof digest);
    for (size_t i = 0; i < c->parts; i++) {
        stream_digest(c->part[i].in, digest);
        sha256_add(&all, digest, sizeof digest);
    }
    sha256_end(&all, digest);
    return sha256_hex(digest, text);
}

/* What a member says at its end: what it has read, and its totals. */
static void report(const checker *c, FILE *to)
{
    char text[65];
    gmp_fprintf(to, "%s %Zd", content(c, text), c->total);
    for (size_t i = 0; i < c->parts; i++)
        gmp_fprintf(to, " %Zd", c->part[i].total);
    for (int k = 0; k < KINDS; k++)
        fprintf(to, " %llu", c->nodes[k]);
    fprintf(to, " %llu .", c->bytes);
}

static bool add_report(team *t, checker *c, FILE *from)
{
    char end = 0, text[65] = "";
    bool good = fscanf(from, "%64s", text) == 1 && gmp_fscanf(from, "%Zd", c->t) == 1;
    if (!*t->content)
        memcpy(t->content, text, sizeof text);
    good = good && !strcmp(t->content, text);
    mpz_add(c->total, c->total, c->t);
    for (size_t i = 0; i < c->parts; i++) {
        good = good && gmp_fscanf(from, "%Zd", c->t) == 1;
        mpz_add(c->part[i].total, c->part[i].total, c->t);
    }
    for (int k = 0; k < KINDS; k++)
        good = good && fscanf(from, "%llu", &c->nodes[k]) == 1;
    return good && fscanf(from, "%llu %c", &c->bytes, &end) == 2 && end == '.';
}

team *team_start(checker *c, size_t processes, char **path, size_t files,
                 void (*run)(checker *, char **, size_t))
{
    processes = members_for(processes, path, files);
    if (processes < 2)
        return NULL;
    team *t = base_allocate(1, sizeof *t);
    t->member = base_allocate(processes, sizeof *t->member);
    for (pid_t above = getpid(); t->members < processes; t->members++) {
        member *m = &t->member[t->members];
        int end[2];
        if (pipe(end))
            base_stop("no pipe to another process");
        m->process = fork();
        if (m->process < 0)
            base_stop("no other process can be started; see --threads");
        if (m->process == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (getppid() != above || !freopen("/dev/null", "w", stderr) ||
                !freopen("/dev/null", "w", stdout))
                _exit(2);
            FILE *to = fdopen(end[1], "w");
            c->team = processes;
            c->member = t->members;
            run(c, path, files);
            report(c, to);
            _exit(fclose(to) ? 2 : 0);
        }
        close(end[1]);
        m->from = fdopen(end[0], "r");
    }
    return t;
}

bool team_finish(team *t, checker *c)
{
    bool good = true;
    for (size_t i = 0; i < t->members; i++) {
        member *m = &t->member[i];
        int status;
        if (!good)
            kill(m->process, SIGKILL);
        good = good && add_report(t, c, m->from);
        fclose(m->from);
        good = waitpid(m->process, &status, 0) == m->process && status == 0 && good;
    }
    good = good && parts_claimed(c);
    for (size_t i = 0; i < c->parts && !good; i++)
        mpz_set_ui(c->part[i].total, 0);
    if (!good) {
        mpz_set_ui(c->total, 0);
        c->bytes = 0;
        for (int k = 0; k < KINDS; k++)
            c->nodes[k] = 0;
    }
    free(t->member);
    free(t);
    return good;
}
