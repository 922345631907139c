#include "base/memory.h"
#include "base/status.h"
#include "domain/vnnlib.h"

#include <string.h>

crease_status crease_vnnlib_complain(const crease_vnnlib *r, const crease_sexpr *e,
                                     const crease_sexpr *parent, const char *what)
{
    const crease_sexpr *at = e ? e : parent;
    int shown = at->text ? at->length > 40 ? 40 : (int)at->length : 0;
    return crease_fail(r->error, CREASE_INPUT, "%s: line %d: %s%s%.*s%s", r->name, at->line, what,
                       shown ? ", not \"" : "", shown, shown ? at->text : "", shown ? "\"" : "");
}

/* ---- VNN-LIB 1.0 ---- */

/* X_i or Y_i with i < most: the number of the variable. */
static bool variable(const crease_sexpr *e, char letter, size_t most, size_t *i)
{
    if (!e->text || e->length < 3 || e->length > 12 || (e->text[0] & ~0x20) != letter ||
        e->text[1] != '_' || (e->text[2] == '0' && e->length > 3))
        return false;
    *i = 0;
    for (size_t k = 2; k < e->length; k++) {
        if (e->text[k] < '0' || e->text[k] > '9')
            return false;
        *i = 10 * *i + (size_t)(e->text[k] - '0');
    }
    return *i < most;
}

crease_status crease_vnnlib_declare(crease_vnnlib *r, const crease_sexpr *command)
{
    const crease_sexpr *name = command->child->next, *type = name ? name->next : NULL;
    bool function = crease_sexpr_is(command->child, "declare-fun");
    size_t i;
    if (function && type && !type->text && !type->child)
        type = type->next;
    if (!type || type->next || !crease_sexpr_is(type, "Real"))
        return crease_vnnlib_complain(r, NULL, command, "expected (declare-const NAME Real)");
    bool input = variable(name, 'X', r->property->inputs, &i);
    if (!input && variable(name, 'X', (size_t)-1, &i))
        return crease_fail(r->error, CREASE_INPUT,
                           "%s: line %d: X_%zu is declared, the network has %zu inputs", r->name,
                           name->line, i, r->property->inputs);
    if (!input && !variable(name, 'Y', CREASE_VNNLIB_OUTPUTS, &i))
        return crease_vnnlib_complain(r, name, command,
                                      "expected an input X_0, X_1, ... or an output Y_0, Y_1, ...");
    bool *seen = input ? &r->declared[i] : &r->output[i];
    if (*seen)
        return crease_fail(r->error, CREASE_INPUT, "%s: line %d: %c_%zu is declared twice", r->name,
                           name->line, input ? 'X' : 'Y', i);
    *seen = true;
    return CREASE_OK;
}

/* ---- VNN-LIB 2.0 ---- */

/* "[2, 3]": false if it is something else, or has more than the allowed dimensions. */
static bool read_indices(const char *text, size_t length, size_t *value, size_t *count)
{
    size_t at = 1;
    *count = 0;
    if (length < 2 || text[0] != '[' || text[length - 1] != ']')
        return false;
    if (length == 2)
        return true;
    for (;; at++) {
        size_t digits = 0;
        if (*count == CREASE_VNNLIB_DIMENSIONS)
            return false;
        value[*count] = 0;
        while (text[at] == ' ')
            at++;
        for (; text[at] >= '0' && text[at] <= '9' && digits < 9; at++, digits++)
            value[*count] = 10 * value[*count] + (size_t)(text[at] - '0');
        while (text[at] == ' ')
            at++;
        ++*count;
        if (!digits || (text[at] != ',' && at != length - 1))
            return false;
        if (at == length - 1)
            return true;
    }
}

static bool is_number_type(const crease_sexpr *e)
{
    static const char *const types[] = {"Real",    "real",    "float16",
                                        "float32", "float64", "bfloat16"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (crease_sexpr_is(e, types[i]))
            return true;
    return false;
}

static bool same_name(const crease_sexpr *a, const char *text, size_t length)
{
    return a->length == length && !memcmp(a->text, text, length);
}

/* (declare-input NAME TYPE SHAPE), numbers[0] inputs and numbers[1] outputs being declared so
 * far */
static crease_status declare_tensor(crease_vnnlib *r, const crease_sexpr *e, size_t numbers[2])
{
    const crease_sexpr *name = e->child->next, *type = name ? name->next : NULL;
    const crease_sexpr *shape = type ? type->next : NULL;
    bool hidden = crease_sexpr_is(e->child, "declare-hidden");
    crease_vnnlib_tensor t = {.name = name};
    t.output = hidden || crease_sexpr_is(e->child, "declare-output");
    if (!t.output && !crease_sexpr_is(e->child, "declare-input"))
        return crease_vnnlib_complain(r, e->child, e, "expected declare-input or declare-output");
    if (!shape || !name->text || !shape->text || !is_number_type(type))
        return crease_vnnlib_complain(r, NULL, e, "expected (declare-input NAME Real [SIZE, ...])");
    if (!read_indices(shape->text, shape->length, t.size, &t.dimensions))
        return crease_vnnlib_complain(r, shape, e, "expected sizes in brackets");
    for (size_t k = 0; k < r->tensors; k++)
        if (same_name(r->tensor[k].name, name->text, name->length))
            return crease_vnnlib_complain(r, name, e, "expected another name for another tensor");
    size_t most = t.output ? CREASE_VNNLIB_OUTPUTS : r->property->inputs, count = 1;
    size_t *number = &numbers[t.output];
    t.first = *number;
    for (size_t k = 0; k < t.dimensions; k++) {
        if (!t.size[k] || t.size[k] > most / count)
            return crease_vnnlib_complain(r, shape, e,
                                          t.output
                                              ? "a size of 0, or too many outputs"
                                              : "a size of 0, or more inputs than the network has");
        count *= t.size[k];
    }
    if (count > most - *number)
        return crease_vnnlib_complain(r, shape, e, "more inputs than the network has");
    *number += count;
    r->tensor = crease_realloc(r->tensor, r->tensors + 1, sizeof *r->tensor);
    r->tensor[r->tensors++] = t;
    return CREASE_OK;
}

crease_status crease_vnnlib_declare_network(crease_vnnlib *r, const crease_sexpr *command)
{
    const crease_sexpr *name = command->child->next;
    size_t numbers[2] = {0, 0}, inputs = r->property->inputs;
    if (r->tensors)
        return crease_vnnlib_complain(r, NULL, command, "a second network");
    if (!name || !name->text)
        return crease_vnnlib_complain(r, name, command, "expected the name of the network");
    for (const crease_sexpr *e = name->next; e; e = e->next) {
        crease_status status =
            e->child
                ? declare_tensor(r, e, numbers)
                : crease_vnnlib_complain(r, e, command, "expected the declaration of a tensor");
        if (status)
            return status;
    }
    if (numbers[0] != inputs)
        return crease_fail(r->error, CREASE_INPUT,
                           "%s: line %d: %zu inputs are declared, the network has %zu", r->name,
                           command->line, numbers[0], inputs);
    for (size_t i = 0; i < inputs; i++) {
        if (r->declared[i])
            return crease_vnnlib_complain(r, NULL, command, "inputs are declared before already");
        r->declared[i] = true;
    }
    return CREASE_OK;
}

/* X[1, 2], or X for a single number. */
static bool find_element(const crease_vnnlib *r, const crease_sexpr *e, bool *output, size_t *i)
{
    size_t index[CREASE_VNNLIB_DIMENSIONS], count = 0;
    const char *bracket = memchr(e->text, '[', e->length);
    size_t length = bracket ? (size_t)(bracket - e->text) : e->length, k = 0;
    while (k < r->tensors && !same_name(r->tensor[k].name, e->text, length))
        k++;
    if (k == r->tensors || (bracket && !read_indices(bracket, e->length - length, index, &count)))
        return false;
    const crease_vnnlib_tensor *t = &r->tensor[k];
    size_t number = 0;
    for (size_t d = 0; d < count && count == t->dimensions; d++) {
        if (index[d] >= t->size[d])
            return false;
        number = number * t->size[d] + index[d];
    }
    *output = t->output;
    *i = t->first + number;
    return count == t->dimensions;
}

bool crease_vnnlib_find(const crease_vnnlib *r, const crease_sexpr *e, bool *output, size_t *i)
{
    if (r->tensors)
        return find_element(r, e, output, i);
    *output = variable(e, 'Y', CREASE_VNNLIB_OUTPUTS, i) && r->output[*i];
    return *output || (variable(e, 'X', r->property->inputs, i) && r->declared[*i]);
}
