#include "job/shard.h"

#include "base/memory.h"
#include "base/status.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *crease_shard_path(const char *directory, size_t index, const char *ending)
{
    crease_text path = {NULL, 0, 0};
    crease_text_add(&path, "%s/%04zu.%s", directory, index, ending);
    return path.text;
}

static char *neighbour(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    crease_text text = {NULL, 0, 0};
    crease_text_add(&text, "%.*s%s", slash ? (int)(slash - path) + 1 : 0, path, name);
    return text.text;
}

char *crease_shard_network(const char *path)
{
    return neighbour(path, "network.json");
}

char *crease_shard_domain(const char *path)
{
    return neighbour(path, "domain.json");
}

static char *trunk_path(const char *directory)
{
    crease_text path = {NULL, 0, 0};
    crease_text_add(&path, "%s/trunk", directory);
    return path.text;
}

char *crease_shard_trunk_certificate(const char *directory)
{
    crease_text path = {NULL, 0, 0};
    crease_text_add(&path, "%s/trunk.cert.zst", directory);
    return path.text;
}

static void write_head(const crease_shard_head *head, crease_text *text)
{
    crease_job_subject_write(&head->subject, text);
    crease_text_add(text, "file %s\n", head->source);
    if (head->place)
        crease_text_add(text, "on %s\n", head->place);
    else
        crease_text_add(text, "space\n");
}

static void read_head(crease_words *words, crease_shard_head *head)
{
    char program[64];
    crease_job_subject *subject = &head->subject;
    crease_words_expect(words, "program");
    crease_words_take(words, program, sizeof program);
    if (strcmp(program, CREASE_VERSION))
        words->failed = true;
    crease_words_expect(words, "network");
    crease_words_take(words, subject->network, sizeof subject->network);
    crease_words_expect(words, "domain");
    crease_words_take(words, subject->domain, sizeof subject->domain);
    crease_words_expect(words, "part");
    crease_words_take(words, subject->part, sizeof subject->part);
    crease_words_expect(words, "file");
    head->source = crease_words_line(words);
    head->place = NULL;
    if (crease_words_try(words, "space"))
        return;
    crease_words_expect(words, "on");
    head->place = crease_words_line(words);
}

static void free_head(crease_shard_head *head)
{
    free(head->source);
    free(head->place);
}

crease_status crease_trunk_write(const crease_trunk *trunk, const char *directory,
                                 crease_error *error)
{
    crease_text text = {NULL, 0, 0};
    char regions[CREASE_WHOLE_TEXT];
    crease_text_add(&text, "crease-trunk 1\n");
    write_head(&trunk->head, &text);
    crease_whole_text(&trunk->regions, regions);
    crease_text_add(&text, "regions %s\njobs %zu %zu\n", regions, trunk->jobs, trunk->asked);
    for (size_t i = 0; i < trunk->jobs; i++)
        crease_text_add(&text, "%s\n", trunk->digest[i]);
    char *path = trunk_path(directory);
    crease_status status = crease_sealed_write(path, &text, error);
    free(path);
    return status;
}

crease_status crease_trunk_read(const char *directory, crease_trunk *trunk, crease_error *error)
{
    crease_words words;
    char *path = trunk_path(directory);
    memset(trunk, 0, sizeof *trunk);
    if (access(path, F_OK) && (errno == ENOENT || errno == ENOTDIR)) {
        free(path);
        return crease_fail(error, CREASE_INPUT, "%s: no directory of jobs; crease shard makes one",
                           directory);
    }
    crease_status status = crease_words_open(&words, path, "crease-trunk", error);
    if (!status) {
        read_head(&words, &trunk->head);
        crease_words_expect(&words, "regions");
        trunk->regions = crease_words_whole(&words);
        crease_words_expect(&words, "jobs");
        size_t jobs = (size_t)crease_words_number(&words);
        trunk->asked = (size_t)crease_words_number(&words);
        if (jobs > words.count / 65)
            words.failed = true;
        trunk->digest = crease_alloc(words.failed ? 0 : jobs, sizeof *trunk->digest);
        for (trunk->jobs = 0; trunk->jobs < jobs && !words.failed; trunk->jobs++)
            crease_words_take(&words, trunk->digest[trunk->jobs], sizeof *trunk->digest);
        status = crease_words_end(&words, path, error);
        crease_words_close(&words);
        if (status)
            crease_trunk_free(trunk);
    }
    free(path);
    return status;
}

void crease_trunk_free(crease_trunk *trunk)
{
    free_head(&trunk->head);
    free(trunk->digest);
    memset(trunk, 0, sizeof *trunk);
}

crease_status crease_shard_write_job(crease_trunk *trunk, const char *directory, size_t index,
                                     const crease_state *state, crease_error *error)
{
    crease_text text = {NULL, 0, 0};
    crease_text_add(&text, "crease-job 1\n");
    write_head(&trunk->head, &text);
    crease_text_add(&text, "job %zu %zu\nroot %s\nopen %zu\n", index, trunk->jobs,
                    state->rays ? "rays" : "rows", state->open.count);
    for (size_t i = 0; i < state->open.count; i++)
        crease_text_add_path(&text, state->open.stack[i].step, state->open.stack[i].steps);
    crease_text_digest(text.text, text.count, trunk->digest[index]);
    char *path = crease_shard_path(directory, index, "job");
    crease_status status = crease_sealed_write(path, &text, error);
    free(path);
    return status;
}

/* PATH without its ending ".job" if it has one. */
static char *beside(const char *path, const char *ending)
{
    size_t length = strlen(path);
    crease_text text = {NULL, 0, 0};
    if (length > 4 && !strcmp(path + length - 4, ".job"))
        length -= 4;
    crease_text_add(&text, "%.*s.%s", (int)length, path, ending);
    return text.text;
}

crease_status crease_job_open(const char *path, long index, crease_job **out, crease_error *error)
{
    crease_words words;
    char *file = index >= 0 ? crease_shard_path(path, (size_t)index, "job") : beside(path, "job");
    crease_status status = crease_words_open(&words, file, "crease-job", error);
    *out = NULL;
    if (!status) {
        crease_job *job = crease_alloc(1, sizeof *job);
        crease_text_digest(words.byte, words.count, job->digest);
        read_head(&words, &job->head);
        crease_words_expect(&words, "job");
        job->index = (size_t)crease_words_number(&words);
        job->jobs = (size_t)crease_words_number(&words);
        crease_words_expect(&words, "root");
        job->state.rays = crease_words_try(&words, "rays");
        if (!job->state.rays)
            crease_words_expect(&words, "rows");
        crease_words_expect(&words, "open");
        for (uint64_t left = crease_words_number(&words); left && !words.failed; left--)
            crease_words_path(&words, &job->state.open);
        job->network = crease_shard_network(file);
        job->domain = job->head.place ? crease_shard_domain(file) : NULL;
        job->result = beside(file, "result");
        job->kept = beside(file, "state");
        job->certificate = beside(file, "cert.zst");
        status = crease_words_end(&words, file, error);
        crease_words_close(&words);
        if (status)
            crease_job_free(job);
        else
            *out = job;
    }
    free(file);
    return status;
}

void crease_job_free(crease_job *job)
{
    if (!job)
        return;
    free_head(&job->head);
    crease_stacks_clear(&job->state.open);
    free(job->network);
    free(job->domain);
    free(job->result);
    free(job->kept);
    free(job->certificate);
    free(job);
}

const char *crease_job_network(const crease_job *job)
{
    return job->network;
}

const char *crease_job_domain(const crease_job *job)
{
    return job->domain;
}
