#include "base/input.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/status.h"
#include "job/shard.h"
#include "net/literal.h"
#include "net/rational.h"

#include <dirent.h>
#include <errno.h>
#include <gmp.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 8 };

typedef enum { MISSING, TAKEN, INCOMPLETE, DUPLICATE } fate;

typedef struct {
    crease_trunk trunk;
    fate *fate; /* of every job */
    mpz_t regions;
    crease_merged *merged;
    crease_text foreign; /* names of results that do not belong here, or NULL */
    size_t foreigners;
} merging;

/* A result as it was read: an integer of object is the index of a literal, as numbers may be larger
 * than jansson's. */
typedef struct {
    json_t *object;
    crease_literals literals;
} record;

static const char *text_of(const record *r, const char *key)
{
    const char *text = json_string_value(json_object_get(r->object, key));
    return text ? text : "";
}

/* The literal of a key of the object, which is in the record, and its length; 0 if it is no
 * number. */
static size_t literal_of(const record *r, const json_t *object, const char *key, const char **text)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_integer(value) || (size_t)json_integer_value(value) >= r->literals.literals)
        return 0;
    *text = r->literals.literal[json_integer_value(value)];
    return crease_literal_length(*text);
}

/* A whole number, 0 or more; false if it is not one. */
static bool whole_of(const record *r, const json_t *object, const char *key, mpz_t whole)
{
    const char *text;
    size_t length = literal_of(r, object, key, &text);
    mpq_t number;
    mpq_init(number);
    bool good = length && strspn(text, "0123456789") == length &&
                crease_rational_parse(number, text, length);
    if (good)
        mpz_set(whole, mpq_numref(number));
    mpq_clear(number);
    return good;
}

/* 0 if it is none, or beyond 64 bits. */
static uint64_t small_of(const record *r, const json_t *object, const char *key)
{
    mpz_t whole;
    mpz_init(whole);
    bool good = whole_of(r, object, key, whole) && mpz_sizeinbase(whole, 2) <= 64;
    uint64_t value = 0;
    if (good)
        mpz_export(&value, NULL, -1, sizeof value, 0, 0, whole);
    mpz_clear(whole);
    return value;
}

static double seconds_of(const record *r)
{
    const char *text;
    size_t length = literal_of(r, r->object, "seconds", &text);
    mpq_t number;
    mpq_init(number);
    double seconds = length && crease_rational_parse(number, text, length) ? mpq_get_d(number) : 0;
    mpq_clear(number);
    return seconds;
}

static void add(merging *m, const record *r)
{
    const json_t *decisions = json_object_get(r->object, "decisions");
    crease_decisions *sum = &m->merged->decisions;
    double seconds = seconds_of(r);
    mpz_t regions;
    mpz_init(regions);
    whole_of(r, r->object, "regions", regions);
    mpz_add(m->regions, m->regions, regions);
    mpz_clear(regions);
    for (crease_decision kind = 0; crease_decision_name(kind); kind++)
        *crease_decisions_at(sum, kind) += small_of(r, decisions, crease_decision_name(kind));
    m->merged->seconds += seconds;
    m->merged->shortest = fmin(m->merged->shortest, seconds);
    m->merged->longest = fmax(m->merged->longest, seconds);
}

/* Does the result belong to the trunk?  Then *job is its number. */
static bool belongs(const merging *m, const record *r, uint64_t *job)
{
    const crease_job_subject *subject = &m->trunk.head.subject;
    mpz_t whole;
    mpz_init(whole);
    bool good = whole_of(r, r->object, "crease-result", whole) && mpz_cmp_ui(whole, 1) == 0 &&
                whole_of(r, r->object, "regions", whole) && whole_of(r, r->object, "job", whole) &&
                mpz_cmp_ui(whole, m->trunk.jobs) < 0;
    *job = good ? mpz_get_ui(whole) : 0;
    mpz_clear(whole);
    return good && json_is_boolean(json_object_get(r->object, "complete")) &&
           !strcmp(text_of(r, "program"), CREASE_VERSION) &&
           !strcmp(text_of(r, "network"), subject->network) &&
           !strcmp(text_of(r, "domain"), subject->domain) &&
           !strcmp(text_of(r, "digest"), m->trunk.digest[*job]);
}

static void take_record(merging *m, const record *r, const char *name)
{
    uint64_t job;
    if (!belongs(m, r, &job)) {
        if (m->foreigners++ < SHOWN)
            crease_text_add(&m->foreign, "%s%s", m->foreigners > 1 ? ", " : "", name);
    } else if (m->fate[job] != MISSING) {
        m->fate[job] = DUPLICATE;
    } else if (json_is_true(json_object_get(r->object, "complete"))) {
        m->fate[job] = TAKEN;
        add(m, r);
    } else {
        m->fate[job] = INCOMPLETE;
    }
}

static void take(merging *m, const char *directory, const char *name)
{
    char *byte = NULL;
    size_t count;
    record r = {NULL, {0}};
    crease_text path = {NULL, 0, 0};
    crease_text_add(&path, "%s/%s", directory, name);
    if (!crease_input_read(path.text, &byte, &count, NULL)) {
        crease_literals_number(byte, count, &r.literals);
        r.object = json_loadb(r.literals.text, r.literals.length, JSON_REJECT_DUPLICATES, NULL);
    }
    take_record(m, &r, name);
    json_decref(r.object);
    crease_literals_free(&r.literals);
    free(byte);
    free(path.text);
}

static crease_status take_all(merging *m, const char *directory, crease_error *error)
{
    DIR *list = opendir(directory);
    if (!list)
        return crease_fail(error, CREASE_INPUT, "%s: cannot open: %s", directory, strerror(errno));
    for (struct dirent *entry; (entry = readdir(list));) {
        size_t length = strlen(entry->d_name);
        if (length > 7 && !strcmp(entry->d_name + length - 7, ".result"))
            take(m, directory, entry->d_name);
    }
    closedir(list);
    return CREASE_OK;
}

/* "missing 3, 17; " if there are such jobs. */
static void complain(const merging *m, fate kind, const char *word, crease_text *text)
{
    size_t count = 0;
    for (size_t i = 0; i < m->trunk.jobs; i++)
        if (m->fate[i] == kind && count++ < SHOWN)
            crease_text_add(text, "%s%s%zu", text->count && count == 1 ? "; " : "",
                            count == 1 ? word : ", ", i);
    if (count > SHOWN)
        crease_text_add(text, " and %zu more", count - SHOWN);
}

static crease_status check_all(const merging *m, const char *directory, crease_error *error)
{
    crease_text text = {NULL, 0, 0};
    complain(m, MISSING, "missing ", &text);
    complain(m, INCOMPLETE, "incomplete ", &text);
    complain(m, DUPLICATE, "there twice ", &text);
    if (m->foreigners)
        crease_text_add(&text, "%sforeign or damaged %s%s", text.count ? "; " : "", m->foreign.text,
                        m->foreigners > SHOWN ? " and more" : "");
    crease_status status = CREASE_OK;
    if (text.count)
        status = crease_fail(error, CREASE_INPUT, "%s: results: %s", directory, text.text);
    free(text.text);
    return status;
}

crease_status crease_merge(const char *directory, crease_merged *merged, crease_error *error)
{
    merging m = {.merged = merged};
    memset(merged, 0, sizeof *merged);
    crease_status status = crease_trunk_read(directory, &m.trunk, error);
    if (status)
        return status;
    m.fate = crease_alloc(m.trunk.jobs, sizeof *m.fate);
    mpz_init(m.regions);
    mpz_import(m.regions, 1, -1, sizeof m.trunk.regions, 0, 0, &m.trunk.regions);
    merged->shortest = m.trunk.jobs ? INFINITY : 0;
    status = take_all(&m, directory, error);
    if (!status)
        status = check_all(&m, directory, error);
    if (!status) {
        size_t room = mpz_sizeinbase(m.regions, 10) + 2;
        merged->regions = crease_alloc(room, 1);
        mpz_get_str(merged->regions, 10, m.regions);
        merged->jobs = m.trunk.jobs;
        memcpy(merged->network, m.trunk.head.subject.network, sizeof merged->network);
        memcpy(merged->domain, m.trunk.head.subject.domain, sizeof merged->domain);
        merged->source = m.trunk.head.source;
        merged->place = m.trunk.head.place;
        m.trunk.head.source = m.trunk.head.place = NULL;
    }
    mpz_clear(m.regions);
    free(m.fate);
    free(m.foreign.text);
    crease_trunk_free(&m.trunk);
    return status;
}

void crease_merged_free(crease_merged *merged)
{
    free(merged->regions);
    free(merged->source);
    free(merged->place);
    memset(merged, 0, sizeof *merged);
}
