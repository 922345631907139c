#include "base/input.h"
#include "base/memory.h"
#include "base/status.h"
#include "job/shard.h"

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

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static uint64_t number_of(const json_t *object, const char *key)
{
    json_int_t value = json_integer_value(json_object_get(object, key));
    return value > 0 ? (uint64_t)value : 0;
}

static void add(merging *m, const json_t *object)
{
    const json_t *decisions = json_object_get(object, "decisions");
    crease_decisions *sum = &m->merged->decisions;
    double seconds = json_number_value(json_object_get(object, "seconds"));
    mpz_t regions;
    mpz_init_set_ui(regions, number_of(object, "regions"));
    mpz_add(m->regions, m->regions, regions);
    mpz_clear(regions);
    sum->filter += number_of(decisions, "filter");
    sum->exact += number_of(decisions, "exact");
    sum->lp += number_of(decisions, "lp");
    sum->pool += number_of(decisions, "pool");
    m->merged->seconds += seconds;
    m->merged->shortest = fmin(m->merged->shortest, seconds);
    m->merged->longest = fmax(m->merged->longest, seconds);
}

/* Does the result belong to the trunk? */
static bool belongs(const merging *m, const json_t *object)
{
    const crease_job_subject *subject = &m->trunk.head.subject;
    const json_t *job = json_object_get(object, "job");
    return json_integer_value(json_object_get(object, "crease-result")) == 1 &&
           json_is_integer(job) && json_integer_value(job) >= 0 &&
           (uint64_t)json_integer_value(job) < m->trunk.jobs &&
           json_is_integer(json_object_get(object, "regions")) &&
           json_integer_value(json_object_get(object, "regions")) >= 0 &&
           json_is_boolean(json_object_get(object, "complete")) &&
           !strcmp(text_of(object, "program"), CREASE_VERSION) &&
           !strcmp(text_of(object, "network"), subject->network) &&
           !strcmp(text_of(object, "domain"), subject->domain) &&
           !strcmp(text_of(object, "digest"), m->trunk.digest[json_integer_value(job)]);
}

static void take(merging *m, const char *directory, const char *name)
{
    char *byte;
    size_t count;
    json_t *object = NULL;
    crease_text path = {NULL, 0, 0};
    crease_text_add(&path, "%s/%s", directory, name);
    if (!crease_input_read(path.text, &byte, &count, NULL)) {
        object = json_loadb(byte, count, JSON_REJECT_DUPLICATES, NULL);
        free(byte);
    }
    free(path.text);
    if (!belongs(m, object)) {
        if (m->foreigners++ < SHOWN)
            crease_text_add(&m->foreign, "%s%s", m->foreigners > 1 ? ", " : "", name);
    } else {
        fate *own = &m->fate[json_integer_value(json_object_get(object, "job"))];
        if (*own != MISSING) {
            *own = DUPLICATE;
        } else if (json_is_true(json_object_get(object, "complete"))) {
            *own = TAKEN;
            add(m, object);
        } else {
            *own = INCOMPLETE;
        }
    }
    json_decref(object);
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
    mpz_init_set_ui(m.regions, m.trunk.regions);
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
