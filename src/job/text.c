#include "job/text.h"

#include "base/input.h"
#include "base/memory.h"
#include "base/output.h"
#include "base/status.h"

#include <errno.h>
#include <inttypes.h>
#include <nettle/sha2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGEST = SHA256_DIGEST_SIZE, SEAL = 7 + 2 * DIGEST + 1 };

struct crease_sealed {
    crease_output output;
    int failure; /* errno, or 0 */
    struct sha256_ctx sha;
};

/* ---- Writing ---- */

void crease_text_add(crease_text *text, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int need = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (need < 0)
        crease_fatal("text: cannot be formatted");
    if (text->count + (size_t)need + 1 > text->room) {
        text->room = 2 * (text->count + (size_t)need + 1);
        text->text = crease_realloc(text->text, text->room, 1);
    }
    va_start(list, format);
    vsnprintf(text->text + text->count, (size_t)need + 1, format, list);
    va_end(list);
    text->count += (size_t)need;
}

void crease_text_add_path(crease_text *text, const crease_step *step, size_t steps)
{
    if (!steps)
        crease_text_add(text, "-");
    for (size_t k = 0; k < steps; k++) {
        crease_text_add(text, "%s%" PRIu32 ".%" PRIu32, k ? " " : "", step[k].unit, step[k].branch);
        if (step[k].end > step[k].branch + 1)
            crease_text_add(text, "-%" PRIu32, step[k].end);
    }
    crease_text_add(text, "\n");
}

crease_status crease_sealed_create(const char *path, crease_sealed **sealed, crease_error *error)
{
    crease_output output;
    crease_status status = crease_output_open(path, &output, error);
    if (status)
        return status;
    *sealed = crease_alloc(1, sizeof **sealed);
    (*sealed)->output = output;
    sha256_init(&(*sealed)->sha);
    return CREASE_OK;
}

void crease_sealed_add(crease_sealed *sealed, const void *byte, size_t count)
{
    sha256_update(&sealed->sha, count, byte);
    if (!sealed->failure && !crease_output_write(&sealed->output, byte, count))
        sealed->failure = errno;
}

static void write_seal(struct sha256_ctx *sha, char seal[SEAL + 1])
{
    uint8_t digest[DIGEST];
    sha256_digest(sha, DIGEST, digest);
    int at = snprintf(seal, SEAL + 1, "sha256 ");
    for (size_t i = 0; i < DIGEST; i++)
        at += snprintf(seal + at, 3, "%02x", digest[i]);
    snprintf(seal + at, 2, "\n");
}

crease_status crease_sealed_finish(crease_sealed *sealed, crease_error *error)
{
    char seal[SEAL + 1];
    write_seal(&sealed->sha, seal);
    crease_status status = CREASE_OK;
    if (!sealed->failure && (!crease_output_write(&sealed->output, seal, SEAL) ||
                             !crease_output_commit(&sealed->output)))
        sealed->failure = errno;
    if (sealed->failure)
        status = crease_fail(error, CREASE_INPUT, "%s: cannot write: %s", sealed->output.path,
                             strerror(sealed->failure));
    crease_output_close(&sealed->output);
    free(sealed);
    return status;
}

crease_status crease_sealed_write(const char *path, crease_text *text, crease_error *error)
{
    crease_sealed *sealed;
    crease_status status = crease_sealed_create(path, &sealed, error);
    if (!status) {
        crease_sealed_add(sealed, text->text, text->count);
        status = crease_sealed_finish(sealed, error);
    }
    free(text->text);
    memset(text, 0, sizeof *text);
    return status;
}

/* ---- Reading ---- */

static crease_status check_title(const crease_words *words, const char *path, const char *title,
                                 crease_error *error)
{
    size_t length = strlen(title);
    const char *text = (const char *)words->byte;
    if (!words->count)
        return crease_fail(error, CREASE_INPUT, "%s: empty", path);
    if (strncmp(text, title, length) || text[length] != ' ')
        return crease_fail(error, CREASE_INPUT, "%s: not a %s", path, title);
    size_t digits = strspn(text + length + 1, "0123456789");
    if (digits != 1 || text[length + 1] != '1' || text[length + 2] != '\n')
        return crease_fail(error, CREASE_INPUT,
                           "%s: of another version, this program reads \"%s 1\"", path, title);
    return CREASE_OK;
}

void crease_text_digest(const void *byte, size_t count, char hex[65])
{
    char seal[SEAL + 1];
    struct sha256_ctx sha;
    sha256_init(&sha);
    sha256_update(&sha, count, byte);
    write_seal(&sha, seal);
    memcpy(hex, seal + 7, 64);
    hex[64] = 0;
}

static bool check_seal(const crease_words *words)
{
    char seal[SEAL + 1];
    struct sha256_ctx sha;
    if (words->count < SEAL)
        return false;
    sha256_init(&sha);
    sha256_update(&sha, words->count - SEAL, words->byte);
    write_seal(&sha, seal);
    return !memcmp(words->byte + words->count - SEAL, seal, SEAL);
}

crease_status crease_words_open(crease_words *words, const char *path, const char *title,
                                crease_error *error)
{
    memset(words, 0, sizeof *words);
    char *content;
    crease_status status = crease_input_read(path, &content, &words->count, error);
    if (status)
        return status;
    words->byte = (uint8_t *)content;
    status = check_title(words, path, title, error);
    if (!status && !check_seal(words))
        status = crease_fail(error, CREASE_INPUT,
                             "%s: truncated or altered, its checksum does not match", path);
    if (status) {
        crease_words_close(words);
        return status;
    }
    words->count -= SEAL;
    words->byte[words->count] = 0;
    words->at = strlen(title) + 3;
    return CREASE_OK;
}

void crease_words_close(crease_words *words)
{
    free(words->byte);
    memset(words, 0, sizeof *words);
}

void crease_words_take(crease_words *words, char *word, size_t size)
{
    const char *from = (const char *)words->byte + words->at;
    size_t length = words->failed ? 0 : strcspn(from, " \n");
    *word = 0;
    if (!length || length >= size || words->at + length >= words->count) {
        words->failed = true;
        return;
    }
    memcpy(word, from, length);
    word[length] = 0;
    words->at += length + 1;
}

char *crease_words_line(crease_words *words)
{
    const char *from = (const char *)words->byte + words->at;
    size_t length = words->failed ? 0 : strcspn(from, "\n");
    if (words->failed || words->at + length >= words->count) {
        words->failed = true;
        length = 0;
    }
    char *line = crease_alloc(length + 1, 1);
    memcpy(line, from, length);
    words->at += words->failed ? 0 : length + 1;
    return line;
}

bool crease_words_try(crease_words *words, const char *word)
{
    size_t length = strlen(word);
    const char *from = (const char *)words->byte + words->at;
    if (words->failed || words->count - words->at <= length || strncmp(from, word, length) ||
        (from[length] != ' ' && from[length] != '\n'))
        return false;
    words->at += length + 1;
    return true;
}

void crease_words_expect(crease_words *words, const char *word)
{
    if (!crease_words_try(words, word))
        words->failed = true;
}

/* Digits at *text, which moves behind them. */
static bool digits(const char **text, uint64_t most, uint64_t *value)
{
    const char *from = *text;
    *value = 0;
    for (; **text >= '0' && **text <= '9'; ++*text) {
        uint64_t digit = (uint64_t)(**text - '0');
        if (*value > (most - digit) / 10)
            return false;
        *value = 10 * *value + digit;
    }
    return *text > from;
}

uint64_t crease_words_number(crease_words *words)
{
    char word[32];
    const char *text = word;
    uint64_t value;
    crease_words_take(words, word, sizeof word);
    if (!digits(&text, UINT64_MAX, &value) || *text)
        words->failed = true;
    return words->failed ? 0 : value;
}

crease_whole crease_words_whole(crease_words *words)
{
    char word[CREASE_WHOLE_TEXT];
    crease_whole value;
    crease_words_take(words, word, sizeof word);
    if (words->failed || !crease_whole_read(word, &value)) {
        words->failed = true;
        return crease_whole_of(0);
    }
    return value;
}

double crease_words_real(crease_words *words)
{
    char word[64], *end;
    crease_words_take(words, word, sizeof word);
    double value = strtod(word, &end);
    if (end == word || *end || !(value >= 0 && value < 1e300))
        words->failed = true;
    return words->failed ? 0 : value;
}

static bool parse_step(const char *word, crease_step *step)
{
    uint64_t unit, branch, end;
    if (!digits(&word, UINT32_MAX - 1, &unit) || *word++ != '.' ||
        !digits(&word, UINT32_MAX - 1, &branch))
        return false;
    end = branch + 1;
    if (*word == '-' && (word++, !digits(&word, UINT32_MAX - 1, &end) || end <= branch + 1))
        return false;
    *step = (crease_step){(uint32_t)unit, (uint32_t)branch, (uint32_t)end};
    return !*word;
}

void crease_words_path(crease_words *words, crease_stacks *stacks)
{
    char word[40];
    crease_step *path = NULL;
    size_t steps = 0, room = 0;
    bool more = !crease_words_try(words, "-");
    while (more && !words->failed) {
        if (steps == room) {
            room = room ? 2 * room : 16;
            path = crease_realloc(path, room, sizeof *path);
        }
        crease_words_take(words, word, sizeof word);
        if (words->failed || !parse_step(word, &path[steps++]))
            words->failed = true;
        more = !words->failed && words->byte[words->at - 1] == ' ';
    }
    if (!words->failed)
        crease_stacks_add(stacks, path, steps);
    free(path);
}

const uint8_t *crease_words_raw(crease_words *words, size_t count)
{
    const uint8_t *raw = words->byte + words->at;
    if (words->failed || words->count - words->at < count) {
        words->failed = true;
        return NULL;
    }
    words->at += count;
    return raw;
}

crease_status crease_words_end(const crease_words *words, const char *path, crease_error *error)
{
    if (!words->failed && words->at == words->count)
        return CREASE_OK;
    return crease_fail(error, CREASE_INPUT, "%s: byte %zu is not as expected", path, words->at);
}
