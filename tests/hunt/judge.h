/* One network, counted in every way; in a child of its own, since it may crash or never end. */
#ifndef TESTS_HUNT_JUDGE_H
#define TESTS_HUNT_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    bool failed, empty, large, oracle, checked, checked_twice;
    uint64_t regions, decisions;
    char why[900];
} judgement;

typedef struct {
    const char *check, *second; /* the checkers; NULL: none */
    long seconds;               /* of CPU for one network */
} judge_means;

/* In this process, as far as luck has it; 0: everything.  certify: with certificates in any case.
 * The state goes to *j, step by step. */
void judge_here(const judge_means *means, const char *json, const char *domain, uint64_t luck,
                bool certify, judgement *j);

/* Lets the kernel end this process after so many more seconds of CPU. */
void judge_limit(long seconds);

/* In a child; a crash, a fatal line and a limit that is passed are failures. */
judgement judge_apart(const judge_means *means, const char *json, const char *domain);

/* What a process that ended said at last: the signal and the first line that it wrote to the file.
 */
void judge_epitaph(int status, int errors, char *why, unsigned long room);

/* The oracle's count, in a child; false: too slow. */
bool judge_oracle(const char *json, const char *domain, long seconds, long *regions);

#endif
