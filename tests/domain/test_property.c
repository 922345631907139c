/* VNN-LIB properties: the parts that are read, as domains and slices, and what is refused.
 *
 * Environment: CREASE_TESTS_DIR (or the first argument) the directory of the tests. */
#include "domain/domain.h"
#include "net/network.h"
#include "support/counting.h"
#include "support/nets.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define X0 "(declare-const X_0 Real)"
#define X1 "(declare-const X_1 Real)"
#define X2 "(declare-const X_2 Real)"
#define XYZ X0 X1 X2 "(declare-const Y_0 Real)(declare-const Y_1 Real)\n"
#define BOX01                                                                                      \
    "(assert (>= X_0 0))(assert (<= X_0 1))(assert (>= X_1 0))(assert (<= X_1 1))"                 \
    "(assert (>= X_2 0))(assert (<= X_2 1))"

enum { MOST_PARTS = 4 };

static const char *directory = "tests";

/* Three inputs, so that every weight tells its input. */
static const char network_text[] =
    "{\"input\": 3, \"layers\": ["
    "{\"weight\": [[1, 10, 100], [2, \"1/3\", -5]], \"bias\": [7, 0], \"activation\": \"relu\"}, "
    "{\"weight\": [[1, 1]], \"bias\": [0], \"activation\": \"linear\"}]}";

static const struct {
    const char *text;
    /* Up to the first NULL: the domain, and the slice that stands for fixed inputs, or NULL. */
    struct {
        const char *domain, *slice;
    } part[MOST_PARTS];
    size_t ignored;
} good[] = {
    {XYZ BOX01, {{"0:1", NULL}}, 0},
    /* Numbers are exact, the tightest bounds count, >= and <= either way round. */
    {XYZ BOX01
     "(assert (<= X_0 0.1))(assert (<= X_0 5e-1))(assert (>= 0.25 X_2))(assert (<= 1e-3 X_2))",
     {{"0:1/10,0:1,1/1000:1/4", NULL}},
     0},
    {"; (assert nonsense\n" XYZ "(assert (and (>= X_0 -1.5) (<= X_0 1) (<= X_1 +2) (>= X_1 0)))"
     "; more\n(assert (<= X_2 (/ 1 3)))(assert (>= X_2 (- 2)))",
     {{"-3/2:1,0:2,-2:1/3", NULL}},
     0},
    {"(declare-fun X_0 () Real)" X1 X2 BOX01, {{"0:1", NULL}}, 0},
    /* Coefficients of one input. */
    {XYZ BOX01
     "(assert (<= (* 2 X_1) 1))(assert (>= (- X_2) -0.5))(assert (<= (- X_0 X_0 (* -4 X_0)) 3))",
     {{"0:3/4,0:1/2,0:1/2", NULL}},
     0},
    {XYZ BOX01 "(assert (<= (/ (* 3 (+ X_0 1) 2) 4) 2))", {{"0:1/3,0:1,0:1", NULL}}, 0},
    /* Outputs are left out, with inputs beside them as well. */
    {XYZ BOX01 "(assert (<= Y_0 Y_1))(assert (or (>= Y_0 1) (<= (+ Y_1 X_0) 1/2)))",
     {{"0:1", NULL}},
     3},
    /* A disjunction: one part for each choice, repeated ones once. */
    {XYZ BOX01 "(assert (or (<= X_0 0.5) (and (>= X_0 0.5) (<= X_1 0.5))))",
     {{"0:1/2,0:1,0:1", NULL}, {"1/2:1,0:1/2,0:1", NULL}},
     0},
    {XYZ BOX01 "(assert (or (<= X_0 0.5) (>= X_0 0.5)))(assert (or (<= X_2 0.25) (>= X_2 0.75)))",
     {{"0:1/2,0:1,0:1/4", NULL},
      {"0:1/2,0:1,3/4:1", NULL},
      {"1/2:1,0:1,0:1/4", NULL},
      {"1/2:1,0:1,3/4:1", NULL}},
     0},
    {XYZ BOX01 "(assert (or (and (<= X_0 0.5) (<= Y_0 1)) (and (<= X_0 0.5) (>= Y_1 1))))",
     {{"0:1/2,0:1,0:1", NULL}},
     2},
    /* A choice that is about outputs alone, or that always holds, restricts nothing. */
    {XYZ BOX01 "(assert (or (<= X_0 0.5) (<= Y_0 1)))", {{"0:1", NULL}}, 1},
    {XYZ BOX01 "(assert (or (<= X_0 0.5) (<= 1 2)))", {{"0:1", NULL}}, 0},
    {XYZ BOX01 "(assert (or (<= X_0 0.5) (and (>= X_0 0.5) (<= 2 1))))",
     {{"0:1/2,0:1,0:1", NULL}},
     0},
    {XYZ BOX01 "(assert (<= (- X_0 X_0) 0))", {{"0:1", NULL}}, 0},
    /* Half-spaces; the box stays a box. */
    {XYZ BOX01 "(assert (<= (+ X_0 (* 2 X_1)) (- 1.5 X_2)))",
     {{"{\"A\": [[1, 2, 1]], \"b\": [\"3/2\"], \"box\": [[0, 1], [0, 1], [0, 1]]}", NULL}},
     0},
    /* Inputs without bounds: half-spaces in the order of the inputs. */
    {XYZ, {{"{\"A\": [], \"b\": []}", NULL}}, 0},
    {XYZ "(assert (<= X_2 3))(assert (>= X_0 1))(assert (<= (+ X_0 X_1) 4))",
     {{"{\"A\": [[-1, 0, 0], [0, 0, 1], [1, 1, 0]], \"b\": [-1, 3, 4]}", NULL}},
     0},
    /* Fixed inputs are put in, into half-spaces as well. */
    {XYZ BOX01 "(assert (>= X_1 1))",
     {{"0:1", "{\"origin\": [0, 1, 0], \"directions\": [[1, 0, 0], [0, 0, 1]]}"}},
     0},
    {XYZ BOX01 "(assert (= X_0 0.3))(assert (= (* 2 X_2) 0.5))",
     {{"0:1", "{\"origin\": [\"3/10\", 0, \"1/4\"], \"directions\": [[0, 1, 0]]}"}},
     0},
    {XYZ BOX01 "(assert (= X_0 0.5))(assert (<= (+ X_0 X_1 X_2) 1))(assert (<= (+ X_0 X_1) 9))",
     {{"{\"A\": [[1, 1], [1, 0]], \"b\": [\"1/2\", \"17/2\"], \"box\": [[0, 1], [0, 1]]}",
       "{\"origin\": [\"1/2\", 0, 0], \"directions\": [[0, 1, 0], [0, 0, 1]]}"}},
     0},
    {XYZ BOX01 "(assert (= X_0 0.5))(assert (= X_1 1))(assert (<= (+ X_0 X_1) 1.5))",
     {{"0:1", "{\"origin\": [\"1/2\", 1, 0], \"directions\": [[0, 0, 1]]}"}},
     0},
};

#define NETWORK2                                                                                   \
    "(vnnlib-version <2.0>)\n(declare-network f (declare-input A Real [2]) "                       \
    "(declare-input B float32 [1, 1]) (declare-output Y Real [1, 2]))\n"
#define BOX2 "(assert (and (<= 0 A[0] 1) (<= 0 A[1] 1) (<= 0 B[0,0] 1)))"

/* The same properties in other words: the first of each pair is VNN-LIB 1.0 with <= and >=
 * alone. */
static const struct {
    const char *plain, *text;
} equal[] = {
    {XYZ BOX01, "\xef\xbb\xbf" XYZ BOX01},
    {XYZ BOX01, "(set-logic QF_LRA)(set-info :status unknown)" XYZ BOX01 "(check-sat)(exit)"},
    {XYZ BOX01, "(declare-const x_0 Real)(declare-const |X_1| Real)(declare-fun x_2 () Real)"
                "(assert (>= x_0 0))(assert (<= |x_0| 1))(assert (>= X_1 0))(assert (<= X_1 1))"
                "(assert (>= X_2 0))(assert (<= X_2 1))"},
    {XYZ BOX01, XYZ "(assert (<= 0 X_0 1))(assert (>= 1 X_1 0))(assert (< 0 X_2 1))"},
    {XYZ BOX01, XYZ "(assert (and (> X_0 0) (< X_0 1) (> 1 X_1) (< 0 X_1) (<= 0 X_2 1)))"},
    {XYZ BOX01, XYZ BOX01 "(assert (not (<= Y_0 1)))"},
    {XYZ BOX01, XYZ BOX01 "(assert (not (and (<= Y_0 1) (>= Y_1 1))))"},
    {XYZ BOX01, XYZ "(assert (not (or (< X_0 0) (not (<= X_0 1)) (not (<= 0 X_1)) (> X_1 1))))"
                    "(assert (not (not (<= 0 X_2 1))))"},
    {XYZ BOX01 "(assert (or (<= X_0 0.25) (>= X_0 0.75)))",
     XYZ BOX01 "(assert (not (< 0.25 X_0 0.75)))"},
    {XYZ BOX01 "(assert (or (<= X_0 0.25) (>= X_0 0.25)))",
     XYZ BOX01 "(assert (not (= X_0 0.25)))"},
    {XYZ BOX01 "(assert (or (<= X_0 0.25) (>= X_0 0.25)))",
     XYZ BOX01 "(assert (distinct X_0 1/4))"},
    {XYZ BOX01 "(assert (= X_1 0.25))", XYZ BOX01 "(assert (not (or (< X_1 0.25) (> X_1 0.25))))"},
    {XYZ BOX01 "(assert (= X_1 0.25))(assert (= X_0 0.25))", XYZ BOX01 "(assert (= X_0 0.25 X_1))"},
    {XYZ BOX01, NETWORK2 BOX2},
    {XYZ BOX01 "(assert (<= (+ X_0 (* 2 X_2)) X_1))",
     NETWORK2 BOX2 "(assert (< (+ A[0] (* 2 B[ 0, 0 ])) A[1]))(assert (!= Y[0,1] Y[0,0]))"},
    {XYZ BOX01 "(assert (= X_2 0.5))",
     "(declare-network f (declare-input X real [3]) (declare-hidden H Real [7] \n|n|)"
     "(declare-output Y Real []))(assert (<= 0 X[0] 1))(assert (<= 0 X[1] 1))"
     "(assert (== X[2] 0.5))(assert (<= Y H[6]))"},
};

static void same_network(const crease_network *own, const crease_network *network,
                         const char *slice, const char *text)
{
    char a[65], b[65];
    crease_network *expected = NULL;
    crease_error error = {""};
    ck_assert_msg(!own == !slice, "%s fixed: %s", own ? "inputs are" : "no input is", text);
    if (!slice)
        return;
    ck_assert_msg(!crease_slice_parse(slice, strlen(slice), "slice", network, &expected, &error),
                  "%s", error.text);
    crease_network_digest(own, a);
    crease_network_digest(expected, b);
    ck_assert_msg(!strcmp(a, b), "another network with fixed inputs: %s", text);
    crease_network_free(expected);
}

static void same_domain(const crease_domain *domain, const char *expected, const char *text)
{
    crease_domain *other = NULL;
    crease_error error = {""};
    uint8_t a[32], b[32];
    ck_assert_msg(!count_domain(expected, domain->inputs, &other, &error), "%s", error.text);
    crease_domain_digest(domain, domain->inputs, a);
    crease_domain_digest(other, domain->inputs, b);
    ck_assert_msg(!memcmp(a, b, sizeof a), "not %s: %s", expected, text);
    crease_domain_free(other);
}

START_TEST(parts)
{
    crease_network *network = support_network(network_text);
    crease_property *property = NULL;
    crease_error error = {""};
    const char *text = good[_i].text;
    size_t count = 0;
    while (count < MOST_PARTS && good[_i].part[count].domain)
        count++;
    ck_assert_msg(!crease_property_parse(text, strlen(text), "p", 3, &property, &error), "%s: %s",
                  error.text, text);
    ck_assert_uint_eq(crease_property_parts(property), count);
    ck_assert_uint_eq(crease_property_ignored(property), good[_i].ignored);
    for (size_t i = 0; i < count; i++) {
        crease_network *own = NULL;
        crease_domain *domain = NULL;
        crease_status status = crease_property_part(property, i, network, &own, &domain, &error);
        ck_assert_msg(!status, "%s: %s", error.text, text);
        same_network(own, network, good[_i].part[i].slice, text);
        same_domain(domain, good[_i].part[i].domain, text);
        crease_network_free(own);
        crease_domain_free(domain);
    }
    crease_property_free(property);
    crease_network_free(network);
}
END_TEST

/* Both properties give the same parts: the same domains, of the same networks. */
START_TEST(other_words)
{
    crease_network *network = support_network(network_text);
    crease_property *one = NULL, *two = NULL;
    crease_error error = {""};
    const char *text = equal[_i].text, *plain = equal[_i].plain;
    ck_assert(!crease_property_parse(plain, strlen(plain), "p", 3, &one, &error));
    ck_assert_msg(!crease_property_parse(text, strlen(text), "p", 3, &two, &error), "%s: %s",
                  error.text, text);
    ck_assert_uint_eq(crease_property_parts(one), crease_property_parts(two));
    for (size_t i = 0; i < crease_property_parts(one); i++) {
        crease_network *own[2] = {NULL, NULL};
        crease_domain *domain[2] = {NULL, NULL};
        char digest[2][65] = {"", ""};
        uint8_t hash[2][32];
        for (int k = 0; k < 2; k++) {
            ck_assert(
                !crease_property_part(k ? two : one, i, network, &own[k], &domain[k], &error));
            if (own[k])
                crease_network_digest(own[k], digest[k]);
            crease_domain_digest(domain[k], domain[k]->inputs, hash[k]);
        }
        ck_assert_msg(!strcmp(digest[0], digest[1]) && !memcmp(hash[0], hash[1], sizeof hash[0]),
                      "another part: %s", text);
        for (int k = 0; k < 2; k++) {
            crease_network_free(own[k]);
            crease_domain_free(domain[k]);
        }
    }
    crease_property_free(one);
    crease_property_free(two);
    crease_network_free(network);
}
END_TEST

/* ---- Refused ---- */

static const struct {
    const char *text, *message;
} bad[] = {
    {"", "X_0 is not declared"},
    {X0 X1, "X_2 is not declared, the network has 3 inputs"},
    {XYZ "\n\n(declare-const X_3 Real)", "line 4: X_3 is declared, the network has 3 inputs"},
    {XYZ X1, "line 2: X_1 is declared twice"},
    {"(declare-const X_0 Int)", "line 1: expected (declare-const NAME Real)"},
    {"(declare-const X_0)", "line 1: expected (declare-const NAME Real)"},
    {"(declare-const X_0 Real Real)", "expected (declare-const NAME Real)"},
    {"(declare-const x Real)",
     "expected an input X_0, X_1, ... or an output Y_0, Y_1, ..., not \"x\""},
    {"(declare-const X_ Real)", "expected an input"},
    {"(declare-const X_01 Real)", "expected an input"},
    {"(declare-const X_99999999999999999999 Real)", "expected an input"},
    {"(declare-const Y_99999999999999999999 Real)", "expected an input"},
    {"(declare-fun X_0 (Real) Real)", "expected (declare-const NAME Real)"},
    {"nonsense", "line 1: expected declare-const, declare-network or assert, not \"nonsense\""},
    {"()", "line 1: expected declare-const, declare-network or assert"},
    {"(())", "line 1: expected declare-const, declare-network or assert"},
    {XYZ "(simplify)",
     "line 2: expected declare-const, declare-network or assert, not \"simplify\""},
    {XYZ BOX01 "(check-sat)(assert (<= X_0 1))", "expected nothing behind check-sat"},
    {X0 "(declare-const x_0 Real)", "X_0 is declared twice"},
    {"(vnnlib-version <3.0>)" XYZ BOX01, "line 1: expected the version <2.0>, not \"<3.0>\""},
    {"(declare-network f (declare-input A Real [2]))", "2 inputs are declared, the network has 3"},
    {"(declare-network f (declare-input A Real [2,2]))", "more inputs than the network has"},
    {"(declare-network f (declare-input A Real [2]) (declare-input B Real [2]))",
     "more inputs than the network has"},
    {"(declare-network f (declare-input A Real [2]) (declare-input A Real [1]))", "another name"},
    {"(declare-network f (declare-input A int8 [3]))", "expected (declare-input NAME Real"},
    {"(declare-network f (declare-input A Real [3,]))", "expected sizes in brackets"},
    {"(declare-network f (declare-input A Real [0]))", "a size of 0"},
    {"(declare-network f (equal-to g))", "expected declare-input or declare-output"},
    {XYZ NETWORK2, "inputs are declared before already"},
    {NETWORK2 XYZ, "X_0 is declared twice"},
    {NETWORK2 NETWORK2, "line 4: a second network"},
    {NETWORK2 BOX2 "(assert (<= A[2] 1))", "a variable that is declared, not \"A[2]\""},
    {NETWORK2 BOX2 "(assert (<= B[0] 1))", "a variable that is declared, not \"B[0]\""},
    {NETWORK2 BOX2 "(assert (<= A 1))", "a variable that is declared, not \"A\""},
    {NETWORK2 BOX2 "(assert (<= X_0 1))", "a variable that is declared, not \"X_0\""},
    {XYZ "(assert)", "line 2: expected a formula"},
    {XYZ "(assert X_0)", "line 2: expected a formula, not \"X_0\""},
    {XYZ "(assert (<= X_0 1) (<= X_1 1))", "line 2: expected one formula"},
    {XYZ "(assert (and))", "line 2: expected a formula"},
    {XYZ "(assert (or))", "line 2: expected a formula"},
    {XYZ "(assert (and (<= X_0 1) ()))", "line 2: expected a formula"},
    {XYZ "(assert (not (<= X_0 1) (<= X_1 1)))", "line 2: expected one formula"},
    {XYZ "(assert (not))", "line 2: expected a formula"},
    {XYZ "(assert (xor (<= X_0 1) (<= X_1 1)))",
     "line 2: expected and, or, not, <=, <, >=, > or =, not \"xor\""},
    {XYZ "(assert ((<= X_0 1)))", "line 2: expected and, or, not, <=, <, >=, > or ="},
    {XYZ "(assert (<= X_0))", "line 2: expected a comparison of two terms or more"},
    {XYZ "(assert\n(distinct X_0\n1 2))", "line 3: expected a comparison of two terms"},
    {XYZ "(assert (<= X_0 ()))", "line 2: expected a term"},
    {XYZ "(assert (<= X_0 (+)))", "line 2: expected a linear term, by +, -, * and /, not \"+\""},
    {XYZ "(assert (<= X_0 (max 1 2)))", "not \"max\""},
    {XYZ "(assert (<= X_0 (/ 1 2 3)))", "not \"/\""},
    {XYZ "(assert (<= X_0 (/ 1 0)))", "line 2: a division by zero"},
    {XYZ "(assert (<= X_0 (/ 1 X_1)))", "line 2: this is not linear"},
    {XYZ "(assert (<= X_0 (* X_1 X_1)))", "line 2: this is not linear"},
    {XYZ "(assert (<= Y_0 (* Y_1 X_1)))", "line 2: this is not linear"},
    {XYZ "(assert (<= X_0 one))", "expected a number, or a variable that is declared, not \"one\""},
    {XYZ "(assert (<= X_0 X_3))", "expected a number, or a variable that is declared, not \"X_3\""},
    {XYZ "(assert (<= X_0 Y_2))", "not \"Y_2\""},
    {XYZ "(assert (<= X_0 1.2.3))", "not \"1.2.3\""},
    {XYZ "(assert (<= X_0 1e9999))", "not \"1e9999\""},
    {XYZ "(assert (<= X_0 -))", "not \"-\""},
    {XYZ "(assert (<= X_0 inf))", "not \"inf\""},
    {XYZ "(assert (<= X_0 \"1\"))", "line 2: a character that VNN-LIB has no use for"},
    {XYZ "(assert (<= |X_0 1))", "line 2: a character that VNN-LIB has no use for"},
    {XYZ "(assert (<= || 1))", "line 2: a character that VNN-LIB has no use for"},
    {XYZ "(assert (<= X_0 |1|))", "line 2: a character that VNN-LIB has no use for"},
    {XYZ "(assert (<= X_0 1)", "line 2: the end of the file within a parenthesis"},
    {XYZ "(assert (<= X_0 1)))", "line 2: a closing parenthesis too many"},
    {XYZ "(assert (<= 2 1))", "no input satisfies the assertions"},
    {XYZ "(assert (or (<= 2 1) (>= 1 2)))", "no input satisfies the assertions"},
    /* Parts without inputs to count in. */
    {XYZ BOX01 "(assert (>= X_1 2))",
     "X_1: the lower bound is greater than the upper one (part 1)"},
    {XYZ BOX01 "(assert (or (>= X_0 0.5) (<= X_2 -1)))",
     "X_2: the lower bound is greater than the upper one (part 2)"},
    {XYZ "(assert (= X_0 1))(assert (= X_1 1))(assert (= X_2 1))", "every input is fixed (part 1)"},
    {XYZ BOX01 "(assert (= X_0 1))(assert (= X_1 1))\n(assert (<= (+ X_0 X_1) 1))",
     "line 3: the fixed inputs do not satisfy this (part 1)"},
    /* Strict inequalities that hold nowhere. */
    {XYZ BOX01 "(assert (< X_1 0))", "X_1: no number satisfies its strict bounds (part 1)"},
    {XYZ BOX01 "(assert (= X_1 1/2))(assert (not (<= X_1 1/2)))",
     "X_1: no number satisfies its strict bounds (part 1)"},
    {XYZ BOX01 "(assert (< X_0 X_0))", "no input satisfies the assertions"},
    {XYZ BOX01 "(assert (= X_0 1))(assert (= X_1 1))\n(assert (< (+ X_0 X_1) 2))",
     "line 3: the fixed inputs do not satisfy this (part 1)"},
};

/* The message of the text, or of one of its parts. */
static crease_status refuse(const char *text, size_t length, crease_error *error)
{
    crease_network *network = support_network(network_text);
    crease_property *property = NULL;
    crease_status status = crease_property_parse(text, length, "p", 3, &property, error);
    ck_assert_msg(!status == !!property, "status %d, and %s", (int)status,
                  property ? "a property" : "none");
    for (size_t i = 0; !status && i < crease_property_parts(property); i++) {
        crease_network *own = NULL;
        crease_domain *domain = NULL;
        status = crease_property_part(property, i, network, &own, &domain, error);
        crease_network_free(own);
        crease_domain_free(domain);
    }
    crease_property_free(property);
    crease_network_free(network);
    return status;
}

START_TEST(refused)
{
    crease_error error = {""};
    const char *text = bad[_i].text;
    ck_assert_msg(refuse(text, strlen(text), &error) == CREASE_INPUT, "read: %s", text);
    ck_assert_msg(strstr(error.text, bad[_i].message) && !strncmp(error.text, "p: ", 3),
                  "\"%s\", not \"%s\"", error.text, bad[_i].message);
}
END_TEST

/* Nesting beyond any use, a choice beyond any count, a zero byte: no crash, and soon. */
START_TEST(monsters)
{
    enum { SIZE = 400000 };
    crease_error error = {""};
    char *text = calloc(SIZE + 200, 1);
    memset(text, '(', SIZE);
    ck_assert(refuse(text, SIZE, &error) == CREASE_INPUT && strstr(error.text, "too deeply"));
    size_t length = (size_t)sprintf(text, "%s(assert (<= X_0 ", XYZ);
    for (int i = 0; i < 400; i++)
        length += (size_t)sprintf(text + length, "(* 1 ");
    length += (size_t)sprintf(text + length, "1");
    for (int i = 0; i < 400; i++)
        text[length++] = ')';
    length += (size_t)sprintf(text + length, "))");
    ck_assert_msg(refuse(text, length, &error) == CREASE_OK, "%s", error.text);
    length = (size_t)sprintf(text, "%s", XYZ);
    for (int i = 0; i < 40; i++)
        length += (size_t)sprintf(text + length, "(assert (or (<= X_0 %d) (<= X_1 %d)))", i, i);
    ck_assert(refuse(text, length, &error) == CREASE_INPUT && strstr(error.text, "4096"));
    length = (size_t)sprintf(text, "%s", XYZ BOX01) + 1;
    ck_assert(refuse(text, length, &error) == CREASE_INPUT);
    free(text);
}
END_TEST

/* Single bytes changed, cut out and doubled: read or refused with a line, nothing else. */
START_TEST(mutants)
{
    static const char bytes[] = "()X_Y01.-+*/<>=; \nao\"|[],!";
    uint64_t state = 7;
    for (long i = 0; i < count_setting("CREASE_MUTANTS", 4000); i++) {
        long pick = nets_between(&state, 0, (long)(REPEATS(good) + REPEATS(equal)) - 1);
        long second = pick - (long)REPEATS(good);
        const char *from = second < 0 ? good[pick].text : equal[second].text;
        size_t length = strlen(from);
        char *text = calloc(length + 2, 1);
        memcpy(text, from, length);
        for (long k = nets_between(&state, 1, 3); k > 0; k--) {
            size_t at = (size_t)nets_between(&state, 0, (long)length - 1);
            if (nets_between(&state, 0, 1)) {
                text[at] = bytes[nets_between(&state, 0, (long)sizeof bytes - 2)];
            } else {
                memmove(text + at, text + at + 1, length - at);
                length--;
            }
        }
        crease_error error = {""};
        if (refuse(text, length, &error))
            ck_assert_msg(!strncmp(error.text, "p: ", 3), "\"%s\": %s", error.text, text);
        free(text);
    }
}
END_TEST

/* ---- The properties 1 to 4 of ACAS Xu ---- */

static const struct {
    const char *domain, *slice;
    size_t ignored;
} acas[] = {
    {"0.6:0.679857769,-0.5:0.5,-0.5:0.5,0.45:0.5,-0.5:-0.45", NULL, 1},
    {"0.6:0.679857769,-0.5:0.5,-0.5:0.5,0.45:0.5,-0.5:-0.45", NULL, 4},
    {"-0.303531156:-0.298552812,-0.009549297:0.009549297,0.493380324:0.5,0.3:0.5,0.3:0.5", NULL, 4},
    {"-0.303531156:-0.298552812,-0.009549297:0.009549297,0.318181818:0.5,0.083333333:0.166666667",
     "{\"origin\": [0, 0, 0, 0, 0], \"directions\": [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], "
     "[0, 0, 0, 1, 0], [0, 0, 0, 0, 1]]}",
     4},
};

START_TEST(acas_xu)
{
    int widths[] = {5, 6, 6, 5};
    char path[1024], *json = nets_whole(widths, 4, 5, 3);
    crease_network *network = support_network(json), *own = NULL;
    crease_property *property = NULL;
    crease_domain *domain = NULL;
    crease_error error = {""};
    snprintf(path, sizeof path, "%s/domain/vnnlib/prop_%d.vnnlib", directory, _i + 1);
    ck_assert_msg(!crease_property_read(path, 5, &property, &error), "%s", error.text);
    ck_assert_uint_eq(crease_property_parts(property), 1);
    ck_assert_uint_eq(crease_property_ignored(property), acas[_i].ignored);
    ck_assert_msg(!crease_property_part(property, 0, network, &own, &domain, &error), "%s",
                  error.text);
    same_domain(domain, acas[_i].domain, path);
    same_network(own, network, acas[_i].slice, path);
    crease_domain_free(domain);
    crease_network_free(own);
    crease_network_free(network);
    crease_property_free(property);
    free(json);
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite = suite_create("property");
    TCase *tcase = support_case(suite, "property", 300);
    if (argc > 1 || getenv("CREASE_TESTS_DIR"))
        directory = argc > 1 ? argv[1] : getenv("CREASE_TESTS_DIR");
    tcase_add_loop_test(tcase, parts, 0, (int)REPEATS(good));
    tcase_add_loop_test(tcase, other_words, 0, (int)REPEATS(equal));
    tcase_add_loop_test(tcase, refused, 0, (int)REPEATS(bad));
    tcase_add_test(tcase, monsters);
    tcase_add_test(tcase, mutants);
    tcase_add_loop_test(tcase, acas_xu, 0, (int)REPEATS(acas));
    return support_run(suite);
}
