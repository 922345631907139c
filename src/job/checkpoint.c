#include "job/checkpoint.h"

#include "base/status.h"
#include "domain/domain.h"
#include "net/network.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A sum that is kept, and its name. */
enum { SUMS = 7 };
typedef struct {
    const char *name;
    uint64_t *value;
} kept_sum;

static void list_sums(crease_state *state, kept_sum sum[SUMS])
{
    const kept_sum list[SUMS] = {
        {"cells", &state->cells},
        {crease_decision_name(CREASE_DECISION_FILTER), &state->tally.filter},
        {crease_decision_name(CREASE_DECISION_EXACT), &state->tally.exact},
        {crease_decision_name(CREASE_DECISION_LP), &state->tally.lp},
        {crease_decision_name(CREASE_DECISION_POOL), &state->tally.pool},
        {"rays", &state->tally.rays},
        {"refined", &state->tally.refined},
    };
    memcpy(sum, list, sizeof list);
}

void crease_job_subject_of(crease_job_subject *subject, const crease_network *network,
                           const crease_domain *domain)
{
    uint8_t digest[32];
    crease_network_digest(network, subject->network);
    crease_domain_digest(domain, crease_network_inputs(network), digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(subject->domain + 2 * i, 3, "%02x", digest[i]);
    strcpy(subject->part, "whole");
}

void crease_job_subject_write(const crease_job_subject *subject, crease_text *text)
{
    crease_text_add(text, "program %s\nnetwork %s\ndomain %s\npart %s\n", CREASE_VERSION,
                    subject->network, subject->domain, subject->part);
}

crease_status crease_job_subject_check(const crease_job_subject *subject, crease_words *words,
                                       const char *path, crease_error *error)
{
    char program[64], network[65], domain[65], part[65];
    crease_words_expect(words, "program");
    crease_words_take(words, program, sizeof program);
    crease_words_expect(words, "network");
    crease_words_take(words, network, sizeof network);
    crease_words_expect(words, "domain");
    crease_words_take(words, domain, sizeof domain);
    crease_words_expect(words, "part");
    crease_words_take(words, part, sizeof part);
    if (words->failed)
        return crease_words_end(words, path, error);
    if (strcmp(program, CREASE_VERSION))
        return crease_fail(error, CREASE_INPUT, "%s: written by crease %s, this is %s", path,
                           program, CREASE_VERSION);
    if (strcmp(network, subject->network))
        return crease_fail(error, CREASE_INPUT, "%s: of another network, with digest %.16s...",
                           path, network);
    if (strcmp(domain, subject->domain))
        return crease_fail(error, CREASE_INPUT,
                           "%s: of another domain; give the --box it was made with", path);
    if (strcmp(part, subject->part))
        return crease_fail(error, CREASE_INPUT, "%s: of %s, not of %s", path,
                           strcmp(part, "whole") ? "a job" : "the whole count",
                           strcmp(subject->part, "whole") ? "this job" : "the whole count");
    return CREASE_OK;
}

void crease_checkpoint_add_tree(const crease_checkpoint_content *content, crease_text *text)
{
    char regions[CREASE_WHOLE_TEXT];
    crease_state state = content->state;
    kept_sum sum[SUMS];
    list_sums(&state, sum);
    crease_text_add(text, "engine %s\nroot %s\n", crease_engine_name(content->engine),
                    state.rays ? "rays" : "rows");
    crease_whole_text(&state.regions, regions);
    crease_text_add(text, "regions %s\n", regions);
    for (size_t i = 0; i < SUMS; i++)
        crease_text_add(text, "%s %" PRIu64 "\n", sum[i].name, *sum[i].value);
    crease_text_add(text, "closed %.17g\nseconds %.6f\nopen %zu\n", state.closed, content->seconds,
                    state.open.count);
    for (size_t i = 0; i < state.open.count; i++)
        crease_text_add_path(text, state.open.stack[i].step, state.open.stack[i].steps);
}

crease_status crease_checkpoint_write(const char *path, const crease_job_subject *subject,
                                      const crease_checkpoint_content *content, crease_error *error)
{
    crease_text text = {NULL, 0, 0};
    crease_text_add(&text, "crease-checkpoint 1\n");
    crease_job_subject_write(subject, &text);
    crease_checkpoint_add_tree(content, &text);
    const crease_patterns *patterns = content->state.patterns;
    if (!patterns)
        return crease_sealed_write(path, &text, error);
    crease_text_add(&text, "patterns %" PRIu64 " %zu\n", patterns->count, patterns->bytes);
    crease_sealed *sealed;
    crease_status status = crease_sealed_create(path, &sealed, error);
    if (!status) {
        crease_sealed_add(sealed, text.text, text.count);
        crease_sealed_add(sealed, patterns->done, (size_t)(patterns->count + 7) / 8);
        for (size_t i = 0; i < patterns->runs; i++)
            crease_sealed_add(sealed, patterns->run[i].pattern,
                              patterns->run[i].count * patterns->bytes);
        status = crease_sealed_finish(sealed, error);
    }
    free(text.text);
    return status;
}

static void read_patterns(crease_words *words, crease_checkpoint_content *content)
{
    crease_patterns *patterns = &content->patterns;
    patterns->count = crease_words_number(words);
    patterns->bytes = (size_t)crease_words_number(words);
    if (!patterns->count || !patterns->bytes ||
        patterns->count > (words->count - words->at) / patterns->bytes)
        words->failed = true;
    patterns->done = crease_words_raw(words, (size_t)(patterns->count + 7) / 8);
    content->run.pattern = crease_words_raw(words, (size_t)patterns->count * patterns->bytes);
    content->run.count = (size_t)patterns->count;
    patterns->run = &content->run;
    patterns->runs = 1;
    content->state.patterns = patterns;
}

void crease_checkpoint_read_tree(crease_words *words, crease_checkpoint_content *content)
{
    kept_sum sum[SUMS];
    crease_state *state = &content->state;
    list_sums(state, sum);
    crease_words_expect(words, "engine");
    content->engine = crease_words_try(words, crease_engine_name(CREASE_ENGINE_WALK))
                          ? CREASE_ENGINE_WALK
                          : CREASE_ENGINE_SPLIT;
    if (content->engine == CREASE_ENGINE_SPLIT)
        crease_words_expect(words, crease_engine_name(CREASE_ENGINE_SPLIT));
    crease_words_expect(words, "root");
    state->rays = crease_words_try(words, "rays");
    if (!state->rays)
        crease_words_expect(words, "rows");
    crease_words_expect(words, "regions");
    state->regions = crease_words_whole(words);
    for (size_t i = 0; i < SUMS; i++) {
        crease_words_expect(words, sum[i].name);
        *sum[i].value = crease_words_number(words);
    }
    crease_words_expect(words, "closed");
    state->closed = crease_words_real(words);
    crease_words_expect(words, "seconds");
    content->seconds = crease_words_real(words);
    crease_words_expect(words, "open");
    for (uint64_t count = crease_words_number(words); count && !words->failed; count--)
        crease_words_path(words, &state->open);
}

crease_status crease_checkpoint_read(const char *path, const crease_job_subject *subject,
                                     crease_checkpoint_content *content, crease_error *error)
{
    crease_words *words = &content->words;
    memset(content, 0, sizeof *content);
    crease_status status = crease_words_open(words, path, "crease-checkpoint", error);
    if (status)
        return status;
    status = crease_job_subject_check(subject, words, path, error);
    if (!status) {
        crease_checkpoint_read_tree(words, content);
        if (content->engine == CREASE_ENGINE_WALK && crease_words_try(words, "patterns"))
            read_patterns(words, content);
        status = crease_words_end(words, path, error);
    }
    if (status)
        crease_checkpoint_free(content);
    return status;
}

crease_status crease_checkpoint_follow(const crease_checkpoint_content *content, const char *path,
                                       crease_options *options, crease_error *error)
{
    crease_cell_kind kind = content->state.rays ? CREASE_CELL_RAYS : CREASE_CELL_LP;
    if (options->engine && options->engine != content->engine)
        return crease_fail(error, CREASE_INPUT, "%s: of the other engine; leave --engine out",
                           path);
    options->engine = content->engine;
    bool walk = content->engine == CREASE_ENGINE_WALK, fresh = crease_checkpoint_fresh(content);
    if (options->merge == CREASE_MERGE_ON && (walk || (!fresh && !content->state.rays)))
        return crease_fail(
            error, CREASE_INPUT,
            "%s: of %s, and --merge=on needs cells that carry their rays; leave it out", path,
            walk ? "the walk" : "LP cells");
    if (walk || fresh)
        return CREASE_OK;
    if (options->cell && options->cell != kind)
        return crease_fail(error, CREASE_INPUT, "%s: of the other kind of cells; leave --cell out",
                           path);
    options->cell = kind;
    return CREASE_OK;
}

bool crease_checkpoint_fresh(const crease_checkpoint_content *content)
{
    const crease_state *state = &content->state;
    return !crease_whole_word(&state->regions) && !state->cells && !state->patterns &&
           state->open.count == 1 && !state->open.stack[0].steps;
}

void crease_checkpoint_free(crease_checkpoint_content *content)
{
    crease_stacks_clear(&content->state.open);
    crease_words_close(&content->words);
    memset(content, 0, sizeof *content);
}
