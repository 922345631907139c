#include <stdio.h> /* before gmp.h */

#include "base/total.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/status.h"
#include "job/results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* "missing 3, 17; " if there are such jobs. */
static void complain(const crease_results *all, crease_result_fate kind, const char *word,
                     crease_text *text)
{
    size_t count = 0;
    for (size_t i = 0; i < all->trunk.jobs; i++)
        if (all->job[i].fate == kind && count++ < CREASE_RESULTS_SHOWN)
            crease_text_add(text, "%s%s%zu", text->count && count == 1 ? "; " : "",
                            count == 1 ? word : ", ", i);
    if (count > CREASE_RESULTS_SHOWN)
        crease_text_add(text, " and %zu more", count - CREASE_RESULTS_SHOWN);
}

static crease_status check_all(const crease_results *all, const char *directory,
                               crease_error *error)
{
    crease_text text = {NULL, 0, 0};
    complain(all, CREASE_RESULT_MISSING, "missing ", &text);
    complain(all, CREASE_RESULT_INCOMPLETE, "incomplete ", &text);
    complain(all, CREASE_RESULT_DUPLICATE, "there twice ", &text);
    if (all->foreigners)
        crease_text_add(&text, "%sforeign or damaged %s%s", text.count ? "; " : "",
                        all->foreign.text,
                        all->foreigners > CREASE_RESULTS_SHOWN ? " and more" : "");
    crease_status status = CREASE_OK;
    if (text.count)
        status = crease_fail(error, CREASE_INPUT, "%s: results: %s", directory, text.text);
    free(text.text);
    return status;
}

/* Adds up the results; all are complete. */
static void add_up(const crease_results *all, crease_merged *merged)
{
    mpz_t sum;
    mpz_init(sum);
    mpz_import(sum, CREASE_WHOLE_WORDS, -1, sizeof(uint64_t), 0, 0, all->trunk.regions.word);
    merged->jobs = all->trunk.jobs;
    merged->shortest = merged->jobs ? INFINITY : 0;
    for (size_t i = 0; i < merged->jobs; i++) {
        crease_job_result *job = &all->job[i];
        mpz_add(sum, sum, job->regions);
        for (crease_decision kind = 0; crease_decision_name(kind); kind++)
            *crease_decisions_at(&merged->decisions, kind) +=
                *crease_decisions_at(&job->decisions, kind);
        merged->seconds += job->seconds;
        merged->shortest = fmin(merged->shortest, job->seconds);
        merged->longest = fmax(merged->longest, job->seconds);
    }
    merged->regions = crease_alloc(mpz_sizeinbase(sum, 10) + 2, 1);
    mpz_get_str(merged->regions, 10, sum);
    mpz_clear(sum);
}

crease_status crease_merge(const char *directory, crease_merged *merged, crease_error *error)
{
    crease_results all;
    memset(merged, 0, sizeof *merged);
    crease_status status = crease_results_read(directory, &all, error);
    if (status)
        return status;
    status = check_all(&all, directory, error);
    if (!status) {
        crease_shard_head *head = &all.trunk.head;
        add_up(&all, merged);
        memcpy(merged->network, head->subject.network, sizeof merged->network);
        memcpy(merged->domain, head->subject.domain, sizeof merged->domain);
        merged->source = head->source;
        merged->place = head->place;
        head->source = head->place = NULL;
    }
    crease_results_free(&all);
    return status;
}

void crease_merged_free(crease_merged *merged)
{
    free(merged->regions);
    free(merged->source);
    free(merged->place);
    memset(merged, 0, sizeof *merged);
}
