#include "shrink.h"

#include "counting.h"
#include "nets.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_INPUTS = 8, SIDE_TEXT = 128, PATH_TEXT = 1024 };

typedef struct {
    oracle_net *net;
    int sides; /* of a box; 0: there is none */
    char side[MOST_INPUTS][SIDE_TEXT];
    int faces; /* half-spaces c_1 x_1 + ... + c > 0; 0: none */
    mpq_t *face;
    shrink_fails *fails;
    void *context;
    double end;
} failure;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void print_number(FILE *file, const char *before, mpq_t value)
{
    char *number = mpq_get_str(NULL, 10, value);
    fprintf(file, "%s\"%s\"", before, number);
    free(number);
}

static void print_faces(FILE *file, const failure *f)
{
    int n = f->net->input;
    mpq_t sides;
    mpq_init(sides);
    for (int i = 0; i < f->faces; i++)
        for (int j = 0; j < n; j++) {
            mpq_neg(sides, f->face[i * (n + 1) + j]);
            print_number(file, j ? "," : i ? "],[" : "{\"A\":[[", sides);
        }
    for (int i = 0; i < f->faces; i++)
        print_number(file, i ? "," : "]],\"b\":[", f->face[i * (n + 1) + n]);
    fprintf(file, "]}");
    mpq_clear(sides);
}

/* The domain without spaces, malloc'd; NULL for all of R^n.  A domain's A and b say A x <= b. */
static char *domain_text(const failure *f)
{
    char *text = NULL;
    size_t length;
    if (!f->sides && !f->faces)
        return NULL;
    FILE *file = open_memstream(&text, &length);
    for (int j = 0; j < f->sides; j++)
        fprintf(file, "%s%s", j ? "," : "", f->side[j]);
    if (f->faces)
        print_faces(file, f);
    fclose(file);
    return text;
}

/* "LO:HI" is spread to all inputs. */
static void split_box(failure *f, const char *box)
{
    f->sides = f->faces = 0;
    f->face = NULL;
    if (box && *box == '{')
        f->face = oracle_domain(box, f->net->input, &f->faces);
    else
        while (box && f->sides < f->net->input && f->sides < MOST_INPUTS) {
            size_t length = strcspn(box, ",");
            snprintf(f->side[f->sides++], SIDE_TEXT, "%.*s", (int)length, box);
            box += box[length] ? length + 1 : 0;
        }
}

static bool wrong(const failure *f)
{
    if (now() > f->end)
        return false;
    char *json = nets_text(f->net, NULL), *box = domain_text(f);
    bool fails = f->fails(f->context, json, box);
    free(json);
    free(box);
    return fails;
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

static size_t face_numbers(const failure *f)
{
    return (size_t)(f->faces * (f->net->input + 1));
}

/* The faces without face i, or without the coefficient of input j; -1: with all of them. */
static mpq_t *faces_without(const failure *f, int i, int j)
{
    int n = f->net->input, at = 0;
    mpq_t *face = oracle_zeros(face_numbers(f));
    for (int k = 0; k < f->faces; k++)
        for (int c = 0; c <= n; c++)
            if (k != i && c != j)
                mpq_set(face[at++], f->face[k * (n + 1) + c]);
    for (int k = at; k < (int)face_numbers(f); k++)
        mpq_clear(face[k]);
    return face;
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
    if (input >= 0)
        next.face = faces_without(f, -1, input);
    bool kept = wrong(&next);
    failure old = kept ? *f : next;
    if (input >= 0)
        oracle_drop(old.face, face_numbers(&old));
    oracle_free(old.net);
    if (kept)
        *f = next;
    return kept;
}

static bool drop_domain(failure *f)
{
    failure next = *f;
    next.sides = next.faces = 0;
    if ((f->sides || f->faces) && wrong(&next)) {
        oracle_drop(f->face, face_numbers(f));
        f->face = NULL;
        f->sides = f->faces = 0;
        return true;
    }
    for (int i = f->faces; i-- > 0;) {
        next = *f;
        next.face = faces_without(f, i, -1);
        next.faces--;
        bool kept = wrong(&next);
        failure old = kept ? *f : next;
        oracle_drop(old.face, face_numbers(&old));
        if (kept) {
            *f = next;
            return true;
        }
    }
    return false;
}

static bool drop_something(failure *f)
{
    bool dropped = drop_domain(f);
    for (int l = f->net->count - 1; l-- > 0;)
        dropped |= f->net->count > 1 && try_net(f, without(f->net, (cut){l, -1, -1}), -1);
    for (int l = 0; l + 1 < f->net->count; l++)
        for (int u = f->net->layer[l].width; u-- > 0 && f->net->layer[l].width > 1;)
            dropped |= try_net(f, without(f->net, (cut){l, u, -1}), -1);
    for (int l = 0; l + 1 < f->net->count; l++)
        for (int p = f->net->layer[l].rank; p-- > 0 && f->net->layer[l].rank > 2;)
            dropped |= try_net(f, without(f->net, (cut){l, -1, p}), -1);
    for (int j = f->net->input; j-- > 0 && f->net->input > 1;)
        dropped |= try_net(f, without(f->net, (cut){-1, j, -1}), j);
    return dropped;
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
            double about = mpq_get_d(*value);
            long near = fabs(about) < 1e15 ? (long)about : 1, tries[] = {0, 1, -1, near};
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

bool shrink_keep(const char *json, const char *box, long regions, const char *directory, char *path,
                 size_t room)
{
    oracle_net *net = oracle_read(json);
    char *comment, *text;
    size_t length;
    FILE *file = open_memstream(&comment, &length);
    fprintf(file, "regions %ld over %s", regions, box ? box : "R^n");
    fclose(file);
    text = nets_text(net, comment);
    snprintf(path, room, "%s/net-%016llx.json", directory, (unsigned long long)hash(text));
    file = fopen(path, "w");
    bool good = file && fprintf(file, "%s\n", text) > 0;
    good = file && fclose(file) == 0 && good;
    free(comment);
    free(text);
    oracle_free(net);
    return good;
}

void shrink_down(char **json, char **box, shrink_fails *fails, void *context, double seconds)
{
    failure f = {.net = oracle_read(*json), .fails = fails, .context = context};
    f.end = now() + seconds;
    split_box(&f, *box);
    while (drop_something(&f) || simplify_something(&f))
        ;
    free(*json);
    free(*box);
    *json = nets_text(f.net, NULL);
    *box = domain_text(&f);
    oracle_drop(f.face, face_numbers(&f));
    oracle_free(f.net);
}

static bool differs(void *context, const char *json, const char *box)
{
    (void)context;
    counting found = count_try(json, box);
    return !found.good || found.regions != (uint64_t)oracle_count(json, box);
}

void shrink_compare(const char *json, const char *box, uint64_t seed, const char *directory)
{
    char regress[PATH_TEXT], path[PATH_TEXT + 64];
    long oracle = oracle_count(json, box);
    counting found = count_try(json, box);
    if (found.good && found.regions == (uint64_t)oracle)
        return;
    fprintf(stderr, "seed %llu, box %s: the oracle has %ld, crease %llu %s\n%s\n",
            (unsigned long long)seed, box ? box : "none", oracle, (unsigned long long)found.regions,
            found.why, json);
    char *small = strdup(json), *place = box ? strdup(box) : NULL;
    shrink_down(&small, &place, differs, NULL, INFINITY);
    snprintf(regress, sizeof regress, "%s/regress", directory);
    shrink_keep(small, place, oracle_count(small, place), regress, path, sizeof path);
    fprintf(stderr, "shrunk to %s:\n%s\n", path, small);
    free(small);
    free(place);
    ck_abort_msg("seed %llu disagrees with the oracle", (unsigned long long)seed);
}
