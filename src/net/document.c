#include "net/document.h"

#include "base/rounding.h"
#include "base/stack.h"
#include "base/status.h"

#include <math.h>
#include <string.h>

static int line_of_zero(const char *text)
{
    int line = 1;
    for (; *text; text++)
        line += *text == '\n';
    return line;
}

/* jansson calls itself for nested values, which it limits; that is too deep for a small stack. */
enum { NESTED_CALLS = 2 * 2048 };

typedef struct {
    const char *text;
    size_t length, flags;
    json_error_t *problem;
    json_t *root;
} parsing;

static void run_parse(void *context)
{
    parsing *p = context;
    crease_rounding mode;
    crease_rounding_enter(&mode);
    p->root = json_loadb(p->text, p->length, p->flags, p->problem);
    crease_rounding_leave(&mode);
}

json_t *crease_document_parse(const char *text, size_t length, size_t flags, json_error_t *problem)
{
    parsing p = {text, length, flags, problem, NULL};
    crease_stack_call(NESTED_CALLS, run_parse, &p);
    return p.root;
}

static void run_free(void *root)
{
    json_decref(root);
}

void crease_document_release(json_t *root)
{
    if (root)
        crease_stack_call(NESTED_CALLS, run_free, root);
}

static json_t *parse(const char *text, size_t length, json_error_t *problem)
{
    return crease_document_parse(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL,
                                 problem);
}

static bool rounded(const crease_document *document)
{
    return document->weights != CREASE_WEIGHTS_FLOAT64;
}

crease_status crease_document_load(crease_document *document, const char *text, size_t length,
                                   crease_weights weights, const char *name, crease_error *error)
{
    json_error_t problem;
    memset(document, 0, sizeof *document);
    document->weights = weights == CREASE_WEIGHTS_AUTO ? CREASE_WEIGHTS_FLOAT64 : weights;
    /* The parser would take a zero byte between two tokens for a space. */
    if (memchr(text, 0, length))
        return crease_fail(error, CREASE_INPUT, "%s: a zero byte on line %d", name,
                           line_of_zero(text));
    if (rounded(document)) {
        crease_literals_number(text, length, &document->literals);
        document->root = parse(document->literals.text, document->literals.length, &problem);
        if (!document->root) /* only for the place of the error */
            crease_document_release(parse(text, length, &problem));
    } else {
        document->root = parse(text, length, &problem);
    }
    return document->root ? CREASE_OK
                          : crease_fail(error, CREASE_INPUT, "%s: line %d, column %d: %s", name,
                                        problem.line, problem.column, problem.text);
}

void crease_document_free(crease_document *document)
{
    crease_document_release(document->root);
    crease_literals_free(&document->literals);
    memset(document, 0, sizeof *document);
}

crease_literal crease_document_number(const crease_document *document, const json_t *value,
                                      mpq_t out)
{
    double number = json_real_value(value);
    if (!json_is_real(value) || !isfinite(number))
        return CREASE_LITERAL_MALFORMED;
    if (!rounded(document)) {
        mpq_set_d(out, number);
        return CREASE_LITERAL_READ;
    }
    if (!(number >= 0 && number < (double)document->literals.literals))
        return CREASE_LITERAL_MALFORMED;
    const char *text = document->literals.literal[(size_t)number];
    return crease_literal_read(out, text, crease_literal_length(text), document->weights);
}
