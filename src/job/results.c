#include <stdio.h> /* before gmp.h */

#include "job/results.h"

#include "base/total.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/status.h"
#include "net/document.h"
#include "net/literal.h"
#include "net/rational.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

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

/* Does the result belong to the trunk?  Then *job is its number. */
static bool belongs(const crease_results *all, const record *r, uint64_t *job)
{
    const crease_job_subject *subject = &all->trunk.head.subject;
    mpz_t whole;
    mpz_init(whole);
    bool good = whole_of(r, r->object, "crease-result", whole) && mpz_cmp_ui(whole, 1) == 0 &&
                whole_of(r, r->object, "regions", whole) && whole_of(r, r->object, "job", whole) &&
                mpz_cmp_ui(whole, all->trunk.jobs) < 0;
    *job = good ? mpz_get_ui(whole) : 0;
    mpz_clear(whole);
    return good && json_is_boolean(json_object_get(r->object, "complete")) &&
           !strcmp(text_of(r, "program"), CREASE_VERSION) &&
           !strcmp(text_of(r, "network"), subject->network) &&
           !strcmp(text_of(r, "domain"), subject->domain) &&
           !strcmp(text_of(r, "digest"), all->trunk.digest[*job]);
}

/* What the result says of its job. */
static void keep(crease_job_result *job, const record *r)
{
    const json_t *decisions = json_object_get(r->object, "decisions");
    whole_of(r, r->object, "regions", job->regions);
    job->seconds = seconds_of(r);
    for (crease_decision kind = 0; crease_decision_name(kind); kind++)
        *crease_decisions_at(&job->decisions, kind) =
            small_of(r, decisions, crease_decision_name(kind));
}

static void take_record(crease_results *all, const record *r, const char *name)
{
    uint64_t job;
    if (!belongs(all, r, &job)) {
        if (all->foreigners++ < CREASE_RESULTS_SHOWN)
            crease_text_add(&all->foreign, "%s%s", all->foreigners > 1 ? ", " : "", name);
    } else if (all->job[job].fate != CREASE_RESULT_MISSING) {
        all->job[job].fate = CREASE_RESULT_DUPLICATE;
    } else {
        bool complete = json_is_true(json_object_get(r->object, "complete"));
        all->job[job].fate = complete ? CREASE_RESULT_COMPLETE : CREASE_RESULT_INCOMPLETE;
        keep(&all->job[job], r);
    }
}

static void take(crease_results *all, const char *directory, const char *name)
{
    char *byte = NULL;
    size_t count;
    record r = {NULL, {0}};
    crease_text path = {NULL, 0, 0};
    crease_text_add(&path, "%s/%s", directory, name);
    if (!crease_input_read(path.text, &byte, &count, NULL)) {
        crease_literals_number(byte, count, &r.literals);
        r.object =
            crease_document_parse(r.literals.text, r.literals.length, JSON_REJECT_DUPLICATES, NULL);
    }
    take_record(all, &r, name);
    crease_document_release(r.object);
    crease_literals_free(&r.literals);
    free(byte);
    free(path.text);
}

static crease_status take_all(crease_results *all, const char *directory, crease_error *error)
{
    DIR *list = opendir(directory);
    if (!list)
        return crease_fail(error, CREASE_INPUT, "%s: cannot open: %s", directory, strerror(errno));
    for (struct dirent *entry; (entry = readdir(list));) {
        size_t length = strlen(entry->d_name);
        if (length > 7 && !strcmp(entry->d_name + length - 7, ".result"))
            take(all, directory, entry->d_name);
    }
    closedir(list);
    return CREASE_OK;
}

crease_status crease_results_read(const char *directory, crease_results *results,
                                  crease_error *error)
{
    memset(results, 0, sizeof *results);
    crease_status status = crease_trunk_read(directory, &results->trunk, error);
    if (status)
        return status;
    results->job = crease_alloc(results->trunk.jobs, sizeof *results->job);
    for (size_t i = 0; i < results->trunk.jobs; i++)
        mpz_init(results->job[i].regions);
    status = take_all(results, directory, error);
    if (status)
        crease_results_free(results);
    return status;
}

void crease_results_free(crease_results *results)
{
    for (size_t i = 0; i < results->trunk.jobs; i++)
        mpz_clear(results->job[i].regions);
    free(results->job);
    free(results->foreign.text);
    crease_trunk_free(&results->trunk);
    memset(results, 0, sizeof *results);
}
