#include "domain/sexpr.h"

#include "base/memory.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 500 };

typedef struct {
    const char *at, *end, *name;
    int line;
    crease_error *error;
} scanner;

static void skip(scanner *s)
{
    for (; s->at < s->end; s->at++) {
        if (*s->at == ';')
            while (s->at + 1 < s->end && s->at[1] != '\n')
                s->at++;
        else if (!memchr(" \t\r\n", *s->at, 4))
            return;
        s->line += *s->at == '\n';
    }
}

static bool in_atom(char c)
{
    return c > ' ' && c < 127 && !memchr("();\"|", c, 5);
}

/* An atom without bars; e->text stays NULL if there is none. */
static void take_atom(scanner *s, crease_sexpr *e)
{
    const char *begin = s->at;
    bool inside = false;
    for (; s->at < s->end && (in_atom(*s->at) || (inside && *s->at == ' ')); s->at++)
        inside = *s->at == '[' || (inside && *s->at != ']');
    e->length = (size_t)(s->at - begin);
    e->text = e->length ? begin : NULL;
}

/* The symbol |a|, which is a.  False if it is empty, does not end, or would not be a name. */
static bool take_quoted(scanner *s, crease_sexpr *e)
{
    const char *begin = s->at + 1;
    const char *end = memchr(begin, '|', (size_t)(s->end - begin));
    if (!end || end == begin || memchr("+-.0123456789[<>=*/", *begin, 19))
        return false;
    for (const char *c = begin; c < end; c++)
        if (!in_atom(*c))
            return false;
    e->text = begin;
    e->length = (size_t)(end - begin);
    s->at = end + 1;
    return true;
}

/* The expressions up to a closing parenthesis, or to the end at depth 0. */
static crease_status parse_list(scanner *s, int depth, crease_sexpr **list)
{
    crease_status status = CREASE_OK;
    while (!status) {
        skip(s);
        bool end = s->at == s->end;
        if (end && depth)
            return crease_fail(s->error, CREASE_INPUT,
                               "%s: line %d: the end of the file within a parenthesis", s->name,
                               s->line);
        if (end || (*s->at == ')' && depth))
            return CREASE_OK;
        crease_sexpr *e = crease_alloc(1, sizeof *e);
        e->line = s->line;
        *list = e;
        list = &e->next;
        take_atom(s, e);
        if (e->text || (*s->at == '|' && take_quoted(s, e)))
            continue;
        if (*s->at == '(' && depth < MAX_DEPTH) {
            s->at++;
            status = parse_list(s, depth + 1, &e->child);
            s->at++;
        } else {
            status = crease_fail(s->error, CREASE_INPUT, "%s: line %d: %s", s->name, s->line,
                                 *s->at == '('   ? "parentheses nested too deeply"
                                 : *s->at == ')' ? "a closing parenthesis too many"
                                                 : "a character that VNN-LIB has no use for");
        }
    }
    return status;
}

crease_status crease_sexpr_parse(const char *text, size_t length, const char *name,
                                 crease_sexpr **list, crease_error *error)
{
    scanner s = {text, text + length, name, 1, error};
    *list = NULL;
    if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
        s.at += 3;
    crease_status status = parse_list(&s, 0, list);
    if (status) {
        crease_sexpr_free(*list);
        *list = NULL;
    }
    return status;
}

void crease_sexpr_free(crease_sexpr *list)
{
    while (list) {
        crease_sexpr *next = list->next;
        crease_sexpr_free(list->child);
        free(list);
        list = next;
    }
}

bool crease_sexpr_is(const crease_sexpr *e, const char *atom)
{
    return e && e->text && e->length == strlen(atom) && !memcmp(e->text, atom, e->length);
}

size_t crease_sexpr_count(const crease_sexpr *list)
{
    size_t count = 0;
    for (; list; list = list->next)
        count++;
    return count;
}
