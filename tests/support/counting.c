#include "counting.h"

#include "crease.h"
#include "model/settle.h"
#include "round_trip.h"
#include "support.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A walk asks for about one LP per region and unit, and GLPK may take a millisecond for each. */
enum { LARGE = 20000, LPS_OF_GLPK = 50000 };

/* Those that are always taken come first. */
static const struct {
    crease_engine engine;
    crease_lp lp;
    crease_cell_kind cell;
    crease_merging merge;
    const char *name;
} ways[] = {
    {CREASE_ENGINE_SPLIT, CREASE_LP_DENSE, CREASE_CELL_RAYS, CREASE_MERGE_OFF, "split, ray cells"},
    {CREASE_ENGINE_SPLIT, CREASE_LP_DENSE, CREASE_CELL_RAYS, CREASE_MERGE_ON, "split, merged"},
    {CREASE_ENGINE_WALK, CREASE_LP_DENSE, CREASE_CELL_AUTO, CREASE_MERGE_AUTO, "walk, dense"},
    {CREASE_ENGINE_SPLIT, CREASE_LP_DENSE, CREASE_CELL_LP, CREASE_MERGE_OFF,
     "split, LP cells, dense"},
    {CREASE_ENGINE_WALK, CREASE_LP_GLPK, CREASE_CELL_AUTO, CREASE_MERGE_OFF, "walk, glpk"},
    {CREASE_ENGINE_SPLIT, CREASE_LP_GLPK, CREASE_CELL_LP, CREASE_MERGE_AUTO,
     "split, LP cells, glpk"},
    {CREASE_ENGINE_SPLIT, CREASE_LP_DENSE, CREASE_CELL_AUTO, CREASE_MERGE_AUTO, "split, auto"},
};
enum { WAYS = sizeof ways / sizeof *ways, MAIN_WAYS = 4 };

static const char *current = "";

/* The network is lost with the process, so it goes out first. */
static void fatal(const char *line)
{
    fprintf(stderr, "%s\n%s\n", line, current);
    abort();
}

bool count_less(const char *a, const char *b)
{
    size_t length = strlen(a), other = strlen(b);
    return length < other || (length == other && strcmp(a, b) < 0);
}

/* A count that is stopped must be bounded by what was found and by the result's bound. */
static void stop_half_way(const crease_network *network, const crease_domain *domain,
                          crease_options options, const crease_result *all, counting *verdict)
{
    crease_result half;
    crease_error error = {""};
    options.limit_regions = 1 + all->regions / 2;
    crease_status status = crease_count(network, domain, &options, &half, &error);
    if (status)
        snprintf(verdict->why, sizeof verdict->why, "stopped half-way: status %d: %s", (int)status,
                 error.text);
    else if (half.regions > all->regions || count_less(half.most, all->digits))
        snprintf(verdict->why, sizeof verdict->why,
                 "%.200s regions, but from %.200s to %.200s if stopped half-way", all->digits,
                 half.digits, half.most);
}

/* One run; sets verdict->why on failure.  False: this way is not built in. */
static bool run(size_t way, int threads, const crease_network *network, const crease_domain *domain,
                uint64_t most, counting *verdict, uint64_t *regions)
{
    crease_options options;
    crease_result result;
    crease_error error = {""};
    crease_options_default(&options);
    options.engine = ways[way].engine;
    options.lp = ways[way].lp;
    options.cell = ways[way].cell;
    options.merge = ways[way].merge;
    options.threads = threads;
    options.limit_regions = most;
    crease_status status = crease_count(network, domain, &options, &result, &error);
    *regions = status ? 0 : result.regions;
    if (status == CREASE_INPUT && !strncmp(error.text, "engine not available", 20))
        return false;
    if (status == CREASE_INPUT && strstr(error.text, "no interior") && most) {
        verdict->empty = true;
        return true;
    }
    verdict->decisions += result.decisions.filter + result.decisions.exact;
    if (status)
        snprintf(verdict->why, sizeof verdict->why, "%s, %d threads: status %d: %s", ways[way].name,
                 threads, (int)status, error.text);
    else if (most && (result.stopped == CREASE_STOP_REGIONS || result.regions > most))
        verdict->large = true; /* some ways count beyond the limit at once, and are complete */
    else if (!result.complete || result.stopped)
        snprintf(verdict->why, sizeof verdict->why, "%s, %d threads: not complete", ways[way].name,
                 threads);
    else if (result.engine != ways[way].engine || result.lp != ways[way].lp)
        snprintf(verdict->why, sizeof verdict->why, "%s: the result names another engine or LP",
                 ways[way].name);
    else if (threads > 1)
        stop_half_way(network, domain, options, &result, verdict);
    return true;
}

/* One thread by the main ways; every fourth of the rest. */
static bool left_out(size_t way, int threads, uint64_t luck)
{
    return luck && !(threads == 1 && way < MAIN_WAYS) && luck >> (4 * way + (size_t)threads) & 3;
}

/* Would this walk take minutes? */
static bool takes_long(size_t way, int threads, uint64_t regions, size_t units)
{
    if (ways[way].engine != CREASE_ENGINE_WALK)
        return false;
    return (threads == 1 && regions > LARGE) ||
           (ways[way].lp == CREASE_LP_GLPK && regions * units > LPS_OF_GLPK);
}

static counting count_ways(const crease_network *network, const crease_domain *domain,
                           uint64_t luck, uint64_t most)
{
    counting verdict = {.good = true};
    char first[64] = "";
    size_t units = crease_network_units(network);
    for (size_t way = 0; way < WAYS; way++)
        for (int threads = 1; threads <= 3; threads += 2) {
            uint64_t regions;
            if (left_out(way, threads, luck) || takes_long(way, threads, verdict.regions, units))
                continue;
            if (!run(way, threads, network, domain, most, &verdict, &regions))
                break;
            if (!*first) {
                verdict.regions = regions;
                snprintf(first, sizeof first, "%s, %d threads", ways[way].name, threads);
                if (verdict.large)
                    return verdict;
            }
            if (!verdict.why[0] && regions != verdict.regions)
                snprintf(verdict.why, sizeof verdict.why, "%s: %llu, but %s, %d threads: %llu",
                         first, (unsigned long long)verdict.regions, ways[way].name, threads,
                         (unsigned long long)regions);
            if (verdict.why[0]) {
                verdict.good = false;
                return verdict;
            }
        }
    if (!*first) {
        verdict.good = false;
        snprintf(verdict.why, sizeof verdict.why, "no engine is available");
    }
    return verdict;
}

/* What is left of the network in a box must count the same. */
static void count_settled(const crease_network *network, const crease_domain *domain,
                          counting *verdict)
{
    crease_network *settled = crease_network_settle(network, domain);
    counting own = {.good = true, .regions = verdict->regions};
    uint64_t regions = verdict->regions;
    if (settled && run(0, 1, settled, domain, 0, &own, &regions) && !*own.why &&
        regions != verdict->regions)
        snprintf(own.why, sizeof own.why, "settled: %llu, otherwise %llu",
                 (unsigned long long)regions, (unsigned long long)verdict->regions);
    if (*own.why) {
        verdict->good = false;
        memcpy(verdict->why, own.why, sizeof own.why);
    }
    crease_network_free(settled);
}

crease_status count_domain(const char *text, size_t inputs, crease_domain **domain,
                           crease_error *error)
{
    if (*text == '{')
        return crease_domain_parse(text, strlen(text), "domain", inputs, domain, error);
    return crease_domain_box(text, inputs, domain, error);
}

static counting count_by_ways(const char *json, const char *box, uint64_t luck, uint64_t most,
                              const char *certify)
{
    counting verdict = {.good = false};
    crease_network *network = NULL;
    crease_domain *domain = NULL;
    crease_error error = {""};
    current = json;
    crease_set_fatal(fatal);
    if (crease_network_parse(json, strlen(json), "network", &network, &error) ||
        (box && count_domain(box, crease_network_inputs(network), &domain, &error)))
        snprintf(verdict.why, sizeof verdict.why, "refused: %s", error.text);
    else
        verdict = count_ways(network, domain, luck, most);
    if (verdict.good && !verdict.empty && !verdict.large)
        count_settled(network, domain, &verdict);
    if (verdict.good && !verdict.empty && !verdict.large &&
        !round_trip(certify, json, box, network, domain, verdict.regions, verdict.why,
                    sizeof verdict.why))
        verdict.good = false;
    crease_domain_free(domain);
    crease_network_free(network);
    return verdict;
}

counting count_some(const char *json, const char *box, uint64_t luck, const char *certify)
{
    return count_by_ways(json, box, luck, COUNT_MOST, certify);
}

counting count_try(const char *json, const char *box)
{
    static uint64_t networks;
    bool certify = networks++ % (uint64_t)count_setting("CREASE_CERTIFY_EVERY", 1) == 0;
    uint64_t luck = getenv("CREASE_LONG") ? 0 : networks * 0x9e3779b97f4a7c15 >> 16 | 1;
    return count_by_ways(json, box, luck, 0, certify ? getenv("CREASE_CHECK") : NULL);
}

uint64_t count_all(const char *json, const char *box)
{
    counting verdict = count_try(json, box);
    if (!verdict.good)
        fprintf(stderr, "%s\nbox %s\n", json, box ? box : "none");
    ck_assert_msg(verdict.good, "%s", verdict.why);
    return verdict.regions;
}

uint64_t count_free(char *json, const char *box)
{
    uint64_t regions = count_all(json, box);
    free(json);
    return regions;
}

long count_setting(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text && *text ? strtol(text, NULL, 10) : otherwise;
}

static crease_result count_by(const char *json, const char *box, crease_definition definition,
                              int threads)
{
    crease_result result;
    crease_options options;
    crease_error error = {""};
    crease_domain *domain = NULL;
    crease_network *network = support_network(json);
    crease_options_default(&options);
    options.definition = definition;
    options.threads = threads;
    options.lp = (threads + definition) % 2 ? CREASE_LP_GLPK : CREASE_LP_DENSE;
    ck_assert_msg(!(box && count_domain(box, crease_network_inputs(network), &domain, &error)) &&
                      !crease_count(network, domain, &options, &result, &error),
                  "%s", error.text);
    ck_assert(result.complete && result.definition == definition);
    crease_network *settled = crease_network_settle(network, domain);
    if (settled) {
        crease_result own;
        ck_assert(!crease_count(settled, domain, &options, &own, &error) && own.complete);
        ck_assert_uint_eq(own.regions, result.regions);
    }
    crease_network_free(settled);
    crease_domain_free(domain);
    crease_network_free(network);
    return result;
}

oracle_classes count_classes(const char *json, const char *box, int threads)
{
    crease_result plain = count_by(json, box, CREASE_DEFINITION_ACTIVATION, threads);
    crease_result open = count_by(json, box, CREASE_DEFINITION_OPEN_CONNECTED, threads);
    crease_result affine = count_by(json, box, CREASE_DEFINITION_AFFINE, threads);
    bool agree = plain.activation == plain.regions && open.activation == plain.regions &&
                 affine.activation == plain.regions && open.open_connected == open.regions &&
                 affine.open_connected == open.regions && affine.affine == affine.regions;
    ck_assert_msg(agree && affine.regions <= open.regions && open.regions <= plain.regions,
                  "%llu activation, %llu open-connected, %llu affine\n%s",
                  (unsigned long long)plain.regions, (unsigned long long)open.regions,
                  (unsigned long long)affine.regions, json);
    ck_assert(open.engine == CREASE_ENGINE_WALK && affine.engine == CREASE_ENGINE_WALK);
    return (oracle_classes){(long)plain.regions, (long)open.regions, (long)affine.regions};
}

void count_same(oracle_classes found, oracle_classes expected, const char *json, const char *box)
{
    ck_assert_msg(found.activation == expected.activation &&
                      found.open_connected == expected.open_connected &&
                      found.affine == expected.affine,
                  "%ld %ld %ld, expected %ld %ld %ld\n%s\nbox %s", found.activation,
                  found.open_connected, found.affine, expected.activation, expected.open_connected,
                  expected.affine, json, box ? box : "none");
}
