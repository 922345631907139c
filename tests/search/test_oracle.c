/* Random small networks against the oracle.  A network that fails is shrunk,
 * kept as DIR/regress/NAME.json and checked again on every run.
 *
 * Environment: CREASE_RANDOM_NETS how many, CREASE_RANDOM_SEED the first,
 * CREASE_TESTS_DIR (or the first argument) the directory of the tests. */
#include "support/counting.h"
#include "support/nets.h"
#include "support/oracle.h"
#include "support/shrink.h"
#include "support/support.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 20, PATH_TEXT = 1024 };

static const char *directory = "tests";

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
    case 0: return replaced(json, nets_copy_unit(json, 0, 0, factors[nets_between(state, 0, 4)]));
    case 1: return replaced(json, nets_zero_row(json, 0, biases[nets_between(state, 0, 2)]));
    case 2: return replaced(json, nets_rounded_copy(json, 0, 0, 0.1));
    case 3: return replaced(json, nets_scale_units(json, nets_random(state)));
    default: return json;
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

static void check_one(uint64_t seed)
{
    uint64_t state = seed;
    bool whole = seed % 2, boxed = nets_between(&state, 0, 1);
    int range = nets_between(&state, 0, 4) ? 2 : 1;
    char box[NETS_BOX];
    char *json =
        whole ? nets_small(nets_random(&state), 10, range) : nets_smooth(nets_random(&state), 9);
    if (boxed) {
        oracle_net *net = oracle_read(json);
        nets_box(net->input, &state, box);
        oracle_free(net);
        if (nets_between(&state, 0, 2) == 0) {
            char at[NETS_BOX];
            const char *from = nets_between(&state, 0, 1) ? box : strchr(box, ':') + 1;
            snprintf(at, sizeof at, "%.*s", (int)strcspn(from, ":,"), from);
            json = face_on_unit(json, at);
        }
    }
    json = degrade(json, &state);
    shrink_compare(json, boxed ? box : NULL, seed, directory);
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
    long regions;
    int end = 0;
    ck_assert_msg(comment && sscanf(comment, "regions %ld over %n", &regions, &end) == 1 && end,
                  "%s: the comment must be \"regions N over R^n\" or \"regions N over BOX\"", path);
    char *json = json_dumps(root, JSON_REAL_PRECISION(17));
    const char *domain = strcmp(comment + end, "R^n") ? comment + end : NULL;
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
