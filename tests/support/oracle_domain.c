#include "oracle.h"

#include <jansson.h>
#include <string.h>

static void read_number(mpq_t value, const json_t *json)
{
    const char *text = json_string_value(json);
    if (text && !oracle_rational(value, text, strlen(text)))
        oracle_refuse("domain", text);
    if (!text)
        mpq_set_d(value, json_number_value(json));
}

mpq_t *oracle_domain(const char *json, int n, int *rows)
{
    json_t *root = json_loads(json, 0, NULL);
    if (!root)
        oracle_refuse("domain", json);
    const json_t *A = json_object_get(root, "A"), *b = json_object_get(root, "b");
    const json_t *box = json_object_get(root, "box");
    size_t halves = json_array_size(A), c = (size_t)n + 1;
    *rows = (int)halves + (box ? 2 * n : 0);
    mpq_t *row = oracle_zeros((size_t)*rows * c), *at = row;
    for (size_t i = 0; i < halves; i++, at += c) {
        for (size_t j = 0; j + 1 < c; j++) {
            read_number(at[j], json_array_get(json_array_get(A, i), j));
            mpq_neg(at[j], at[j]);
        }
        read_number(at[c - 1], json_array_get(b, i));
    }
    for (size_t j = 0; box && j + 1 < c; j++)
        for (int high = 0; high < 2; high++, at += c) {
            read_number(at[c - 1], json_array_get(json_array_get(box, j), (size_t)high));
            mpq_set_si(at[j], high ? -1 : 1, 1);
            if (!high)
                mpq_neg(at[c - 1], at[c - 1]);
        }
    json_decref(root);
    return row;
}
