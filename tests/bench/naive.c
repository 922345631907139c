/* The plain baseline: a walk over activation patterns that asks one cold
 * GLPK program per region and unit whether the unit bounds the region, with a
 * tolerance, on one thread.
 *
 *     naive NET [--limit-seconds S]
 *
 * prints one JSON object: regions (those walked), complete, seconds, lp.  It
 * flips single states, so its counts are right for generic networks only. */
#define _POSIX_C_SOURCE 200809L

#include "plain_net.h"

#include <glpk.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double TOLERANCE = 1e-8;

/* Patterns in order of discovery, which makes the array the queue as well,
 * and an open hash table of their indices plus one. */
typedef struct {
    size_t units, count, room;
    bool *patterns;
    size_t *slots;
    size_t slot_count; /* a power of two */
} pattern_set;

typedef struct {
    plain_net net;
    pattern_set seen;
    double *rows;  /* relus x (inputs + 1): pre-activations on the region */
    double *norms; /* of the rows without their constant */
    double *maps;  /* two buffers of widest x (inputs + 1) */
    int *index;    /* scratch of a row of the program */
    double *value;
    uint64_t lp;
} walk;

static void *checked(void *memory)
{
    if (memory == NULL) {
        fputs("naive: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static size_t find_slot(const pattern_set *set, const bool *pattern)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t u = 0; u < set->units; u++)
        hash = (hash ^ pattern[u]) * 1099511628211u;
    size_t at = (size_t)(hash ^ (hash >> 32)) & (set->slot_count - 1);
    while (set->slots[at] != 0 &&
           memcmp(set->patterns + (set->slots[at] - 1) * set->units, pattern, set->units) != 0)
        at = (at + 1) & (set->slot_count - 1);
    return at;
}

static void grow(pattern_set *set)
{
    set->room *= 2;
    set->patterns = checked(realloc(set->patterns, set->room * set->units));
    free(set->slots);
    set->slot_count = 2 * set->room;
    set->slots = checked(calloc(set->slot_count, sizeof *set->slots));
    for (size_t i = 0; i < set->count; i++)
        set->slots[find_slot(set, set->patterns + i * set->units)] = i + 1;
}

static void insert(pattern_set *set, const bool *pattern)
{
    if (set->count == set->room)
        grow(set);
    size_t slot = find_slot(set, pattern);
    if (set->slots[slot] != 0)
        return;
    memcpy(set->patterns + set->count * set->units, pattern, set->units);
    set->slots[slot] = ++set->count;
}

/* Rows of all ReLU units on the region of the pattern. */
static void build_rows(walk *w, const bool *pattern)
{
    size_t columns = (size_t)w->net.inputs + 1;
    double *from = w->maps, *to = w->maps + (size_t)w->net.widest * columns;
    memset(from, 0, (size_t)w->net.inputs * columns * sizeof *from);
    for (size_t i = 0; i + 1 < columns; i++)
        from[i * columns + i] = 1.0;
    size_t unit = 0;
    for (int l = 0; l < w->net.count; l++) {
        const plain_layer *layer = &w->net.layers[l];
        for (int u = 0; u < layer->units; u++) {
            const double *weight = layer->weight + (size_t)u * (size_t)layer->inputs;
            double *row = to + (size_t)u * columns;
            memset(row, 0, columns * sizeof *row);
            row[columns - 1] = layer->bias[u];
            for (int i = 0; i < layer->inputs; i++)
                for (size_t c = 0; c < columns; c++)
                    row[c] += weight[i] * from[(size_t)i * columns + c];
            if (!layer->relu)
                continue;
            memcpy(w->rows + unit * columns, row, columns * sizeof *row);
            double square = 0.0;
            for (size_t c = 0; c + 1 < columns; c++)
                square += row[c] * row[c];
            w->norms[unit] = sqrt(square);
            if (!pattern[unit++])
                memset(row, 0, columns * sizeof *row);
        }
        double *swap = from;
        from = to;
        to = swap;
    }
}

/* Does { s_i g_i(x) > 0 } hold an interior point, with the current rows?
 * Maximises t <= 1 subject to s_i (w_i x + b_i) >= t |w_i|, x free. */
static bool feasible(walk *w, const bool *pattern)
{
    int inputs = w->net.inputs;
    glp_prob *program = glp_create_prob();
    glp_set_obj_dir(program, GLP_MAX);
    glp_add_cols(program, inputs + 1);
    for (int c = 1; c <= inputs; c++)
        glp_set_col_bnds(program, c, GLP_FR, 0.0, 0.0);
    glp_set_col_bnds(program, inputs + 1, GLP_UP, 0.0, 1.0);
    glp_set_obj_coef(program, inputs + 1, 1.0);
    glp_add_rows(program, w->net.relus);
    for (int u = 0; u < w->net.relus; u++) {
        const double *row = w->rows + (size_t)u * ((size_t)inputs + 1);
        double sign = pattern[u] ? 1.0 : -1.0;
        for (int c = 0; c < inputs; c++) {
            w->index[c + 1] = c + 1;
            w->value[c + 1] = sign * row[c];
        }
        w->index[inputs + 1] = inputs + 1;
        w->value[inputs + 1] = -w->norms[u];
        glp_set_mat_row(program, u + 1, inputs + 1, w->index, w->value);
        glp_set_row_bnds(program, u + 1, GLP_LO, -sign * row[inputs], 0.0);
    }
    glp_smcp parameters;
    glp_init_smcp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    /* The cold basis, t at 1, is dual feasible; primal takes four times as long. */
    parameters.meth = GLP_DUALP;
    bool solved = glp_simplex(program, &parameters) == 0 && glp_get_status(program) == GLP_OPT;
    double slack = solved ? glp_get_obj_val(program) : 0.0;
    glp_delete_prob(program);
    w->lp++;
    return slack > TOLERANCE;
}

static void visit(walk *w, bool *pattern)
{
    build_rows(w, pattern);
    for (int u = 0; u < w->net.relus; u++) {
        pattern[u] = !pattern[u];
        /* A constant row bounds nothing. */
        if (w->norms[u] > TOLERANCE && feasible(w, pattern))
            insert(&w->seen, pattern);
        pattern[u] = !pattern[u];
    }
}

static void prepare(walk *w)
{
    size_t columns = (size_t)w->net.inputs + 1, relus = (size_t)w->net.relus;
    w->seen.units = relus;
    w->seen.room = 512;
    grow(&w->seen);
    w->rows = checked(calloc(relus * columns + 1, sizeof(double)));
    w->norms = checked(calloc(relus + 1, sizeof(double)));
    w->maps = checked(calloc(2 * (size_t)w->net.widest * columns, sizeof(double)));
    w->index = checked(calloc(columns + 1, sizeof(int)));
    w->value = checked(calloc(columns + 1, sizeof(double)));
}

static void release(walk *w)
{
    free(w->seen.patterns);
    free(w->seen.slots);
    free(w->rows);
    free(w->norms);
    free(w->maps);
    free(w->index);
    free(w->value);
    plain_net_free(&w->net);
}

static void insert_start(walk *w, bool *pattern)
{
    double *input = checked(calloc((size_t)w->net.inputs, sizeof *input));
    double *scratch = checked(calloc(2 * (size_t)w->net.widest, sizeof *scratch));
    for (int i = 0; i < w->net.inputs; i++)
        input[i] = 0.3 * sin(1.0 + 7.0 * i); /* any point off all boundaries */
    plain_net_forward(&w->net, input, scratch, pattern);
    insert(&w->seen, pattern);
    free(input);
    free(scratch);
}

int main(int argc, char **argv)
{
    const char *path = NULL;
    double limit = INFINITY;
    bool usable = true;
    for (int i = 1; i < argc; i++) {
        char *end;
        if (strcmp(argv[i], "--limit-seconds") == 0 && i + 1 < argc) {
            limit = strtod(argv[++i], &end);
            usable = usable && *end == '\0' && end != argv[i];
        } else if (argv[i][0] != '-' && path == NULL) {
            path = argv[i];
        } else {
            usable = false;
        }
    }
    if (!usable || path == NULL) {
        fputs("usage: naive NET [--limit-seconds S]\n", stderr);
        return 2;
    }
    walk w = {0};
    if (!plain_net_read(path, &w.net))
        return 2;
    glp_term_out(GLP_OFF);
    double start = plain_net_clock(), seconds = 0.0;
    prepare(&w);
    size_t units = w.seen.units, done = 0;
    bool *pattern = checked(malloc(units + 1));
    insert_start(&w, pattern);
    while (done < w.seen.count && seconds < limit) {
        memcpy(pattern, w.seen.patterns + done * units, units);
        visit(&w, pattern);
        done++;
        seconds = plain_net_clock() - start;
    }
    printf("{\"regions\": %zu, \"complete\": %s, \"seconds\": %.6f, \"lp\": %llu}\n", done,
           done == w.seen.count ? "true" : "false", seconds, (unsigned long long)w.lp);
    free(pattern);
    release(&w);
    glp_free_env();
    return 0;
}
