#include "sample/tree.h"

#include "base/memory.h"
#include "base/random.h"
#include "cells/contest.h"
#include "model/maxout_groups.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* If guesses are worth something, which an infinite window denies, cells with at most most_small
 * regions by the guess are visited completely.  A cell of the last layer
 * whose rays can count its regions is counted if the guess is at most most_counted. */
static const double most_small = 3, most_counted = 100;
static const double work_of_region = 0.1; /* of that of a cell */
/* The goal grows to this at most, so that no chance becomes 0. */
static const double most_goal = 0x1p900;

struct crease_tree {
    bool rays, orthants;
    const crease_model *model;
    crease_tally tally;
    crease_cells *cells;
    crease_stage *stage;
    int *root_sign;
    /* Of the current trial. */
    const crease_trial_plan *plan;
    crease_trial *trial;
    double goal, limit;
    double haste; /* what the goal is multiplied by beyond the limit */
    size_t small; /* cells on the path that are visited completely */
    size_t open;  /* children that are to be entered later */
    uint64_t random;
};

/* A cell whose units are classified. */
typedef struct {
    crease_cell cell;
    crease_guess_kind kind;
    double size, weight;
    double leaves; /* that it is to have */
    uint64_t *cut;
    uint8_t *state; /* of the layer */
} node;

crease_tree *crease_tree_new(const crease_task *task)
{
    crease_tree *tree = crease_alloc(1, sizeof *tree);
    tree->model = task->model;
    tree->rays = crease_cell_root_has_rays(task->model, task->options->cell, false);
    tree->orthants = crease_cell_root_orthants(task->model, task->options->cell);
    tree->cells = crease_cells_new(task->model, task->proposer, &tree->tally, NULL);
    crease_cells_draw(tree->cells);
    tree->stage = crease_stages_new(task->model);
    tree->root_sign = crease_alloc(task->model->inputs, sizeof *tree->root_sign);
    return tree;
}

void crease_tree_free(crease_tree *tree, crease_tally *sum)
{
    crease_tally_add(sum, &tree->tally);
    crease_cells_free(tree->cells);
    crease_stages_free(tree->stage, tree->model);
    free(tree->root_sign);
    free(tree);
}

size_t crease_tree_depth(const crease_model *model)
{
    return 2 * (model->units + model->inputs + model->layers);
}

/* Uniform in [0, 1). */
static double uniform(crease_tree *tree)
{
    return (double)(crease_random_next(&tree->random) >> 11) * 0x1p-53;
}

static void work(crease_tree *tree, double amount)
{
    tree->trial->work += amount;
    while (tree->trial->work > tree->limit) {
        tree->goal = fmin(tree->goal * tree->haste, most_goal);
        if (tree->limit >= 3 * tree->plan->limit)
            tree->haste *= 2;
        tree->limit += tree->plan->limit / 4;
    }
}

/* Which of count children are entered. */
typedef struct {
    const double *size;
    double *chance; /* set to 0 for those that are not */
    double *leaves; /* set to how many they are to have, whole numbers */
    size_t count;
} choice;

/* For a cell that is to have so many leaves.  One number, at first uniform in [0, 1), moves on by
 * the shares, and a child gets a leaf for each whole number that it passes. */
static void choose(crease_tree *tree, double weight, double leaves, const choice *c)
{
    const crease_trial_plan *plan = tree->plan;
    bool all = plan->every || (tree->small && tree->trial->work < plan->limit);
    double place = uniform(tree), sum = 0;
    for (size_t i = 0; i < c->count; i++)
        sum += c->size[i];
    double fit = weight * sum / tree->goal;
    leaves = fmin(fmax(leaves, fit / plan->window), fit * plan->window);
    /* A trial goes on until it has a leaf. */
    if (!tree->open && !tree->trial->leaves)
        leaves = fmax(leaves, 1);
    for (size_t i = 0; i < c->count; i++) {
        double share = c->count == 1 ? leaves : leaves * (c->size[i] / sum);
        double passed = floor(place + share);
        place += share - passed;
        c->leaves[i] = all ? fmax(passed, 1) : passed;
        c->chance[i] = c->leaves[i] < 1 ? 0 : all ? 1 : fmin(share, 1);
        tree->trial->all = tree->trial->all && c->chance[i] == 1;
        tree->open += c->chance[i] > 0;
    }
}

static size_t count_active(const crease_model_layer *layer, const uint64_t *cut,
                           const uint8_t *state)
{
    size_t active = layer->width - layer->decisions;
    for (size_t u = 0; u < layer->decisions; u++)
        active += !crease_bit(cut, u) && state[u] == 1;
    return active;
}

/* Classifies the node's cell; its layer and dimension are set. */
static void look(crease_tree *tree, node *x, const uint64_t *pending)
{
    size_t l = x->kind.layer;
    const crease_model_layer *layer = &tree->model->layer[l];
    size_t words = (layer->stride + 63) / 64;
    crease_arena *arena = crease_cells_arena(tree->cells);
    uint8_t *state = tree->stage[l].state;
    x->cut = crease_arena_take(arena, words * sizeof *x->cut);
    x->kind.cuts = crease_cell_classify(tree->cells, &x->cell, pending, x->cut, state);
    if (layer->pieces > 1) {
        uint64_t *decided = crease_arena_take(arena, words * sizeof *decided);
        for (size_t i = 0; i < words; i++)
            decided[i] = pending[i] & ~x->cut[i];
        x->kind.cuts = crease_maxout_groups_settle(layer, decided, x->cut, state);
    }
    x->state = crease_arena_take(arena, layer->width);
    memcpy(x->state, state, layer->width);
    size_t active = count_active(layer, x->cut, state) + (x->kind.cuts + 1) / 2;
    x->kind.reach =
        l + 1 == tree->model->layers || active > x->kind.dimension ? x->kind.dimension : active;
    x->size = crease_guesses_for(tree->plan->guesses, &x->kind);
    work(tree, 1);
}

static double value_of(crease_tree *tree, node *x);

/* The cell is not entered. */
static void leave_out(crease_tree *tree, const node *x)
{
    crease_trial_proof *proof = tree->plan->proof;
    size_t l = x->kind.layer;
    if (!proof)
        return;
    memcpy(tree->stage[l].state, x->state, tree->model->layer[l].width);
    crease_most_add(proof->most, tree->stage, l, x->cut, proof->upper);
    proof->lower++;
}

/* The sum of the values of those children that are entered. */
static double of_children(crease_tree *tree, node *child, size_t count, double weight,
                          double leaves)
{
    crease_arena *arena = crease_cells_arena(tree->cells);
    double *size = crease_arena_take(arena, count * sizeof *size), value = 0;
    double *chance = crease_arena_take(arena, count * sizeof *chance);
    double *parts = crease_arena_take(arena, count * sizeof *parts);
    const choice c = {size, chance, parts, count};
    for (size_t i = 0; i < count; i++)
        size[i] = child[i].size;
    choose(tree, weight, leaves, &c);
    for (size_t i = 0; i < count; i++) {
        if (chance[i] == 0) {
            leave_out(tree, &child[i]);
            continue;
        }
        tree->open--;
        if (crease_interrupt_due()) {
            tree->trial->finished = false;
            continue;
        }
        size_t l = child[i].kind.layer;
        child[i].weight = weight / chance[i];
        child[i].leaves = parts[i];
        memcpy(tree->stage[l].state, child[i].state, tree->model->layer[l].width);
        value += value_of(tree, &child[i]) / chance[i];
    }
    return value;
}

static double of_halves(crease_tree *tree, node *x, size_t unit)
{
    node half[2] = {*x, *x};
    crease_cell part[2];
    size_t l = x->kind.layer;
    x->cut[unit / 64] &= ~((uint64_t)1 << unit % 64);
    crease_stages_part(tree->stage, tree->cells, l, &x->cell, unit, x->cut, part);
    for (int h = 0; h < 2; h++) {
        half[h].cell = part[h];
        tree->stage[l].state[unit] = h == 0;
        look(tree, &half[h], x->cut);
    }
    double value = of_children(tree, half, 2, x->weight, x->leaves);
    crease_stages_join(tree->stage, l);
    return value;
}

static double of_candidates(crease_tree *tree, node *x, size_t unit)
{
    size_t count = 0, lost;
    crease_contest c =
        crease_contest_open(tree->stage, tree->cells, tree->model, x->kind.layer, x->cut, unit);
    node *part = crease_arena_take(crease_cells_arena(tree->cells), c.candidates * sizeof *part);
    for (size_t b = 0; b < c.candidates && !crease_interrupt_raised(); b++) {
        part[count] = *x;
        if (!crease_contest_narrow(&c, tree->stage, tree->cells, b, &part[count].cell, &lost))
            continue;
        look(tree, &part[count++], c.rest);
    }
    double value = of_children(tree, part, count, x->weight, x->leaves);
    crease_contest_close(&c, tree->stage);
    return value;
}

static double of_next_layer(crease_tree *tree, node *x)
{
    size_t l = x->kind.layer;
    const crease_model_layer *layer = &tree->model->layer[l];
    size_t active = count_active(layer, x->cut, x->state);
    bool narrower = layer->pieces == 1 && active < x->kind.dimension;
    node inner = {.kind = {.layer = l + 1, .dimension = narrower ? active : x->kind.dimension}};
    inner.cell = crease_stages_enter(tree->stage, tree->cells, tree->model, l, &x->cell);
    look(tree, &inner, tree->stage[l + 1].pending);
    return of_children(tree, &inner, 1, x->weight, x->leaves);
}

static double of_leaf(crease_tree *tree, const node *x, uint64_t regions)
{
    crease_trial *trial = tree->trial;
    trial->leaves++;
    trial->regions += regions;
    if (tree->plan->proof) {
        mpz_add_ui(tree->plan->proof->upper, tree->plan->proof->upper, regions);
        tree->plan->proof->lower += regions;
    }
    trial->largest = fmax(trial->largest, x->weight * (double)regions);
    work(tree, work_of_region * (double)regions);
    return (double)regions;
}

/* The value of a cell that is one region, which is drawn. */
static double of_region(crease_tree *tree, const node *x)
{
    if (tree->plan->drawn)
        crease_stages_pattern(tree->stage, tree->model,
                              crease_drawn_add(tree->plan->drawn, x->weight));
    return of_leaf(tree, x, 1);
}

/* Counts the regions of a cell of the last layer, if that is to be done. */
static bool count(crease_tree *tree, node *x, uint64_t *regions)
{
    const crease_model_layer *layer = &tree->model->layer[x->kind.layer];
    if (x->kind.layer + 1 < tree->model->layers || tree->plan->drawn ||
        crease_maxout_groups_crowded(layer, x->cut))
        return false;
    bool worth = x->kind.cuts <= 1 || x->size <= most_counted ||
                 (x->leaves ? x->size <= most_counted * (double)x->leaves
                            : x->weight * most_counted >= tree->goal);
    return worth && crease_cell_count(tree->cells, &x->cell, x->cut, x->kind.cuts, regions);
}

static size_t first_unit(const uint64_t *set)
{
    size_t w = 0;
    while (!set[w])
        w++;
    return 64 * w + (size_t)__builtin_ctzll(set[w]);
}

/* The value of a cell that is entered. */
static double value_of(crease_tree *tree, node *x)
{
    crease_arena *arena = crease_cells_arena(tree->cells);
    crease_arena_mark mark = crease_arena_here(arena);
    uint64_t regions;
    double value;
    bool small = x->size <= most_small && !tree->plan->drawn && tree->plan->window < INFINITY;
    size_t l = x->kind.layer;
    tree->small += small;
    if (count(tree, x, &regions)) {
        value = of_leaf(tree, x, regions);
    } else if (x->kind.cuts) {
        size_t unit = first_unit(x->cut);
        value = crease_contest_needed(tree->stage, tree->cells, tree->model, l, x->cut, unit)
                    ? of_candidates(tree, x, unit)
                    : of_halves(tree, x, unit);
    } else if (l + 1 == tree->model->layers) {
        value = of_region(tree, x);
    } else {
        value = of_next_layer(tree, x);
    }
    tree->small -= small;
    if (crease_interrupt_raised())
        tree->trial->finished = false;
    else if (tree->plan->learn)
        crease_guesses_learn(tree->plan->learn, &x->kind, value);
    crease_arena_release(arena, mark);
    return value;
}

/* The value of all of a domain that is one cell. */
static double of_domain(crease_tree *tree)
{
    node root = {.kind = {.layer = 0, .dimension = tree->model->inputs}, .weight = 1};
    root.leaves = tree->plan->parts;
    root.cell = tree->rays ? crease_cell_root(tree->cells, tree->stage[0].map, NULL)
                           : crease_cell_domain(tree->cells, tree->stage[0].map);
    look(tree, &root, tree->stage[0].pending);
    tree->goal = root.size / tree->plan->parts;
    return crease_interrupt_raised() ? 0 : value_of(tree, &root);
}

static double of_orthant(crease_tree *tree, double weight, double leaves)
{
    crease_arena *arena = crease_cells_arena(tree->cells);
    crease_arena_mark mark = crease_arena_here(arena);
    node x = {.kind = {.layer = 0, .dimension = tree->model->inputs}};
    x.cell = crease_cell_root(tree->cells, tree->stage[0].map, tree->root_sign);
    look(tree, &x, tree->stage[0].pending);
    double value = of_children(tree, &x, 1, weight, leaves);
    crease_arena_release(arena, mark);
    return value;
}

/* Those orthants are not entered where the root units up to k have the sides that are set. */
static void leave_out_orthants(crease_tree *tree, size_t k)
{
    const crease_root *root = crease_layers_root(crease_cells_layers(tree->cells));
    crease_trial_proof *proof = tree->plan->proof;
    size_t words = (tree->model->layer[0].stride + 63) / 64;
    if (!proof)
        return;
    crease_arena *arena = crease_cells_arena(tree->cells);
    crease_arena_mark mark = crease_arena_here(arena);
    uint64_t *cut = crease_arena_take(arena, words * sizeof *cut);
    memcpy(cut, tree->stage[0].pending, words * sizeof *cut);
    for (size_t i = k + 1; i < tree->model->inputs; i++)
        cut[root->row[i] / 64] |= (uint64_t)1 << root->row[i] % 64;
    crease_most_add(proof->most, tree->stage, 0, cut, proof->upper);
    crease_arena_release(arena, mark);
}

/* The value of a part of R^n in which the sides of the root units before k are chosen. */
static double of_orthants(crease_tree *tree, size_t k, double size, double weight, double leaves)
{
    const crease_root *root = crease_layers_root(crease_cells_layers(tree->cells));
    double value = 0, half[2] = {size / 2, size / 2}, chance[2], parts[2];
    const choice c = {half, chance, parts, 2};
    if (crease_interrupt_due()) {
        tree->trial->finished = false;
        return 0;
    }
    if (k == tree->model->inputs)
        return of_orthant(tree, weight, leaves);
    choose(tree, weight, leaves, &c);
    for (int h = 0; h < 2; h++) {
        tree->stage[0].state[root->row[k]] = h == 0;
        if (chance[h] == 0) {
            leave_out_orthants(tree, k);
            continue;
        }
        tree->open--;
        tree->root_sign[k] = h ? -1 : 1;
        value += of_orthants(tree, k + 1, size / 2, weight / chance[h], parts[h]) / chance[h];
    }
    return value;
}

void crease_tree_try(crease_tree *tree, const crease_trial_plan *plan, crease_trial *trial)
{
    const crease_model *model = tree->model;
    crease_layers *layers = crease_cells_layers(tree->cells);
    const crease_root *root = crease_layers_root(layers);
    crease_arena *arena = crease_cells_arena(tree->cells);
    crease_arena_mark mark = crease_arena_here(arena);
    uint64_t *pending = tree->stage[0].pending;
    *trial = (crease_trial){.all = true, .finished = true};
    /* The tree itself may have been left early: then it does not know what its root is. */
    if (crease_interrupt_raised()) {
        trial->finished = false;
        return;
    }
    tree->plan = plan;
    tree->trial = trial;
    tree->goal = plan->whole / plan->parts;
    tree->limit = plan->limit;
    tree->haste = 2;
    tree->small = 0;
    tree->open = 0;
    tree->random = plan->seed;
    /* Which trials a thread made before depends on the number of threads. */
    crease_cells_forget(tree->cells);
    if (plan->proof) {
        plan->proof->lower = 0;
        mpz_set_ui(plan->proof->upper, 0);
    }
    memcpy(pending, crease_layers_units(layers, 0),
           (model->layer[0].stride + 63) / 64 * sizeof *pending);
    if (tree->orthants) {
        for (size_t k = root->faces; k < model->inputs; k++)
            pending[root->row[k] / 64] &= ~((uint64_t)1 << root->row[k] % 64);
        trial->value = of_orthants(tree, root->faces, plan->whole, 1, plan->parts);
    } else {
        trial->value = of_domain(tree);
    }
    crease_arena_release(arena, mark);
    if (crease_interrupt_raised())
        trial->finished = false;
}
