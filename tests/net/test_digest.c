/* What the reader makes of good networks: sizes, and the digest of their exact numbers. */
#include "support/support.h"
#include "support/texts.h"

#include <nettle/sha2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

START_TEST(accessors)
{
    crease_network *network = support_network(
        "{\"comment\": \"any text\", \"input\": 3, \"layers\": ["
        "{\"activation\": \"linear\", \"bias\": [0, 0], \"weight\": [[1, 2, 3], [4, 5, 6]]},"
        "{\"weight\": [[1, 2], [0, 0], [\"1/3\", 1e-3], [0, -0.0]], \"bias\": [1, 2, 3, 4],"
        " \"activation\": \"relu\"},\n\t{\"weight\": [[1, 1, 1, 1]], \"bias\": [0]" TAIL "]}\n");
    ck_assert_uint_eq(crease_network_inputs(network), 3);
    ck_assert_uint_eq(crease_network_layers(network), 3);
    ck_assert_uint_eq(crease_network_width(network, 0), 2);
    ck_assert_uint_eq(crease_network_width(network, 1), 4);
    ck_assert_uint_eq(crease_network_width(network, 2), 1);
    ck_assert_int_eq(crease_network_activation(network, 0), CREASE_LINEAR);
    ck_assert_int_eq(crease_network_activation(network, 1), CREASE_RELU);
    ck_assert_int_eq(crease_network_activation(network, 2), CREASE_LINEAR);
    ck_assert_uint_eq(crease_network_units(network), 4);
    ck_assert_uint_eq(crease_network_parameters(network), 8 + 12 + 5);
    crease_network_free(network);
    crease_network_free(NULL);
}
END_TEST

static void digest_of(const char *text, char hex[65])
{
    crease_network *network = support_network(text);
    crease_network_digest(network, hex);
    crease_network_free(network);
    ck_assert_uint_eq(strlen(hex), 64);
    ck_assert_uint_eq(strspn(hex, "0123456789abcdef"), 64);
}

START_TEST(digest_of_canonical_text)
{
    static const char canonical[] =
        "crease-network 1\ninput 2\nlayer 2 relu\n1 1/2 -1/3\n0 -4 1/1024\n"
        "layer 1 linear\n1 100 3602879701896397/36028797018963968\n";
    uint8_t sum[SHA256_DIGEST_SIZE];
    char expected[65], hex[65];
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, sizeof canonical - 1, (const uint8_t *)canonical);
    sha256_digest(&context, sizeof sum, sum);
    for (size_t i = 0; i < sizeof sum; i++)
        sprintf(expected + 2 * i, "%02x", sum[i]);
    digest_of("{\"input\": 2, \"layers\": [{\"weight\": [[1.0, 0.5], [-0.0, \"-8/2\"]],"
              " \"bias\": [\"-2/6\", \"0x1p-10\"], \"activation\": \"relu\"},"
              "{\"weight\": [[\"1\", \"1e2\"]], \"bias\": [0.1]" TAIL "]}",
              hex);
    ck_assert_str_eq(hex, expected);
}
END_TEST

START_TEST(digest_of_spellings)
{
    static const char *const same[] = {
        WEIGHT("0.5"),        WEIGHT("5e-1"),         WEIGHT("\"1/2\""),      WEIGHT("\"2/4\""),
        WEIGHT("\"0x1p-1\""), WEIGHT("\"0x0.8\""),    WEIGHT("\"0.50\""),     WEIGHT("\"50e-2\""),
        WEIGHT("\"+1/2\""),   WEIGHT("\"0X1.0P-1\""), WEIGHT("\"0.005E+2\""), WEIGHT("\".5\"")};
    char first[65], hex[65];
    digest_of(same[0], first);
    for (size_t i = 1; i < REPEATS(same); i++) {
        digest_of(same[i], hex);
        ck_assert_msg(!strcmp(first, hex), "%s", same[i]);
    }
    /* A number is the nearest binary64, a string is exact. */
    digest_of(WEIGHT("0.1"), first);
    digest_of(WEIGHT("\"0.1\""), hex);
    ck_assert_str_ne(first, hex);
    digest_of(WEIGHT("\"0x1.999999999999ap-4\""), hex);
    ck_assert_str_eq(first, hex);
    digest_of(WEIGHT("9007199254740993"), first);
    digest_of(WEIGHT("\"9007199254740992\""), hex);
    ck_assert_str_eq(first, hex);
    digest_of(WEIGHT("123456789012345678901234567890"), first);
    digest_of(WEIGHT("1.2345678901234568e29"), hex);
    ck_assert_str_eq(first, hex);
    digest_of(FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"low\": -1, \"high\": "
                          "\"2/2\", \"activation\": \"clip\""),
              first);
    digest_of(FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"activation\": "
                          "\"hard_tanh\""),
              hex);
    ck_assert_str_eq(first, hex);
    /* Comments and spacing are not part of the network. */
    digest_of(GOOD, first);
    digest_of("{\"comment\": \"x\",\n\"layers\":[" FIRST "," LAST "],\"input\":2}", hex);
    ck_assert_str_eq(first, hex);
}
END_TEST

START_TEST(digest_of_others)
{
    static const char *const others[] = {
        GOOD,
        "{\"input\": 2, \"layers\": [" LAST ", {\"weight\": [[1]], \"bias\": [0]" TAIL "]}",
        FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"activation\": \"linear\""),
        FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [6, 5], \"activation\": \"relu\""),
        FIRST_LAYER("\"weight\": [[1, 3], [2, 4]], \"bias\": [5, 6], \"activation\": \"relu\""),
        FIRST_LAYER("\"weight\": [[1, 2], [3, -4]], \"bias\": [5, 6], \"activation\": \"relu\""),
        FIRST_LAYER("\"weight\": [[1, 2], [3, \"4.00000000000000000001\"]], \"bias\": [5, 6], "
                    "\"activation\": \"relu\""),
        FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"activation\": \"abs\""),
        FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"slope\": 0.5, "
                    "\"activation\": \"leaky_relu\""),
        FIRST_LAYER("\"weight\": [[1, 2], [3, 4]], \"bias\": [5, 6], \"slope\": 0.25, "
                    "\"activation\": \"leaky_relu\""),
        WEIGHT("1"),
        WEIGHT("-1"),
        BIAS("1"),
        WEIGHT("1e-300")};
    char hex[REPEATS(others)][65];
    for (size_t i = 0; i < REPEATS(others); i++) {
        digest_of(others[i], hex[i]);
        for (size_t k = 0; k < i; k++)
            ck_assert_msg(strcmp(hex[i], hex[k]), "%s and %s", others[i], others[k]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("digest");
    TCase *tcase = support_case(suite, "digest", 20);
    tcase_add_test(tcase, accessors);
    tcase_add_test(tcase, digest_of_canonical_text);
    tcase_add_test(tcase, digest_of_spellings);
    tcase_add_test(tcase, digest_of_others);
    return support_run(suite);
}
