/* Mutants of good network files: the reader must refuse them with one line or
 * read them, and never crash.  Best run under ASan and UBSan.
 *
 * usage: fuzz_json [FILE...]      default: the networks in data
 * Environment: CREASE_FUZZ_MUTANTS (20000), CREASE_FUZZ_SEED (1). */
#include "support/counting.h"
#include "support/nets.h"

#include "crease.h"

#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FILES = 64, MOST_EDITS = 4, LARGEST = 1 << 22 };

static const char *const tokens[] = {"NaN",
                                     "Infinity",
                                     "1e999",
                                     "-",
                                     "null",
                                     "true",
                                     "[",
                                     "]",
                                     "{",
                                     "}",
                                     ",",
                                     ":",
                                     "\"",
                                     "\"1/0\"",
                                     "\"1/3\"",
                                     "\"0x1p-1\"",
                                     "\"1e999999999\"",
                                     "\"1e4999\"",
                                     "\"-1e-4999\"",
                                     "\"relu\"",
                                     "\"linear\"",
                                     "\"weight\"",
                                     "\"bias\"",
                                     "\"input\"",
                                     "\\u0000",
                                     "\\ud800",
                                     "\n",
                                     "\"\\n\"",
                                     "[[]]",
                                     "{}",
                                     "[]",
                                     "0",
                                     "-1",
                                     "4097",
                                     "1.5",
                                     "1e-400",
                                     "\xff",
                                     "\xc3\xa9",
                                     "99999999999999999999",
                                     "\"comment\": \"x\",",
                                     "[[[[[[[[",
                                     "\"a\\u001bb\": 1,",
                                     "\"maxout\"",
                                     "\"rank\"",
                                     "\"carry\"",
                                     "\"carry\": 1,",
                                     "\"rank\": 3,"};

typedef struct {
    char *text;
    size_t length;
} buffer;

/* Replaces `gone` bytes at `at` by `length` new ones. */
static void splice(buffer *b, size_t at, size_t gone, const char *text, size_t length)
{
    memmove(b->text + at + length, b->text + at + gone, b->length - at - gone);
    memcpy(b->text + at, text, length);
    b->length += length - gone;
}

static size_t below(uint64_t *state, size_t end)
{
    return end ? (size_t)(nets_random(state) % end) : 0;
}

static void edit(buffer *b, uint64_t *state)
{
    char piece[256];
    size_t at = below(state, b->length), left = b->length - at;
    size_t span = below(state, left < sizeof piece ? left + 1 : sizeof piece);
    const char *token = tokens[below(state, sizeof tokens / sizeof *tokens)];
    switch (below(state, 8)) {
    case 0: /* one bit */
        if (left)
            b->text[at] = (char)(b->text[at] ^ 1 << below(state, 8));
        break;
    case 1: /* one byte */
        if (left)
            b->text[at] = (char)below(state, 256);
        break;
    case 2: /* cut out */ splice(b, at, span, "", 0); break;
    case 3: /* say twice, elsewhere */
        memcpy(piece, b->text + at, span);
        splice(b, below(state, b->length), 0, piece, span);
        break;
    case 4: /* the end is missing */ b->length = at; break;
    case 5: splice(b, at, 0, token, strlen(token)); break;
    default: /* a token in place of the next value */
        while (left && !strchr(" [,:", b->text[at])) {
            at++;
            left--;
        }
        at += left > 0;
        span = at < b->length ? strcspn(b->text + at, ",]}") : 0;
        splice(b, at, span > b->length - at ? b->length - at : span, token, strlen(token));
    }
    b->text[b->length] = 0;
}

/* False if the reader broke its contract. */
static bool read_one(const buffer *b, long *good)
{
    crease_network *network = NULL;
    crease_error error = {""};
    crease_status status = crease_network_parse(b->text, b->length, "mutant", &network, &error);
    if (status == CREASE_OK) {
        char hex[65];
        crease_network_digest(network, hex);
        crease_network_free(network);
        ++*good;
        return strlen(hex) == 64;
    }
    bool line = *error.text && !memchr(error.text, '\n', strlen(error.text));
    if (status != CREASE_INPUT || !line)
        fprintf(stderr, "status %d, message \"%s\"\n", (int)status, error.text);
    return status == CREASE_INPUT && line;
}

/* An exact copy, so that a read past its end is seen. */
static bool read_copy(const buffer *b, long *good)
{
    buffer copy = {malloc(b->length + 1), b->length};
    if (!copy.text)
        return false;
    memcpy(copy.text, b->text, b->length);
    copy.text[b->length] = 0;
    bool fine = read_one(&copy, good);
    free(copy.text);
    return fine;
}

static bool load(const char *path, buffer *file)
{
    FILE *in = fopen(path, "rb");
    file->text = in ? malloc(LARGEST) : NULL;
    file->length = file->text ? fread(file->text, 1, LARGEST - 1, in) : 0;
    if (file->text)
        file->text[file->length] = 0;
    if (in)
        fclose(in);
    return file->length > 0;
}

int main(int argc, char **argv)
{
    long mutants = count_setting("CREASE_FUZZ_MUTANTS", 20000), good = 0;
    uint64_t seed = (uint64_t)count_setting("CREASE_FUZZ_SEED", 1);
    glob_t found = {0};
    char **path = argv + 1;
    int paths = argc - 1;
    if (paths < 1 && glob("data/*.json", 0, NULL, &found) == 0) {
        path = found.gl_pathv;
        paths = (int)found.gl_pathc;
    }
    buffer file[MOST_FILES], mutant = {malloc(2 * LARGEST), 0};
    int files = 0;
    for (int i = 0; i < paths && files < MOST_FILES; i++)
        if (!load(path[i], &file[files++]) || !mutant.text) {
            fprintf(stderr, "fuzz_json: cannot read %s\n", path[i]);
            return EXIT_FAILURE;
        }
    if (!files) {
        fprintf(stderr, "fuzz_json: no files\n");
        return EXIT_FAILURE;
    }
    for (long m = 0; m < mutants; m++) {
        uint64_t state = seed + (uint64_t)m;
        const buffer *from = &file[below(&state, (size_t)files)];
        memcpy(mutant.text, from->text, from->length + 1);
        mutant.length = from->length;
        for (size_t edits = 1 + below(&state, MOST_EDITS); edits; edits--)
            edit(&mutant, &state);
        if (!read_copy(&mutant, &good)) {
            fprintf(stderr, "fuzz_json: mutant %ld of seed %llu:\n%s\n", m,
                    (unsigned long long)seed, mutant.text);
            return EXIT_FAILURE;
        }
    }
    printf("%ld mutants of %d files, %ld still networks\n", mutants, files, good);
    for (int i = 0; i < files; i++)
        free(file[i].text);
    free(mutant.text);
    if (found.gl_pathc)
        globfree(&found);
    return EXIT_SUCCESS;
}
