/* Network files and boxes, good and bad. */
#include "support/support.h"
#include "support/texts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- Bad networks ---- */

static const struct {
    const char *text, *place;
} bad[] = {
    /* Not JSON. */
    {"", "line"},
    {" ", "line"},
    {"{", "line"},
    {"nonsense", "line"},
    {GOOD " x", "line"},
    {GOOD GOOD, "line"},
    {"\xef\xbb\xbf" GOOD, "line"},
    {"{\"input\": 2, \"layers\": [], }", "line"},
    {"{'input': 2}", "line"},
    {WEIGHT("NaN"), "line 1"},
    {WEIGHT("Infinity"), "line 1"},
    {WEIGHT("-Infinity"), "line 1"},
    {WEIGHT("1e400"), "line 1"},
    {WEIGHT("-1e400"), "line 1"},
    {WEIGHT("1e999999999"), "line 1"},
    {WEIGHT("0x10"), "line 1"},
    {WEIGHT("01"), "line 1"},
    {WEIGHT(".5"), "line 1"},
    {WEIGHT("+1"), "line 1"},
    {WEIGHT("\"\xff\""), "line 1"},
    {"\n\n" WEIGHT("nan"), "line 3"},
    {"{\"input\": 1, \"input\": 1, \"layers\": [" LAST "]}", "input"},
    {"{\"input\": 2, \"layers\": [{\"weight\": [[1, 1]], \"weight\": [[1, 1]], \"bias\": [0]" TAIL
     "]}",
     "weight"},
    /* The root. */
    {"[]", "object"},
    {"null", ""},
    {"3", ""},
    {"{}", "input"},
    {"{\"input\": 2}", "layers"},
    {"{\"layers\": [" LAST "]}", "input"},
    {"{\"input\": 2, \"layers\": []}", "layers"},
    {"{\"input\": 2, \"layers\": {}}", "layers"},
    {"{\"input\": 2, \"layers\": 3}", "layers"},
    {"{\"input\": 2, \"layers\": [" LAST "], \"outputs\": 1}", "outputs"},
    {"{\"input\": 2, \"layers\": [" LAST "], \"a\\nb\\u001b\": 1}", ""},
    {"{\"input\": 2, \"layers\": [" LAST "], \"comment\": 1}", "comment"},
    {"{\"input\": 0, \"layers\": [" LAST "]}", "input"},
    {"{\"input\": -2, \"layers\": [" LAST "]}", "input"},
    {"{\"input\": 1.5, \"layers\": [" LAST "]}", "input"},
    {"{\"input\": 1048577, \"layers\": [" LAST "]}", "input"},
    {"{\"input\": 1e300, \"layers\": [" LAST "]}", "input"},
    {"{\"input\": \"2\", \"layers\": [" LAST "]}", "input"},
    {"{\"input\": [2], \"layers\": [" LAST "]}", "input"},
    {"{\"input\": true, \"layers\": [" LAST "]}", "input"},
    {"{\"input\": null, \"layers\": [" LAST "]}", "input"},
    /* Layers. */
    {"{\"input\": 2, \"layers\": [3]}", "layers[0]"},
    {"{\"input\": 2, \"layers\": [null, " LAST "]}", "layers[0]"},
    {"{\"input\": 2, \"layers\": [" FIRST ", []]}", "layers[1]"},
    {"{\"input\": 2, \"layers\": [{}]}", "layers[0]"},
    {"{\"input\": 2, \"layers\": [" FIRST "]}", "linear"},
    {"{\"input\": 2, \"layers\": [" LAST ", " FIRST "]}", "layers[1]"},
    {FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6]"), "layers[0].activation"},
    {FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"activation\": \"relu\""), "layers[0].bias"},
    {FIRST_LAYER("\"bias\": [5, 6], \"activation\": \"relu\""), "layers[0].weight"},
    {FIRST_LAYER("\"weight\": [], \"bias\": [], \"activation\": \"relu\""), "layers[0].weight"},
    {FIRST_LAYER("\"weight\": [[], []], \"bias\": [5, 6], \"activation\": \"relu\""),
     "layers[0].weight"},
    {FIRST_LAYER("\"weight\": 1, \"bias\": [5, 6], \"activation\": \"relu\""), "layers[0].weight"},
    {FIRST_LAYER("\"weight\": [1, 2], \"bias\": [5, 6], \"activation\": \"relu\""),
     "layers[0].weight"},
    {FIRST_LAYER("\"weight\": [[1, 2], [3]], \"bias\": [5, 6], \"activation\": \"relu\""), "row"},
    {FIRST_LAYER("\"weight\": [[1, 2], [3, 4, 5]], \"bias\": [5, 6], \"activation\": \"relu\""),
     "row"},
    {FIRST_LAYER("\"weight\": [[1], [3]], \"bias\": [5, 6], \"activation\": \"relu\""), "row"},
    {FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5], \"activation\": \"relu\""), "bias"},
    {FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6, 7], \"activation\": \"relu\""),
     "bias"},
    {FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": 5, \"activation\": \"relu\""), "bias"},
    {FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, [6]], \"activation\": \"relu\""),
     "bias"},
    {FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"activation\": \"gelu\""),
     "activation"},
    {FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"activation\": \"leaky_relu\""),
     "layers[0].slope"},
    {FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"activation\": \"leaky_relu\", "
                 "\"slope\": \"x\""),
     "layers[0].slope"},
    {FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"activation\": \"relu\", "
                 "\"slope\": 0.5"),
     "layers[0].slope"},
    {FIRST_LAYER(
         "\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"activation\": \"clip\", \"low\": 0"),
     "layers[0].high"},
    {FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"activation\": \"clip\", "
                 "\"low\": 1, \"high\": 1"),
     "layers[0].low"},
    {FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"activation\": \"hard_tanh\", "
                 "\"low\": -1, \"high\": 1"),
     "layers[0].low"},
    {FIRST_LAYER(
         "\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"activation\": \"abs\", \"slope\": -1"),
     "layers[0].slope"},
    {FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"activation\": \"RELU\""),
     "activation"},
    {FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"activation\": 1"),
     "activation"},
    {FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"activation\": \"relu\", "
                 "\"name\": \"a\""),
     "name"},
    {"{\"input\": 2, \"layers\": [" FIRST ", {\"weight\": [[1, 1, 1]], \"bias\": [0]" TAIL "]}",
     "layers[1].weight"},
    /* Numbers. */
    {WEIGHT("null"), "weight"},
    {WEIGHT("true"), "weight"},
    {WEIGHT("{}"), "weight"},
    {WEIGHT("[1]"), "weight"},
    {BIAS("null"), "bias"},
    {WEIGHT("\"\""), "weight"},
    {WEIGHT("\" \""), "weight"},
    {WEIGHT("\"abc\""), "weight"},
    {WEIGHT("\"1 \""), "weight"},
    {WEIGHT("\" 1\""), "weight"},
    {WEIGHT("\"1\\n2\""), "weight"},
    {WEIGHT("\"1,5\""), "weight"},
    {WEIGHT("\"1_0\""), "weight"},
    {WEIGHT("\"--1\""), "weight"},
    {WEIGHT("\"-\""), "weight"},
    {WEIGHT("\".\""), "weight"},
    {WEIGHT("\"1.2.3\""), "weight"},
    {WEIGHT("\"1e\""), "weight"},
    {WEIGHT("\"1e+\""), "weight"},
    {WEIGHT("\"e5\""), "weight"},
    {WEIGHT("\"0x\""), "weight"},
    {WEIGHT("\"0xp1\""), "weight"},
    {WEIGHT("\"0x1p\""), "weight"},
    {WEIGHT("\"0x1.8q3\""), "weight"},
    {WEIGHT("\"nan\""), "weight"},
    {WEIGHT("\"NaN\""), "weight"},
    {WEIGHT("\"inf\""), "weight"},
    {WEIGHT("\"-Infinity\""), "weight"},
    {WEIGHT("\"1/0\""), "weight"},
    {WEIGHT("\"0/0\""), "weight"},
    {WEIGHT("\"1/\""), "weight"},
    {WEIGHT("\"/2\""), "weight"},
    {WEIGHT("\"1/2/3\""), "weight"},
    {BIAS("\"1/0\""), "bias"},
    {BIAS("\"1e999999999\""), "bias"},
    {WEIGHT("\"1e999999999\""), "weight"},
    {WEIGHT("\"1e-999999999\""), "weight"},
    {WEIGHT("\"1e99999999999999999999999\""), "weight"},
    {WEIGHT("\"0x1p999999999\""), "weight"},
    {WEIGHT("\"0x1p-999999999\""), "weight"},
    {WEIGHT("\"\xf0\x9f\xa6\x80\""), "weight"},
};

START_TEST(bad_networks)
{
    support_refused(bad[_i].text, strlen(bad[_i].text), bad[_i].place);
}
END_TEST

START_TEST(truncated)
{
    const char *text = GOOD;
    for (size_t length = 0; length < strlen(text); length++)
        support_refused(text, length, "line");
    crease_network_free(support_network(text));
}
END_TEST

START_TEST(embedded_zero)
{
    char text[] = GOOD;
    text[3] = 0;
    support_refused(text, sizeof text - 1, "line");
    support_refused(GOOD, sizeof GOOD, "line"); /* the closing zero included */
}
END_TEST

START_TEST(deep)
{
    enum { DEPTH = 200000 };
    char *text = malloc(DEPTH + 1);
    ck_assert_ptr_nonnull(text);
    for (int object = 0; object < 2; object++) {
        memset(text, '[', DEPTH);
        for (int i = 0; object && i + 5 < DEPTH; i += 5)
            memcpy(text + i, "{\"a\":", 5);
        text[DEPTH] = 0;
        support_refused(text, DEPTH, "line");
    }
    free(text);
}
END_TEST

/* A layer of `rows` units of ones. */
static void tall(FILE *to, int rows, const char *activation, int input)
{
    fprintf(to, "{\"weight\": [");
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < input; j++)
            fprintf(to, "%s%s1%s", i && !j ? "," : "", j ? "," : "[", j + 1 < input ? "" : "]");
    fprintf(to, "], \"bias\": [");
    for (int i = 0; i < rows; i++)
        fprintf(to, "%s0", i ? "," : "");
    fprintf(to, "], \"activation\": \"%s\"}", activation);
}

/* `first` and, unless 0, `second` units between the input and the output. */
static char *tower(int input, int first, int second)
{
    char *text = NULL;
    size_t length;
    FILE *to = open_memstream(&text, &length);
    ck_assert_ptr_nonnull(to);
    fprintf(to, "{\"input\": %d, \"layers\": [", input);
    tall(to, first, "relu", input);
    fprintf(to, ", ");
    if (second) {
        tall(to, second, "relu", first);
        fprintf(to, ", ");
    }
    tall(to, 1, "linear", second ? second : first);
    fprintf(to, "]}");
    ck_assert_int_eq(fclose(to), 0);
    return text;
}

START_TEST(size_limits)
{
    static const struct {
        int input, first, second;
        bool good;
    } sizes[] = {{1, 4097, 0, true}, {1, 1048577, 0, false}, {4097, 1, 0, true}};
    for (size_t i = 0; i < REPEATS(sizes); i++) {
        if (sizes[i].first > 1000000 && !getenv("CREASE_LONG"))
            continue;
        char *text = tower(sizes[i].input, sizes[i].first, sizes[i].second);
        if (sizes[i].good) {
            crease_network *network = support_network(text);
            ck_assert_uint_eq(crease_network_inputs(network), (size_t)sizes[i].input);
            ck_assert_uint_eq(crease_network_units(network),
                              (size_t)(sizes[i].first + sizes[i].second));
            crease_network_free(network);
        } else {
            support_refused(text, strlen(text), "layers[");
        }
        free(text);
    }
}
END_TEST

START_TEST(long_number)
{
    /* Refused or read, but neither a crash nor a long wait. */
    enum { DIGITS = 1000000 };
    char *text = malloc(DIGITS + 200);
    ck_assert_ptr_nonnull(text);
    size_t length = (size_t)sprintf(text, "{\"input\": 1, \"layers\": [{\"weight\": [[\"");
    memset(text + length, '7', DIGITS);
    length += DIGITS;
    length += (size_t)sprintf(text + length, "\"]], \"bias\": [0]" TAIL "]}");
    crease_network *network = NULL;
    crease_error error = {""};
    crease_status status = crease_network_parse(text, length, "some.json", &network, &error);
    ck_assert(status == CREASE_OK || (status == CREASE_INPUT && support_one_line(error.text)));
    if (status == CREASE_OK)
        crease_network_free(network);
    free(text);
}
END_TEST

/* ---- Files ---- */

START_TEST(files)
{
    crease_network *network = NULL;
    crease_error error = {""};
    ck_assert_int_eq(crease_network_read("/nowhere/net.json", &network, &error), CREASE_INPUT);
    ck_assert(support_one_line(error.text) && strstr(error.text, "/nowhere/net.json"));
    ck_assert_int_eq(crease_network_read("/", &network, &error), CREASE_INPUT);
    ck_assert(support_one_line(error.text));
    ck_assert_int_eq(crease_network_read("/dev/null", &network, &error), CREASE_INPUT);
    ck_assert(support_one_line(error.text) && strstr(error.text, "/dev/null"));
    ck_assert_int_eq(crease_network_read("", &network, &error), CREASE_INPUT);
    ck_assert(support_one_line(error.text));

    char path[] = "/tmp/crease-reader-XXXXXX";
    int handle = mkstemp(path);
    ck_assert_int_ge(handle, 0);
    ck_assert_int_eq(write(handle, GOOD, sizeof GOOD - 1), sizeof GOOD - 1);
    close(handle);
    crease_status status = crease_network_read(path, &network, &error);
    unlink(path);
    ck_assert_msg(status == CREASE_OK, "%s", error.text);
    char hex[65], parsed[65];
    crease_network_digest(network, hex);
    crease_network_free(network);
    network = support_network(GOOD);
    crease_network_digest(network, parsed);
    crease_network_free(network);
    ck_assert_str_eq(hex, parsed);
}
END_TEST

/* ---- Boxes ---- */

START_TEST(boxes)
{
    static const char *const good[] = {
        "-1:1",           "0:1,-1/3:0x1p-2", "1e-3:1",  "-0.3:-0.2,0:1e300",
        "1/3:0.33333334", "-1e2:1e2,0:1",    "0:1e-300"};
    static const char *const wrong[] = {"",
                                        ":",
                                        "1",
                                        "1:",
                                        ":1",
                                        "1:1",
                                        "2:1",
                                        "a:b",
                                        "0:1,0:1,0:1",
                                        "0:1,",
                                        ",0:1",
                                        "0:1,,0:1",
                                        "0:inf",
                                        "-inf:inf",
                                        "nan:1",
                                        "0:1:2",
                                        "0 :1",
                                        "0:1 ",
                                        "0:1/0",
                                        "0:1e999999999",
                                        "-1e999999999:0",
                                        "1/3:1/3",
                                        "0:-0",
                                        "0.5:1/2",
                                        "0:1;0:1",
                                        "0,1",
                                        "0:1,1:0",
                                        "--1:1",
                                        "0:1\n",
                                        "0x:1"};
    crease_domain *domain;
    crease_error error = {""};
    for (size_t i = 0; i < REPEATS(good); i++) {
        crease_status status = crease_domain_box(good[i], 2, &domain, &error);
        ck_assert_msg(status == CREASE_OK, "%s: %s", good[i], error.text);
        crease_domain_free(domain);
    }
    for (size_t i = 0; i < REPEATS(wrong); i++) {
        *error.text = 0;
        ck_assert_msg(crease_domain_box(wrong[i], 2, &domain, &error) == CREASE_INPUT, "\"%s\"",
                      wrong[i]);
        ck_assert_msg(support_one_line(error.text), "\"%s\": \"%s\"", wrong[i], error.text);
        ck_assert_int_eq(crease_domain_box(wrong[i], 2, &domain, NULL), CREASE_INPUT);
    }
    crease_domain_free(NULL);
}
END_TEST

START_TEST(wrong_domain_or_start)
{
    crease_network *network = support_network(GOOD);
    crease_domain *domain;
    crease_options options;
    crease_result result;
    crease_error error = {""};
    crease_options_default(&options);
    options.engine = CREASE_ENGINE_WALK;
    static const char *const starts[] = {"", "1", "1,2,3", "a,b", "1,", "nan,0", "1e999999999,0"};
    for (size_t i = 0; i < REPEATS(starts); i++) {
        options.start = starts[i];
        *error.text = 0;
        ck_assert_msg(crease_count(network, NULL, &options, &result, &error) == CREASE_INPUT,
                      "start \"%s\"", starts[i]);
        ck_assert_msg(support_one_line(error.text), "\"%s\"", error.text);
    }
    options.start = NULL;
    ck_assert_int_eq(crease_domain_box("0:1,0:1,0:1", 3, &domain, &error), CREASE_OK);
    ck_assert_int_eq(crease_count(network, domain, &options, &result, &error), CREASE_INPUT);
    crease_domain_free(domain);
    crease_network_free(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("reader");
    TCase *tcase = support_case(suite, "reader", 20); /* a hang is a failure here */
    tcase_add_loop_test(tcase, bad_networks, 0, (int)REPEATS(bad));
    tcase_add_test(tcase, truncated);
    tcase_add_test(tcase, embedded_zero);
    tcase_add_test(tcase, deep);
    tcase_add_test(tcase, size_limits);
    tcase_add_test(tcase, long_number);
    tcase_add_test(tcase, files);
    tcase_add_test(tcase, boxes);
    tcase_add_test(tcase, wrong_domain_or_start);
    return support_run(suite);
}
