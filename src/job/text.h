/* Sealed text files: lines of words, at the end the line "sha256 HEX" over all bytes before it.
 *
 * A path is written as UNIT.BRANCH, or UNIT.BRANCH-END if branches after it are open as well, for
 * every step, or as a single "-" if it is empty. */
#ifndef CREASE_JOB_TEXT_H
#define CREASE_JOB_TEXT_H

#include "search/state.h"

#include <crease.h>

/* A growing text, zero-terminated; text is NULL in an empty one, and freed by the caller. */
typedef struct {
    char *text;
    size_t count, room;
} crease_text;

void crease_text_add(crease_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void crease_text_add_path(crease_text *text, const crease_step *step, size_t steps);

/* A file that is written and sealed; finish frees it. */
typedef struct crease_sealed crease_sealed;

crease_status crease_sealed_create(const char *path, crease_sealed **sealed, crease_error *error);
void crease_sealed_add(crease_sealed *sealed, const void *byte, size_t count);
crease_status crease_sealed_finish(crease_sealed *sealed, crease_error *error);

/* The text as a whole file, which is freed. */
crease_status crease_sealed_write(const char *path, crease_text *text, crease_error *error);

/* Hexadecimal SHA-256 of the bytes. */
void crease_text_digest(const void *byte, size_t count, char hex[65]);

/* Reading: one word after the other.  After the first that is not as expected, failed is set and
 * nothing more is read. */
typedef struct {
    uint8_t *byte; /* freed by crease_words_close */
    size_t count, at;
    bool failed;
} crease_words;

/* Opens the file if its first line is "TITLE 1" and its seal is right. */
crease_status crease_words_open(crease_words *words, const char *path, const char *title,
                                crease_error *error);
void crease_words_close(crease_words *words);

/* Takes the given word. */
void crease_words_expect(crease_words *words, const char *word);

/* Is the given word next?  Then takes it. */
bool crease_words_try(crease_words *words, const char *word);

/* The next word, of less than size characters. */
void crease_words_take(crease_words *words, char *word, size_t size);
/* All that is left of the line, without a newline; freed by the caller. */
char *crease_words_line(crease_words *words);
uint64_t crease_words_number(crease_words *words);
double crease_words_real(crease_words *words);

/* A path, added to the list. */
void crease_words_path(crease_words *words, crease_stacks *stacks);

/* Takes count raw bytes behind the end of the line; NULL if there are not so many. */
const uint8_t *crease_words_raw(crease_words *words, size_t count);

/* Is everything read?  Otherwise the error. */
crease_status crease_words_end(const crease_words *words, const char *path, crease_error *error);

#endif
