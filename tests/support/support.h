/* What the programs of tests share. */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

#include <check.h>
#include <crease_network.h>
#include <stdbool.h>

#define REPEATS(array) (sizeof(array) / sizeof *(array))

/* A case of the suite; seconds is the time that one of its tests may take on an idle machine, a
 * tenth of what ends it. */
TCase *support_case(Suite *suite, const char *name, double seconds);

/* Runs the suite and frees it; what main returns. */
int support_run(Suite *suite);

/* An assertion for inner loops: Check's own write to a pipe each time. */
void support_require(bool good, const char *what);

/* The network of the text, which must be good.  The caller frees it. */
crease_network *support_network(const char *json);

/* One line of readable text? */
bool support_one_line(const char *text);

/* The reader must refuse the text with one line that has the place in it. */
void support_refused(const char *text, size_t length, const char *place);

#endif
