/* Sealed text files: lines of words.  The last line is "sha256 HEX", the digest of all bytes before
 * it.
 *
 * A path of the split tree has one word for each step: UNIT.BRANCH, or UNIT.BRANCH-END if the
 * branches after BRANCH, up to END - 1, are open as well.  An empty path is "-". */
#ifndef CREASE_JOB_TEXT_H
#define CREASE_JOB_TEXT_H

#include "search/state.h"

#include <crease.h>

/* A growing text that ends in a zero byte; text is NULL if it is empty.  The caller frees text. */
typedef struct {
    char *text;
    size_t count, room;
} crease_text;

void crease_text_add(crease_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void crease_text_add_path(crease_text *text, const crease_step *step, size_t steps);

/* A file that is being written.  finish seals and frees it, with or without success. */
typedef struct crease_sealed crease_sealed;

crease_status crease_sealed_create(const char *path, crease_sealed **sealed, crease_error *error);
void crease_sealed_add(crease_sealed *sealed, const void *byte, size_t count);
crease_status crease_sealed_finish(crease_sealed *sealed, crease_error *error);

/* Writes a sealed file with this text, and frees the text. */
crease_status crease_sealed_write(const char *path, crease_text *text, crease_error *error);

/* Hexadecimal SHA-256 of the bytes. */
void crease_text_digest(const void *byte, size_t count, char hex[65]);

/* Reading, word by word.  The first word that is not as expected sets failed; after that nothing
 * more is read. */
typedef struct {
    uint8_t *byte; /* freed by crease_words_close */
    size_t count, at;
    bool failed;
} crease_words;

/* Opens the file.  An error unless its first line is "TITLE 1" and its seal is right. */
crease_status crease_words_open(crease_words *words, const char *path, const char *title,
                                crease_error *error);
void crease_words_close(crease_words *words);

/* Reads the next word, which must be this one. */
void crease_words_expect(crease_words *words, const char *word);

/* Is this the next word?  If so, reads it. */
bool crease_words_try(crease_words *words, const char *word);

/* Reads the next word, which must have less than size characters. */
void crease_words_take(crease_words *words, char *word, size_t size);
/* Reads the rest of the line, without its newline.  The caller frees it. */
char *crease_words_line(crease_words *words);
uint64_t crease_words_number(crease_words *words);
crease_whole crease_words_whole(crease_words *words);
double crease_words_real(crease_words *words);

/* Reads a path and appends it to the list. */
void crease_words_path(crease_words *words, crease_stacks *stacks);

/* Reads count raw bytes, which start after the end of the line.  NULL if there are fewer. */
const uint8_t *crease_words_raw(crease_words *words, size_t count);

/* An error unless everything was read as expected. */
crease_status crease_words_end(const crease_words *words, const char *path, crease_error *error);

#endif
