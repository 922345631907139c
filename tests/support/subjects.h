/* Networks and domains of all kinds that have few regions, for estimates and samples. */
#ifndef TESTS_SUBJECTS_H
#define TESTS_SUBJECTS_H

#include <crease_network.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    char *(*make)(uint64_t seed); /* JSON, malloc'd */
    const char *box;              /* NULL: R^n; "?": half-spaces */
    crease_cell_kind cell;
    crease_lp lp;
    uint64_t seeds; /* 1, ..., seeds are to be tested */
} subject_kind;

enum { SUBJECT_KINDS = 18 };
extern const subject_kind subject_kinds[SUBJECT_KINDS];

typedef struct {
    char *json;
    crease_network *network;
    crease_domain *domain;
    crease_options options; /* one thread */
    double regions;         /* by crease_count */
} subject;

void subject_open(const subject_kind *kind, uint64_t seed, subject *s);
void subject_close(subject *s);

/* 4 inputs, three layers of 16, 277,123 regions by crease_count, which is not called. */
subject subject_large(void);

/* Is CREASE_LONG set? */
bool subject_long(void);

#endif
