/* What crease-check calls in the place of functions of libc.  The compiler reads this before each
 * of its files, with FUZZ_HOOKED defined. */
#ifndef FUZZ_HOOKS_H
#define FUZZ_HOOKS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void checker_exit(int status);
int checker_print(FILE *stream, const char *format, ...) __attribute__((format(printf, 2, 3)));
void checker_free(void *memory);
char *checker_copy(const char *text);
FILE *checker_fopen(const char *path, const char *mode);
int checker_fclose(FILE *file);

#ifdef FUZZ_HOOKED
#undef strdup
#define exit checker_exit
#define fprintf checker_print
#define free checker_free
#define strdup checker_copy
#define fopen checker_fopen
#define fclose checker_fclose
#endif

#endif
