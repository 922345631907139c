#include "judge.h"

#include "../support/counting.h"
#include "../support/oracle.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Of the networks, one in so many is certified, checked a second time, put to the oracle. */
enum { CERTIFY = 6, CHECK_TWICE = 300, ORACLE = 3, ORACLE_CHOICES = 9, ORACLE_REGIONS = 60 };

static bool turn(uint64_t luck, uint64_t one_in)
{
    return !luck || (luck >> 40) % one_in == 0;
}

/* Is brute force quick? */
static bool small(const char *json, const counting *found)
{
    oracle_net *net = oracle_read(json);
    int choices = 0;
    for (int l = 0; l + 1 < net->count; l++)
        choices += net->layer[l].rows;
    bool quick = net->input <= 4 && choices <= ORACLE_CHOICES && found->regions <= ORACLE_REGIONS;
    oracle_free(net);
    return quick;
}

void judge_here(const judge_means *means, const char *json, const char *domain, uint64_t luck,
                bool certify, judgement *j)
{
    bool twice = turn(luck, CHECK_TWICE);
    certify = certify || turn(luck, CERTIFY);
    *j = (judgement){.failed = false};
    counting found = count_some(json, domain, luck, certify ? means->check : NULL);
    j->regions = found.regions;
    j->decisions = found.decisions;
    j->empty = found.empty;
    j->large = found.large;
    if (found.good && certify && !j->empty && !j->large) {
        j->checked = means->check != NULL;
        j->checked_twice = twice && means->second;
        if (j->checked_twice)
            found = count_some(json, domain, 1, means->second);
    }
    j->failed = !found.good;
    snprintf(j->why, sizeof j->why, "%s", found.why);
    j->oracle = found.good && !j->large && turn(luck >> 8, ORACLE) && small(json, &found);
    long regions = j->oracle ? oracle_count(json, domain) : 0;
    if (j->oracle && (uint64_t)regions != found.regions) {
        j->failed = true;
        snprintf(j->why, sizeof j->why, "all ways: %llu, but the oracle: %ld",
                 (unsigned long long)found.regions, regions);
    }
}

void judge_limit(long seconds)
{
    struct rusage used;
    struct rlimit limit;
    getrusage(RUSAGE_SELF, &used);
    getrlimit(RLIMIT_CPU, &limit);
    limit.rlim_cur = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec + seconds + 1);
    setrlimit(RLIMIT_CPU, &limit);
}

void judge_epitaph(int status, int errors, char *why, unsigned long room)
{
    char text[600] = "";
    ssize_t got = pread(errors, text, sizeof text - 1, 0);
    text[got > 0 ? got : 0] = 0;
    for (char *c = text; *c; c++)
        *c = *c == '\n' ? ' ' : *c;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        snprintf(why, room, "too slow");
    else if (WIFSIGNALED(status))
        snprintf(why, room, "signal %d (%s): %s", WTERMSIG(status), strsignal(WTERMSIG(status)),
                 text);
    else
        snprintf(why, room, "exit code %d: %s", WEXITSTATUS(status), text);
}

/* Waits for a child, but not much longer than its limit of CPU: it may sleep forever. */
static int wait_for(pid_t child, long seconds)
{
    int status = 0;
    time_t start = time(NULL);
    useconds_t pause = 200;
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (time(NULL) - start > 4 * seconds + 60)
            kill(child, SIGKILL);
        usleep(pause);
        pause = pause < 20000 ? 2 * pause : pause;
    }
    return status;
}

static void *shared(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        fprintf(stderr, "hunt: no shared memory\n");
        exit(2);
    }
    return memory;
}

judgement judge_apart(const judge_means *means, const char *json, const char *domain)
{
    judgement *j = shared(sizeof *j), verdict;
    FILE *errors = tmpfile();
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        if (errors)
            dup2(fileno(errors), STDERR_FILENO);
        judge_limit(means->seconds);
        judge_here(means, json, domain, 0, true, j);
        _exit(0);
    }
    int status = wait_for(child, means->seconds);
    if (status) {
        j->failed = true;
        judge_epitaph(status, errors ? fileno(errors) : -1, j->why, sizeof j->why);
    }
    if (errors)
        fclose(errors);
    verdict = *j;
    munmap(j, sizeof *j);
    return verdict;
}

bool judge_oracle(const char *json, const char *domain, long seconds, long *regions)
{
    long *count = shared(sizeof *count);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        judge_limit(seconds);
        *count = oracle_count(json, domain);
        _exit(0);
    }
    bool done = wait_for(child, seconds) == 0;
    *regions = *count;
    munmap(count, sizeof *count);
    return done;
}
