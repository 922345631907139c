/* crease-check within a program that runs it many times. */
#ifndef FUZZ_CHECKER_H
#define FUZZ_CHECKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the checker did: its exit status, 0 if it would have gone on or accepted, and what it
 * said. */
typedef struct {
    int status;
    char line[512];
} checker_verdict;

/* Reads a network from the file, and sets its digest if it is accepted. */
checker_verdict checker_network(const char *path, uint8_t digest[32]);

/* A network and its domain, a box as on the command line or NULL for all of R^n, to be kept for as
 * long as the program runs.  They must be good. */
typedef struct checker_case checker_case;
checker_case *checker_open(const char *path, const char *box);

/* Checks the file, a whole certificate or a trunk without parts. */
checker_verdict checker_certificate(const checker_case *from, const char *path);

/* The head of a certificate: kind 0 is whole, the number is 0 then. */
enum { CHECKER_HEAD = 112 };
void checker_head(const checker_case *from, uint64_t regions, uint8_t head[CHECKER_HEAD]);

/* Does the verdict say that the tree is right, but proves another number than that in the head? */
bool checker_wrong_number(const checker_verdict *verdict);

#endif
