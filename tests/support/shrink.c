#include "shrink.h"

#include "counting.h"
#include "nets.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_INPUTS = 8, PATH_TEXT = 1024 };

typedef struct {
    oracle_net *net;
    int sides; /* 0: R^n */
    char side[MOST_INPUTS][32];
} failure;

static const char *box_of(const failure *f, char *text)
{
    *text = 0;
    for (int j = 0; j < f->sides; j++)
        snprintf(text + strlen(text), NETS_BOX - strlen(text), "%s%s", j ? "," : "", f->side[j]);
    return f->sides ? text : NULL;
}

/* "LO:HI" is spread to all inputs. */
static void split_box(failure *f, const char *box)
{
    f->sides = 0;
    while (box && f->sides < f->net->input && f->sides < MOST_INPUTS) {
        size_t length = strcspn(box, ",");
        snprintf(f->side[f->sides++], sizeof f->side[0], "%.*s", (int)length, box);
        box += box[length] ? length + 1 : 0;
    }
}

static bool wrong(const failure *f)
{
    char text[NETS_BOX];
    const char *box = box_of(f, text);
    char *json = nets_text(f->net, NULL);
    counting found = count_try(json, box);
    bool differs = !found.good || found.regions != (uint64_t)oracle_count(json, box);
    free(json);
    return differs;
}

/* What is left out of layer `layer`: unit `unit`, or piece `piece` of every unit, or the whole
 * layer if both are -1, of which the next one then reads what fits.  Layer -1 holds the inputs. */
typedef struct {
    int layer, unit, piece;
} cut;

static int old_row(const oracle_layer *before, const oracle_layer *after, cut c, int row)
{
    int switching = after->width - after->carry, was = before->width - before->carry;
    if (row >= switching * after->rank) {
        int unit = was + row - switching * after->rank;
        return oracle_row_of(before, unit + (c.unit >= was && unit >= c.unit));
    }
    int unit = row / after->rank, piece = row % after->rank;
    return oracle_row_of(before, unit + (c.unit >= 0 && unit >= c.unit)) + piece +
           (c.piece >= 0 && piece >= c.piece);
}

static void copy_layer(oracle_layer *to, const oracle_layer *source, int l, cut c)
{
    for (int r = 0; r < to->rows; r++)
        for (int j = 0; j <= to->fan; j++) {
            int row = l == c.layer ? old_row(source, to, c, r) : r;
            int column = j + (l == c.layer + 1 && c.unit >= 0 && j >= c.unit);
            if (j == to->fan)
                column = source->fan;
            else if (column >= source->fan)
                continue;
            mpq_set(to->row[r * (to->fan + 1) + j], source->row[row * (source->fan + 1) + column]);
        }
}

static oracle_net *without(const oracle_net *old, cut c)
{
    bool layer = c.layer >= 0 && c.unit < 0 && c.piece < 0;
    oracle_net *net = nets_blank(old->input - (c.layer < 0), old->count - layer);
    for (int l = 0, at = 0, fan = net->input; l < old->count; l++) {
        const oracle_layer *from = &old->layer[l];
        bool here = l == c.layer;
        if (here && layer)
            continue;
        oracle_layer *to = &net->layer[at++];
        oracle_shape(to, fan, from->kind, from->rank - (here && c.piece >= 0),
                     from->width - (here && c.unit >= 0),
                     from->carry - (here && c.unit >= from->width - from->carry));
        for (int i = 0; i < 2; i++)
            mpq_set(to->parameter[i], from->parameter[i]);
        copy_layer(to, from, l, c);
        fan = to->width;
    }
    return net;
}

/* Keeps the smaller network if it still fails; input (or -1) is gone from it. */
static bool try_net(failure *f, oracle_net *smaller, int input)
{
    failure next = *f;
    next.net = smaller;
    if (input >= 0 && next.sides) {
        next.sides--;
        memmove(next.side[input], next.side[input + 1],
                (size_t)(next.sides - input) * sizeof next.side[0]);
    }
    if (wrong(&next)) {
        oracle_free(f->net);
        *f = next;
        return true;
    }
    oracle_free(smaller);
    return false;
}

static bool drop_something(failure *f)
{
    const oracle_net *net = f->net;
    if (f->sides) {
        failure next = *f;
        next.sides = 0;
        if (wrong(&next)) {
            f->sides = 0;
            return true;
        }
    }
    for (int l = 0; l + 1 < net->count; l++)
        if (try_net(f, without(net, (cut){l, -1, -1}), -1))
            return true;
    for (int l = 0; l + 1 < net->count; l++)
        for (int u = 0; u < net->layer[l].width && net->layer[l].width > 1; u++)
            if (try_net(f, without(net, (cut){l, u, -1}), -1))
                return true;
    for (int l = 0; l + 1 < net->count; l++)
        for (int p = 0; p < net->layer[l].rank && net->layer[l].rank > 2; p++)
            if (try_net(f, without(net, (cut){l, -1, p}), -1))
                return true;
    for (int j = 0; j < net->input && net->input > 1; j++)
        if (try_net(f, without(net, (cut){-1, j, -1}), j))
            return true;
    return false;
}

/* Is the text of the number longer than that of its replacement? */
static bool longer(mpq_t value, long other)
{
    char text[32], *own = mpq_get_str(NULL, 10, value);
    bool yes = strlen(own) > (size_t)snprintf(text, sizeof text, "%ld", other) ||
               (other == 0 && mpq_sgn(value)) || (other == 1 && !strcmp(own, "2"));
    free(own);
    return yes;
}

static bool simplify_something(failure *f)
{
    bool changed = false;
    mpq_t kept;
    mpq_init(kept);
    for (int l = 0; l < f->net->count; l++)
        for (int i = 0; i < f->net->layer[l].rows * (f->net->layer[l].fan + 1); i++) {
            mpq_t *value = &f->net->layer[l].row[i];
            long near = (long)mpq_get_d(*value), tries[] = {0, 1, -1, near};
            for (int k = 0; k < 4; k++) {
                if (!longer(*value, tries[k]))
                    continue;
                mpq_set(kept, *value);
                mpq_set_si(*value, tries[k], 1);
                if (wrong(f)) {
                    changed = true;
                    break;
                }
                mpq_set(*value, kept);
            }
        }
    mpq_clear(kept);
    return changed;
}

static uint64_t hash(const char *text)
{
    uint64_t value = 0xcbf29ce484222325u; /* FNV-1a */
    for (; *text; text++)
        value = (value ^ (unsigned char)*text) * 0x100000001b3u;
    return value;
}

/* Writes the shrunk network; the comment is what is read back. */
static void keep_failure(const char *json, const char *box, const char *directory)
{
    failure f = {.net = oracle_read(json)};
    char text[NETS_BOX], comment[NETS_BOX + 64], path[PATH_TEXT];
    split_box(&f, box);
    while (drop_something(&f) || simplify_something(&f))
        ;
    box = box_of(&f, text);
    char *small = nets_text(f.net, NULL);
    snprintf(comment, sizeof comment, "regions %ld over %s", oracle_count(small, box),
             box ? box : "R^n");
    free(small);
    small = nets_text(f.net, comment);
    snprintf(path, sizeof path, "%s/regress/net-%016llx.json", directory,
             (unsigned long long)hash(small));
    FILE *file = fopen(path, "w");
    if (file) {
        fprintf(file, "%s\n", small);
        fclose(file);
    }
    fprintf(stderr, "shrunk to %s:\n%s\n", path, small);
    free(small);
    oracle_free(f.net);
}

void shrink_compare(const char *json, const char *box, uint64_t seed, const char *directory)
{
    long oracle = oracle_count(json, box);
    counting found = count_try(json, box);
    if (found.good && found.regions == (uint64_t)oracle)
        return;
    fprintf(stderr, "seed %llu, box %s: the oracle has %ld, crease %llu %s\n%s\n",
            (unsigned long long)seed, box ? box : "none", oracle, (unsigned long long)found.regions,
            found.why, json);
    keep_failure(json, box, directory);
    ck_abort_msg("seed %llu disagrees with the oracle", (unsigned long long)seed);
}
