/* Random small networks against the oracle.  A network that fails is shrunk,
 * kept as DIR/regress/NAME.json and checked again on every run.
 *
 * Environment: CREASE_RANDOM_NETS how many, CREASE_RANDOM_SEED the first,
 * CREASE_TESTS_DIR (or the first argument) the directory of the tests. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/oracle.h"
#include "support/support.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 20, MOST_INPUTS = 8, BOX_TEXT = 256, PATH_TEXT = 1024 };

static const char *directory = "tests";

/* ---- Shrinking ---- */

typedef struct {
    oracle_net *net;
    int sides; /* 0: R^n */
    char side[MOST_INPUTS][32];
} failure;

static const char *box_of(const failure *f, char *text)
{
    *text = 0;
    for (int j = 0; j < f->sides; j++)
        snprintf(text + strlen(text), BOX_TEXT - strlen(text), "%s%s", j ? "," : "", f->side[j]);
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
    char text[BOX_TEXT];
    const char *box = box_of(f, text);
    char *json = nets_text(f->net, NULL);
    counting found = count_try(json, box);
    bool differs = !found.good || found.regions != (uint64_t)oracle_count(json, box);
    free(json);
    return differs;
}

/* The network without unit `unit` of layer `layer`; layer -1 holds the inputs.
 * unit -1 drops the whole layer, the next one reads what fits. */
static oracle_net *without(const oracle_net *old, int layer, int unit)
{
    int widths[64] = {0}, from[64] = {0}, count = 0;
    for (int l = 0; l < old->count; l++) {
        if (l == layer && unit < 0)
            continue;
        from[count] = l;
        widths[count++] = old->layer[l].width - (l == layer);
    }
    oracle_net *net = nets_new(old->input - (layer < 0), widths, count);
    for (int l = 0; l < count; l++) {
        const oracle_layer *source = &old->layer[from[l]];
        net->layer[l].relu = source->relu;
        for (int u = 0; u < widths[l]; u++)
            for (int j = 0; j <= net->layer[l].fan; j++) {
                int row = u + (from[l] == layer && u >= unit);
                int column = j + (from[l] == layer + 1 && unit >= 0 && j >= unit);
                if (j == net->layer[l].fan)
                    column = source->fan;
                else if (column >= source->fan)
                    continue;
                mpq_set(*nets_at(net, l, u, j), *nets_at(old, from[l], row, column));
            }
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
        if (try_net(f, without(net, l, -1), -1))
            return true;
    for (int l = 0; l + 1 < net->count; l++)
        for (int u = 0; u < net->layer[l].width && net->layer[l].width > 1; u++)
            if (try_net(f, without(net, l, u), -1))
                return true;
    for (int j = 0; j < net->input && net->input > 1; j++)
        if (try_net(f, without(net, -1, j), j))
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
        for (int i = 0; i < f->net->layer[l].width * (f->net->layer[l].fan + 1); i++) {
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

/* Writes the shrunk network; the comment is what regressions() reads back. */
static void keep_failure(const char *json, const char *box)
{
    failure f = {.net = oracle_read(json)};
    char text[BOX_TEXT], comment[BOX_TEXT + 64], path[PATH_TEXT];
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

/* ---- Random networks ---- */

static char *replaced(char *old, char *json)
{
    free(old);
    return json;
}

/* Ties beyond those of small weights. */
static char *degrade(char *json, uint64_t *state)
{
    static const char *const factors[] = {"1", "-1", "3", "0.1", "-1/7"};
    static const char *const biases[] = {"0", "1", "-1"};
    switch (nets_between(state, 0, 7)) {
    case 0:
        return replaced(json, nets_copy_unit(json, 0, 0, factors[nets_between(state, 0, 4)]));
    case 1:
        return replaced(json, nets_zero_row(json, 0, biases[nets_between(state, 0, 2)]));
    case 2:
        return replaced(json, nets_rounded_copy(json, 0, 0, 0.1));
    case 3:
        return replaced(json, nets_scale_units(json, nets_random(state)));
    default:
        return json;
    }
}

/* Gives the first unit the border x_0 = at, a face of the box. */
static char *face_on_unit(char *json, const char *at)
{
    oracle_net *net = oracle_read(json);
    for (int j = 0; j < net->input; j++)
        nets_set(net, 0, 0, j, j ? "0" : "1");
    nets_set(net, 0, 0, net->input, at);
    mpq_neg(*nets_at(net, 0, 0, net->input), *nets_at(net, 0, 0, net->input));
    char *text = nets_text(net, NULL);
    oracle_free(net);
    return replaced(json, text);
}

/* One interval per input, or one for all. */
static void random_box(int inputs, uint64_t *state, char *box)
{
    static const char *const sides[] = {"-1:1",     "0:1",      "0:2",       "-2:-1",    "-1/2:1/3",
                                        "-0.1:0.1", "1e-3:0.5", "-100:1000", "0x1p-2:7", "-1:0"};
    int count = nets_between(state, 0, 1) ? inputs : 1;
    *box = 0;
    for (int j = 0; j < count; j++)
        snprintf(box + strlen(box), BOX_TEXT - strlen(box), "%s%s", j ? "," : "",
                 sides[nets_between(state, 0, 9)]);
}

static void check_one(uint64_t seed)
{
    uint64_t state = seed;
    bool whole = seed % 2, boxed = nets_between(&state, 0, 1);
    int range = nets_between(&state, 0, 4) ? 2 : 1;
    char box[BOX_TEXT];
    char *json = whole ? nets_small(nets_random(&state), 10, range)
                       : nets_smooth(nets_random(&state), 9);
    if (boxed) {
        oracle_net *net = oracle_read(json);
        random_box(net->input, &state, box);
        oracle_free(net);
        if (nets_between(&state, 0, 2) == 0) {
            char at[BOX_TEXT];
            const char *from = nets_between(&state, 0, 1) ? box : strchr(box, ':') + 1;
            snprintf(at, sizeof at, "%.*s", (int)strcspn(from, ":,"), from);
            json = face_on_unit(json, at);
        }
    }
    json = degrade(json, &state);
    long oracle = oracle_count(json, boxed ? box : NULL);
    counting found = count_try(json, boxed ? box : NULL);
    if (!found.good || found.regions != (uint64_t)oracle) {
        fprintf(stderr, "seed %llu, box %s: the oracle has %ld, crease %llu %s\n%s\n",
                (unsigned long long)seed, boxed ? box : "none", oracle,
                (unsigned long long)found.regions, found.why, json);
        keep_failure(json, boxed ? box : NULL);
        ck_abort_msg("seed %llu disagrees with the oracle", (unsigned long long)seed);
    }
    free(json);
}

START_TEST(random_nets)
{
    long total = count_setting("CREASE_RANDOM_NETS", 5000);
    uint64_t first = (uint64_t)count_setting("CREASE_RANDOM_SEED", 1);
    for (long i = _i; i < total; i += BLOCKS)
        check_one(first + (uint64_t)i);
}
END_TEST

/* ---- Known failures ---- */

static void check_file(const char *path)
{
    json_t *root = json_load_file(path, 0, NULL);
    const char *comment = json_string_value(json_object_get(root, "comment"));
    char box[BOX_TEXT];
    long regions;
    ck_assert_msg(comment && sscanf(comment, "regions %ld over %255s", &regions, box) == 2,
                  "%s: the comment must be \"regions N over R^n\" or \"regions N over BOX\"", path);
    char *json = json_dumps(root, JSON_REAL_PRECISION(17));
    const char *domain = strcmp(box, "R^n") ? box : NULL;
    ck_assert_msg(oracle_count(json, domain) == regions, "%s: the oracle disagrees", path);
    uint64_t found = count_free(json, domain);
    ck_assert_msg(found == (uint64_t)regions, "%s: %llu regions, expected %ld", path,
                  (unsigned long long)found, regions);
    json_decref(root);
}

START_TEST(regressions)
{
    char path[PATH_TEXT];
    snprintf(path, sizeof path, "%s/regress", directory);
    DIR *open = opendir(path);
    ck_assert_msg(open != NULL, "no directory %s", path);
    int files = 0;
    for (struct dirent *entry; (entry = readdir(open));) {
        size_t length = strlen(entry->d_name);
        if (length < 6 || strcmp(entry->d_name + length - 5, ".json"))
            continue;
        snprintf(path, sizeof path, "%s/regress/%s", directory, entry->d_name);
        check_file(path);
        files++;
    }
    closedir(open);
    ck_assert_int_gt(files, 0);
}
END_TEST

int main(int argc, char **argv)
{
    const char *set = getenv("CREASE_TESTS_DIR");
    directory = argc > 1 ? argv[1] : set && *set ? set : directory;
    Suite *suite = suite_create("oracle");
    TCase *tcase = support_case(suite, "oracle", 3600);
    tcase_add_test(tcase, regressions);
    tcase_add_loop_test(tcase, random_nets, 0, BLOCKS);
    return support_run(suite);
}
