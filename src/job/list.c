#include "job/list.h"

#include "base/clock.h"
#include "base/output.h"
#include "base/status.h"
#include "job/checkpoint.h"
#include "job/records.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Saving takes less than one percent of the time.  Groups are small, so that a worker that is late
 * holds little. */
enum { SAVE_PAUSE = 100, BATCH = 64 };

/* A list and where it is kept. */
typedef struct {
    const crease_checkpoint *checkpoint;
    const crease_list_plan *plan;
    const char *path;
    crease_job_subject subject;
    crease_records *records;
    crease_record_mark mark[2]; /* what belongs to the last state */
    unsigned states;            /* in which the workers have taken part */
    double begin, earlier;      /* seconds: the clock at the beginning, and of the runs before */
    bool begun, lost;           /* the first state was written; regions could not be */
    crease_status status;       /* of the last state */
    crease_error error;
} keeping;

/* ---- The file ---- */

void crease_list_form(char form[static CREASE_LIST_FORM], const char *kind, unsigned fields)
{
    static const char *const name[] = {"point",    "facets", "rows",     "neighbours",
                                       "map",      "volume", "vertices", "center",
                                       "inradius", "weight", "class"};
    const unsigned names = sizeof name / sizeof *name;
    int length = snprintf(form, CREASE_LIST_FORM, "%s", kind);
    for (unsigned i = 0, first = 1; i < names; i++) {
        if (!(fields >> i & 1))
            continue;
        length += snprintf(form + length, CREASE_LIST_FORM - (size_t)length, "%c%s",
                           first ? ':' : ',', name[i]);
        assert(length < CREASE_LIST_FORM);
        first = 0;
    }
}

static crease_status write_list(const keeping *k, const crease_checkpoint_content *content,
                                crease_error *error)
{
    crease_text text = {NULL, 0, 0};
    crease_text_add(&text, "crease-list 1\n");
    crease_job_subject_write(&k->subject, &text);
    crease_text_add(&text, "form %s\n", k->plan->form);
    for (size_t i = 0; i < 2; i++)
        crease_text_add(&text, "records %" PRIu64 " %s\n", k->mark[i].bytes, k->mark[i].digest);
    crease_checkpoint_add_tree(content, &text);
    return crease_sealed_write(k->path, &text, error);
}

static crease_status read_records(keeping *k, crease_words *words, const char *path,
                                  crease_error *error)
{
    char form[CREASE_LIST_FORM];
    crease_words_expect(words, "form");
    crease_words_take(words, form, sizeof form);
    for (size_t i = 0; i < 2; i++) {
        crease_words_expect(words, "records");
        k->mark[i].bytes = crease_words_number(words);
        crease_words_take(words, k->mark[i].digest, sizeof k->mark[i].digest);
    }
    if (!words->failed && strcmp(form, k->plan->form))
        return crease_fail(error, CREASE_INPUT,
                           "%s: of a list with other contents (%s, not %s); give the options it "
                           "was made with",
                           path, form, k->plan->form);
    return CREASE_OK;
}

static crease_status read_list(keeping *k, const char *path, crease_checkpoint_content *content,
                               crease_error *error)
{
    crease_words words;
    crease_status status = crease_words_open(&words, path, "crease-list", error);
    if (status)
        return status;
    status = crease_job_subject_check(&k->subject, &words, path, error);
    if (!status)
        status = read_records(k, &words, path, error);
    if (!status) {
        crease_checkpoint_read_tree(&words, content);
        words.failed |= content->engine != CREASE_ENGINE_SPLIT;
        status = crease_words_end(&words, path, error);
    }
    crease_words_close(&words);
    return status;
}

/* ---- The search ---- */

static bool take(void *context, unsigned turn, const crease_visited_group *group)
{
    keeping *k = context;
    k->lost = k->lost || !crease_records_add(k->records, turn % 2, group);
    return !k->lost;
}

static void write_region(void *context, crease_region *region, FILE *to)
{
    const keeping *k = context;
    k->plan->write(k->plan->context, region, to);
}

/* At the end both files belong to the state, else only that of the turn that is over
 * (job/records.h). */
static bool set_marks(keeping *k, bool end)
{
    bool good = !k->lost;
    for (unsigned i = 0; i < 2 && good; i++)
        if (end || !k->begun || i == k->states % 2)
            good = crease_records_mark(k->records, i, &k->mark[i]);
    return good;
}

static bool save(void *context, crease_state *now, bool end)
{
    keeping *k = context;
    bool first = !k->begun;
    k->lost = !set_marks(k, end);
    if (k->lost)
        return false;
    k->states += !first && !end;
    k->begun = true;
    const crease_checkpoint_content content = {
        .engine = CREASE_ENGINE_SPLIT,
        .seconds = k->earlier + crease_clock_seconds() - k->begin,
        .state = *now,
    };
    k->status = write_list(k, &content, &k->error);
    /* The old file is still there, and the list goes on. */
    if (k->status && !end && !first && k->checkpoint->trouble)
        k->checkpoint->trouble(k->checkpoint->context, k->error.text);
    return !k->status || !first;
}

static crease_status read_source(keeping *k, const char *from, crease_options *options,
                                 crease_checkpoint_content *content, crease_error *error)
{
    crease_error why;
    crease_status status = read_list(k, from, content, &why);
    if (status)
        return crease_fail(error, status, "%s%s", why.text,
                           k->checkpoint->resume ? "" : "; it is not replaced");
    k->earlier = content->seconds;
    return crease_checkpoint_follow(content, from, options, error);
}

/* content: the state to begin with; from: its file, or NULL. */
static crease_status search(keeping *k, const crease_network *network, const crease_domain *domain,
                            const crease_options *options, const char *from,
                            const crease_checkpoint_content *content, crease_result *result,
                            crease_error *error)
{
    crease_error own = {""};
    crease_visits visits = {.network = network,
                            .domain = domain,
                            .take = take,
                            .context = k,
                            .fields = k->plan->fields,
                            .most = k->plan->batched ? BATCH : 0,
                            .write = k->plan->write ? write_region : NULL,
                            .from =
                                from && !crease_checkpoint_fresh(content) ? &content->state : NULL,
                            .every = k->checkpoint->every,
                            .pause = SAVE_PAUSE,
                            .save = save};
    crease_status status = crease_visits_search(&visits, false, NULL, options, result, &own);
    if (status == CREASE_INPUT && visits.from)
        return crease_fail(error, status, "%s: %s", from, own.text);
    if (status && error)
        *error = own;
    if (!status && k->lost)
        status = crease_records_failure(k->records, error);
    /* A complete list needs no checkpoint. */
    if (!status && k->status && !result->complete) {
        status = k->status;
        if (error)
            *error = k->error;
    }
    return status;
}

crease_status crease_list_run(const crease_network *network, const crease_domain *domain,
                              const crease_options *options, const crease_list_plan *plan,
                              const crease_checkpoint *checkpoint, crease_result *result,
                              crease_error *error)
{
    crease_options own;
    const char *from;
    crease_checkpoint_content content = {.engine = CREASE_ENGINE_SPLIT};
    keeping k = {.checkpoint = checkpoint,
                 .plan = plan,
                 .path = checkpoint->write ? checkpoint->write : checkpoint->resume,
                 .begin = crease_clock_seconds()};
    crease_options_default(&own);
    own = options ? *options : own;
    memset(result, 0, sizeof *result);
    if (!k.path)
        return crease_fail(error, CREASE_INPUT,
                           "checkpoint: neither a file to write nor one to resume");
    if (own.gap > 0)
        return crease_fail(error, CREASE_INPUT,
                           "gap: a list that is kept ends when it is complete");
    crease_job_subject_of(&k.subject, network, domain);
    crease_status status = crease_checkpoint_source(checkpoint, &from, error);
    if (!status && from)
        status = read_source(&k, from, &own, &content, error);
    if (!status) {
        crease_output_sweep(k.path);
        status = crease_records_open(k.path, from, from ? k.mark : NULL, &k.records, error);
    }
    if (!status && from)
        crease_checkpoint_announce(checkpoint, "list", from, &content);
    if (!status)
        status = search(&k, network, domain, &own, from, &content, result, error);
    if (!status && result->complete)
        status = crease_records_read(k.records, plan->take, plan->context, error);
    result->earlier_seconds = k.earlier;
    crease_records_close(k.records);
    crease_stacks_clear(&content.state.open);
    return status;
}

/* ---- Batches ---- */

typedef struct {
    crease_region_batch_visit *visit;
    void *context;
} batches;

static bool take_batch(void *context, unsigned turn, const crease_visited_group *group)
{
    const batches *own = context;
    (void)turn;
    return own->visit(own->context, group->batch);
}

crease_status crease_regions_resumable(const crease_network *network, const crease_domain *domain,
                                       const crease_options *options, unsigned fields,
                                       const crease_checkpoint *checkpoint,
                                       crease_region_batch_visit *visit, void *context,
                                       crease_result *result, crease_error *error)
{
    char form[CREASE_LIST_FORM];
    batches own = {visit, context};
    const crease_list_plan plan = {
        .form = form, .batched = true, .fields = fields, .take = take_batch, .context = &own};
    crease_list_form(form, "batches", fields);
    return crease_list_run(network, domain, options, &plan, checkpoint, result, error);
}
