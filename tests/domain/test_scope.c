/* Domains and slices in JSON: what is read, their digests, and what is refused. */
#include "domain/domain.h"
#include "support/counting.h"
#include "support/support.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

#define TWO                                                                                        \
    "{\"input\": 2, \"layers\": ["                                                                 \
    "{\"weight\": [[1, 2], [3, \"1/2\"]], \"bias\": [0, 4], \"activation\": \"relu\"}, "           \
    "{\"weight\": [[1, 1]], \"bias\": [0], \"activation\": \"linear\"}]}"

static void digest_of(const char *text, uint8_t digest[32])
{
    crease_domain *domain = NULL;
    crease_error error = {""};
    ck_assert_msg(!count_domain(text, 2, &domain, &error), "%s: %s", error.text, text);
    crease_domain_digest(domain, 2, digest);
    crease_domain_free(domain);
}

/* The canonical text of src/check/FORMAT.md. */
static const struct {
    const char *text, *canonical;
} domains[] = {
    {"{\"A\": [], \"b\": []}", "crease-domain 1\nspace 2\n"},
    {"{\"box\": [[-1, \"0.1\"], [\"1/3\", 0.5]]}", "crease-domain 1\nbox 2\n-1 1/10\n1/3 1/2\n"},
    {"{\"A\": [], \"b\": [], \"box\": [[0, 1], [0, 1]], \"comment\": \"any\"}",
     "crease-domain 1\nbox 2\n0 1\n0 1\n"},
    {"0:1", "crease-domain 1\nbox 2\n0 1\n0 1\n"},
    {"{\"b\": [0.1, \"-8/6\"], \"A\": [[1, -2e0], [\"0x1p-3\", 0]]}",
     "crease-domain 1\nspace 2\nhalves 2\n1 -2 3602879701896397/36028797018963968\n1/8 0 -4/3\n"},
    {"{\"box\": [[0, 1], [0, 1]], \"A\": [[1, 1]], \"b\": [1]}",
     "crease-domain 1\nbox 2\n0 1\n0 1\nhalves 1\n1 1 1\n"},
};

START_TEST(canonical)
{
    struct sha256_ctx context;
    uint8_t digest[32], expected[32];
    const char *text = domains[_i].canonical;
    sha256_init(&context);
    sha256_update(&context, strlen(text), (const uint8_t *)text);
    sha256_digest(&context, sizeof expected, expected);
    digest_of(domains[_i].text, digest);
    ck_assert_msg(!memcmp(digest, expected, sizeof digest), "%s is not %s", domains[_i].text, text);
}
END_TEST

static const struct {
    const char *text, *message;
} bad_domains[] = {
    {"", "line 1, column 0"},
    {"[]", "expected a JSON object"},
    {"{}", "expected \"A\" and \"b\", or \"box\", or all of them"},
    {"{\"A\": [[1, 2]]}",
     "expected \"A\", an array of rows, and \"b\", an array of as many numbers"},
    {"{\"b\": [1]}", "and \"b\""},
    {"{\"A\": 1, \"b\": [1]}", "expected \"A\", an array of rows"},
    {"{\"A\": [[1, 2]], \"b\": 1}", "and \"b\""},
    {"{\"A\": [[1, 2]], \"b\": [1, 2]}", "and \"b\""},
    {"{\"A\": [[1, 2], [1]], \"b\": [1, 2]}", "A, row 1: expected an array of 2 numbers"},
    {"{\"A\": [[1, 2, 3]], \"b\": [1]}", "A, row 0: expected an array of 2 numbers"},
    {"{\"A\": [1], \"b\": [1]}", "A, row 0: expected an array of 2 numbers"},
    {"{\"A\": [[1, null]], \"b\": [1]}", "A, row 0, column 1: expected a number"},
    {"{\"A\": [[1, \"x\"]], \"b\": [1]}", "A, row 0, column 1: \"x\" is not an exact number"},
    {"{\"A\": [[1, \"1/0\"]], \"b\": [1]}", "A, row 0, column 1: \"1/0\" is not an exact number"},
    {"{\"A\": [[1, 2]], \"b\": [[1]]}", "b, row 0, column 0: expected a number"},
    {"{\"A\": [[0, \"0/5\"]], \"b\": [1]}", "A, row 0: all numbers are zero"},
    {"{\"box\": [[0, 1]]}", "box: expected an array of 2 pairs"},
    {"{\"box\": [[0, 1], [0]]}", "box, row 1: expected a pair"},
    {"{\"box\": [[0, 1], [0, 1, 2]]}", "box, row 1: expected a pair"},
    {"{\"box\": [[0, 1], [1, 1]]}", "box, row 1: empty or flat"},
    {"{\"box\": [[0, 1], [2, 1]]}", "box, row 1: empty or flat"},
    {"{\"box\": \"0:1\"}", "box: expected an array of 2 pairs"},
    {"{\"box\": [[0, 1], [0, 1]], \"box\": [[0, 1], [0, 1]]}", "line 1"},
    {"{\"box\": [[0, 1], [0, 1]], \"C\": 1}", "unknown key \"C\""},
    {"{\"box\": [[0, 1], [0, 1]], \"comment\": 1}", "comment: expected a string"},
    {"{\"box\": [[0, 1], [0, 1]]} more", "line 1"},
    {"{\"box\": [[0, 1e999], [0, 1]]}", "line 1"},
};

START_TEST(refused_domains)
{
    crease_domain *domain = NULL;
    crease_error error = {""};
    const char *text = bad_domains[_i].text;
    crease_status status = crease_domain_parse(text, strlen(text), "d", 2, &domain, &error);
    ck_assert_msg(status == CREASE_INPUT && !domain, "read: %s", text);
    ck_assert_msg(strstr(error.text, bad_domains[_i].message) && !strncmp(error.text, "d: ", 3),
                  "\"%s\", not \"%s\"", error.text, bad_domains[_i].message);
}
END_TEST

static const struct {
    const char *text, *message;
} bad_slices[] = {
    {"{}", "directions: expected an array"},
    {"{\"origin\": [0, 0]}", "directions: expected an array"},
    {"{\"origin\": [0, 0], \"directions\": []}", "directions: expected an array"},
    {"{\"directions\": [[1, 0]]}", "origin, row 0: expected an array of 2 numbers"},
    {"{\"origin\": [0], \"directions\": [[1, 0]]}",
     "origin, row 0: expected an array of 2 numbers"},
    {"{\"origin\": [0, 0], \"directions\": [[1, 0], [1]]}",
     "directions, row 1: expected an array of 2"},
    {"{\"origin\": [0, 0], \"directions\": [[1, \"a\"]]}",
     "directions, row 0, column 1: \"a\" is not an exact number"},
    {"{\"origin\": [0, false], \"directions\": [[1, 1]]}", "origin, row 0, column 1: expected"},
    {"{\"origin\": [0, 0], \"directions\": [[1, 1]], \"box\": 1}", "unknown key \"box\""},
};

START_TEST(refused_slices)
{
    crease_network *network = support_network(TWO), *sliced = NULL;
    crease_error error = {""};
    const char *text = bad_slices[_i].text;
    crease_status status = crease_slice_parse(text, strlen(text), "s", network, &sliced, &error);
    ck_assert_msg(status == CREASE_INPUT && !sliced, "read: %s", text);
    ck_assert_msg(strstr(error.text, bad_slices[_i].message) && !strncmp(error.text, "s: ", 3),
                  "\"%s\", not \"%s\"", error.text, bad_slices[_i].message);
    crease_network_free(network);
}
END_TEST

/* x = (1/2, 0) + u (1, -1): z = 1/2 - u, 11/2 + 5/2 u. */
START_TEST(slice)
{
    static const char text[] = "{\"origin\": [\"1/2\", 0], \"directions\": [[1, -1]]}";
    static const char expected[] =
        "{\"input\": 1, \"layers\": ["
        "{\"weight\": [[-1], [\"5/2\"]], \"bias\": [\"1/2\", \"11/2\"], \"activation\": \"relu\"}, "
        "{\"weight\": [[1, 1]], \"bias\": [0], \"activation\": \"linear\"}]}";
    crease_network *network = support_network(TWO), *other = support_network(expected), *sliced;
    crease_error error = {""};
    char a[65], b[65];
    ck_assert_msg(!crease_slice_parse(text, strlen(text), "s", network, &sliced, &error), "%s",
                  error.text);
    crease_network_digest(sliced, a);
    crease_network_digest(other, b);
    ck_assert_str_eq(a, b);
    crease_network_free(sliced);
    crease_network_free(other);
    crease_network_free(network);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scope");
    TCase *tcase = support_case(suite, "scope", 60);
    tcase_add_loop_test(tcase, canonical, 0, (int)REPEATS(domains));
    tcase_add_loop_test(tcase, refused_domains, 0, (int)REPEATS(bad_domains));
    tcase_add_loop_test(tcase, refused_slices, 0, (int)REPEATS(bad_slices));
    tcase_add_test(tcase, slice);
    return support_run(suite);
}
