#include "base/status.h"
#include "job/estimate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- Writing ---- */

static void add_trials(crease_text *text, const crease_kept *kept)
{
    size_t finished = 0;
    for (size_t i = 0; i < CREASE_REPLICATES; i++)
        finished += kept->trial[i].finished;
    crease_text_add(text, "replicates %zu\n", finished);
    for (size_t i = 0; i < CREASE_REPLICATES; i++) {
        const crease_trial *t = &kept->trial[i];
        if (t->finished)
            crease_text_add(text, "%zu %.17g %.17g %.17g %" PRIu64 " %" PRIu64 " %d\n", i, t->value,
                            t->largest, t->work, t->leaves, t->regions, t->all);
    }
}

crease_status crease_kept_write(const char *path, const crease_estimate_subject *subject,
                                const crease_kept *kept, crease_error *error)
{
    crease_text text = {NULL, 0, 0};
    const crease_estimate_plan *plan = &subject->plan;
    char *upper = mpz_get_str(NULL, 10, kept->upper);
    crease_text_add(&text, "crease-estimate 1\n");
    crease_job_subject_write(&subject->subject, &text);
    crease_text_add(&text, "plan %" PRIu64 " %.17g %.17g %.17g\nseed %" PRIu64 "\ncell %s\n",
                    plan->leaves, plan->seconds, plan->error, plan->confidence, subject->seed,
                    crease_cell_kind_name(subject->cell));
    crease_text_add(&text, "seconds %.6f\nstep %d\nstage %zu\nleaves %.17g\n", kept->seconds,
                    (int)kept->step, kept->stage, kept->leaves);
    crease_text_add(&text, "pilots %.17g %.17g %.17g %.17g %.17g\n", kept->next, kept->whole,
                    kept->yield, kept->effort, kept->pace);
    crease_text_add(&text, "trials %" PRIu64 "\nlower %" PRIu64 "\nupper %s\nguesses %zu\n",
                    kept->trials, kept->lower, upper, kept->learnt);
    free(upper);
    for (size_t i = 0; i < kept->learnt; i++)
        crease_text_add(&text, "%zu %.17g\n", kept->place[i], kept->guess[i]);
    add_trials(&text, kept);
    return crease_sealed_write(path, &text, error);
}

/* ---- Reading ---- */

/* A number >= 0, which may be very large. */
static double real(crease_words *words)
{
    char word[64], *end;
    crease_words_take(words, word, sizeof word);
    double value = strtod(word, &end);
    if (end == word || *end || !(value >= 0))
        words->failed = true;
    return words->failed ? 0 : value;
}

static double real_after(crease_words *words, const char *name)
{
    crease_words_expect(words, name);
    return real(words);
}

static uint64_t number_after(crease_words *words, const char *name)
{
    crease_words_expect(words, name);
    return crease_words_number(words);
}

static crease_status check_plan(const crease_estimate_subject *subject, crease_words *words,
                                const char *path, crease_error *error)
{
    char cell[16];
    crease_estimate_plan plan;
    plan.leaves = number_after(words, "plan");
    plan.seconds = real(words);
    plan.error = real(words);
    plan.confidence = real(words);
    uint64_t seed = number_after(words, "seed");
    crease_words_expect(words, "cell");
    crease_words_take(words, cell, sizeof cell);
    if (words->failed)
        return crease_words_end(words, path, error);
    if (plan.leaves != subject->plan.leaves || plan.seconds != subject->plan.seconds ||
        plan.error != subject->plan.error || plan.confidence != subject->plan.confidence)
        return crease_fail(error, CREASE_INPUT,
                           "%s: of another plan; give the --seconds, --leaves, --error and "
                           "--confidence it was made with",
                           path);
    if (seed != subject->seed)
        return crease_fail(error, CREASE_INPUT, "%s: of --seed=%" PRIu64 ", not %" PRIu64, path,
                           seed, subject->seed);
    if (strcmp(cell, crease_cell_kind_name(subject->cell)))
        return crease_fail(error, CREASE_INPUT, "%s: of --cell=%.15s, not %s", path, cell,
                           crease_cell_kind_name(subject->cell));
    return CREASE_OK;
}

static void read_pilots(crease_words *words, crease_kept *kept)
{
    kept->next = real_after(words, "pilots");
    kept->whole = real(words);
    kept->yield = real(words);
    kept->effort = real(words);
    kept->pace = real(words);
    kept->trials = number_after(words, "trials");
    kept->lower = number_after(words, "lower");
    crease_words_expect(words, "upper");
    char *upper = crease_words_line(words);
    if (words->failed || mpz_set_str(kept->upper, upper, 10) || mpz_sgn(kept->upper) < 0)
        words->failed = true;
    free(upper);
    if (kept->trials && kept->next < 1)
        words->failed = true;
    size_t least = 0;
    for (uint64_t n = number_after(words, "guesses"); n && !words->failed; n--) {
        size_t place = (size_t)crease_words_number(words);
        double guess = real(words);
        if (place < least)
            words->failed = true;
        crease_kept_add(kept, place, guess);
        least = place + 1;
    }
}

static void read_trials(crease_words *words, crease_kept *kept)
{
    for (uint64_t n = number_after(words, "replicates"); n && !words->failed; n--) {
        uint64_t i = crease_words_number(words);
        crease_trial t = {.finished = true};
        t.value = real(words);
        t.largest = real(words);
        t.work = real(words);
        t.leaves = crease_words_number(words);
        t.regions = crease_words_number(words);
        t.all = crease_words_number(words);
        if (i >= CREASE_REPLICATES || kept->trial[i].finished)
            words->failed = true;
        else
            kept->trial[i] = t;
    }
}

crease_status crease_kept_read(const char *path, const crease_estimate_subject *subject,
                               crease_kept *kept, crease_error *error)
{
    crease_words words;
    crease_status status = crease_words_open(&words, path, "crease-estimate", error);
    if (status)
        return status;
    status = crease_job_subject_check(&subject->subject, &words, path, error);
    if (!status)
        status = check_plan(subject, &words, path, error);
    if (!status) {
        kept->seconds = real_after(&words, "seconds");
        uint64_t step = number_after(&words, "step");
        kept->stage = (size_t)number_after(&words, "stage");
        kept->leaves = real_after(&words, "leaves");
        words.failed |= step > CREASE_KEPT_ESTIMATE;
        kept->step = (crease_kept_step)step;
        read_pilots(&words, kept);
        read_trials(&words, kept);
        status = crease_words_end(&words, path, error);
    }
    crease_words_close(&words);
    return status;
}
