#include "api/certify.h"
#include "base/memory.h"
#include "base/status.h"
#include "job/shard.h"

#include <stdlib.h>
#include <string.h>

/* Certificates have no checkpoints. */
static bool keep_nothing(void *context, crease_state *now, bool end)
{
    (void)context;
    (void)now;
    (void)end;
    return true;
}

static int by_path(const void *a, const void *b)
{
    return crease_stack_order(a, b);
}

static int by_cell(const void *a, const void *b)
{
    const crease_outside *x = a, *y = b;
    return crease_stack_order(&x->cell, &y->cell);
}

static crease_status follow(const crease_options *options, bool rays, const char *path,
                            crease_options *own, crease_error *error)
{
    crease_checkpoint_content job = {.engine = CREASE_ENGINE_SPLIT, .state = {.rays = rays}};
    *own = *options;
    return crease_checkpoint_follow(&job, path, own, error);
}

crease_status crease_job_certify(const crease_job *job, const crease_network *network,
                                 const crease_domain *domain, const crease_options *options,
                                 const char *path, crease_result *result, char **line,
                                 crease_error *error)
{
    crease_job_subject subject;
    crease_state from = job->state;
    crease_options own;
    crease_keeper keeper = {.from = &from, .every = 1e9, .save = keep_nothing};
    *line = NULL;
    memset(result, 0, sizeof *result);
    crease_status status = crease_job_matches(job, network, domain, &subject, error);
    if (!status)
        status = follow(options, from.rays, "the job", &own, error);
    if (status)
        return status;
    from.open.stack = crease_alloc(from.open.count, sizeof *from.open.stack);
    memcpy(from.open.stack, job->state.open.stack, from.open.count * sizeof *from.open.stack);
    qsort(from.open.stack, from.open.count, sizeof *from.open.stack, by_path);
    status = crease_certify_part(network, domain, &own, &keeper, CREASE_CERTIFICATE_PART,
                                 job->index, path ? path : job->certificate, result, error);
    free(from.open.stack);
    return status ? status : crease_job_write_result(job, result, line, error);
}

/* The cells of all jobs; rays: the kind of their root. */
typedef struct {
    crease_job **job;
    size_t jobs;
    crease_outside *cell;
    size_t cells;
    bool rays;
} division;

static void free_division(division *d)
{
    for (size_t i = 0; i < d->jobs; i++)
        crease_job_free(d->job[i]);
    free(d->job);
    free(d->cell);
}

static crease_status read_division(const crease_trunk *trunk, const char *directory, division *d,
                                   crease_error *error)
{
    memset(d, 0, sizeof *d);
    d->job = crease_alloc(trunk->jobs, sizeof(crease_job *));
    while (d->jobs < trunk->jobs) {
        size_t i = d->jobs;
        crease_status status = crease_job_open(directory, (long)i, &d->job[i], error);
        if (status)
            return status;
        d->jobs++;
        const crease_job *job = d->job[i];
        if (strcmp(job->digest, trunk->digest[i]))
            return crease_fail(error, CREASE_INPUT, "%s: job %zu is not the one of the trunk",
                               directory, i);
        const crease_stacks *open = &job->state.open;
        d->rays = job->state.rays;
        d->cell = crease_realloc(d->cell, d->cells + open->count, sizeof *d->cell);
        for (size_t k = 0; k < open->count; k++)
            d->cell[d->cells++] = (crease_outside){open->stack[k], i};
    }
    if (d->cells)
        qsort(d->cell, d->cells, sizeof *d->cell, by_cell);
    return CREASE_OK;
}

static crease_status certify_trunk(const crease_trunk *trunk, const division *d,
                                   const crease_network *network, const crease_domain *domain,
                                   const crease_options *options, const char *path,
                                   crease_result *result, crease_error *error)
{
    crease_job_subject subject;
    crease_options own = *options;
    crease_keeper keeper = {
        .every = 1e9, .save = keep_nothing, .outside = d->cell, .outsides = d->cells};
    crease_job_subject_of(&subject, network, domain);
    if (strcmp(subject.network, trunk->head.subject.network) ||
        strcmp(subject.domain, trunk->head.subject.domain))
        return crease_fail(error, CREASE_INPUT, "trunk: of another network or domain");
    crease_status status = d->jobs ? follow(options, d->rays, "the jobs", &own, error) : CREASE_OK;
    own.engine = CREASE_ENGINE_SPLIT;
    if (!status)
        status = crease_certify_part(network, domain, &own, &keeper, CREASE_CERTIFICATE_TRUNK,
                                     trunk->jobs, path, result, error);
    uint64_t counted = crease_whole_word(&trunk->regions);
    if (!status && result->complete && result->regions != counted)
        status =
            crease_fail(error, CREASE_INTERNAL,
                        "%s: %llu regions outside of the jobs, but %llu when they were made", path,
                        (unsigned long long)result->regions, (unsigned long long)counted);
    return status;
}

crease_status crease_shard_certify(const char *directory, const crease_options *options,
                                   const char *path, crease_result *result, size_t *parts,
                                   crease_error *error)
{
    crease_trunk trunk;
    division d;
    crease_network *network = NULL;
    crease_domain *domain = NULL;
    memset(result, 0, sizeof *result);
    *parts = 0;
    crease_status status = crease_trunk_read(directory, &trunk, error);
    if (status)
        return status;
    char *trunk_file = crease_shard_path(directory, 0, "job");
    char *network_file = crease_shard_network(trunk_file);
    char *domain_file = crease_shard_domain(trunk_file);
    char *standard = crease_shard_trunk_certificate(directory);
    *parts = trunk.jobs;
    status = read_division(&trunk, directory, &d, error);
    if (!status)
        status = crease_network_read(network_file, &network, error);
    if (!status && trunk.head.place)
        status = crease_domain_read(domain_file, crease_network_inputs(network), &domain, error);
    if (!status)
        status = certify_trunk(&trunk, &d, network, domain, options, path ? path : standard, result,
                               error);
    crease_domain_free(domain);
    crease_network_free(network);
    free_division(&d);
    free(standard);
    free(domain_file);
    free(network_file);
    free(trunk_file);
    crease_trunk_free(&trunk);
    return status;
}
