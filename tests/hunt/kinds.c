#include "kinds.h"

#include "../support/nets_maxout.h"

#include <stdlib.h>
#include <string.h>

/* ---- Networks of random rows, which are changed until they are hard ---- */

enum { MOST_LAYERS = 13, MOST_CHANGES = 12 };

typedef struct {
    int inputs[2], layers[2], first[2], later[2]; /* least and most */
    const char *styles;  /* which numbers: w, t(ernary), d(ecimal tenths), s, f, 3, i */
    const char *changes; /* which changes, a letter each; see change_of */
    int most;            /* of them, for each layer */
} recipe;

static number_style style_of(char letter)
{
    static const char letters[] = "wtdsf3i"; /* in the order of number_style */
    return (number_style)(strchr(letters, letter) - letters);
}

static row_change change_of(char letter)
{
    static const char letters[] = "nfmrsSu0pe|xcz"; /* in the order of row_change */
    return (row_change)(strchr(letters, letter) - letters);
}

static char pick(const char *letters, uint64_t *state)
{
    return letters[nets_between(state, 0, (long)strlen(letters) - 1)];
}

static int within(const int range[2], uint64_t *state)
{
    return (int)nets_between(state, range[0], range[1]);
}

static void change_rows(oracle_net *net, const char *changes, int most, uint64_t *state)
{
    for (int l = 0; l + 1 < net->count; l++)
        for (long k = nets_between(state, 0, most); k > 0; k--)
            kinds_change(net, l, change_of(pick(changes, state)), state);
}

static oracle_net *cook(const recipe *r, uint64_t *state)
{
    int widths[MOST_LAYERS], hidden = within(r->layers, state), inputs = within(r->inputs, state);
    for (int l = 0; l < hidden; l++)
        widths[l] = within(l ? r->later : r->first, state);
    widths[hidden] = 1;
    /* No more regions than others have. */
    if (inputs > 3 && hidden > 1 && widths[0] > 5)
        widths[0] = 5;
    oracle_net *net = nets_new(inputs, widths, hidden + 1);
    number_style style = style_of(pick(r->styles, state));
    for (int l = 0; l <= hidden; l++)
        for (int i = 0; i < net->layer[l].rows * (net->layer[l].fan + 1); i++)
            kinds_number(net->layer[l].row[i], style, state);
    change_rows(net, r->changes, r->most, state);
    if (nets_between(state, 0, 7) == 0)
        net->layer[nets_between(state, 0, hidden - 1)].kind =
            nets_between(state, 0, 1) ? ORACLE_ABS : ORACLE_LINEAR;
    return net;
}

/* Hundreds or thousands of multiples of a few rows. */
static oracle_net *wide(uint64_t *state)
{
    static const recipe base = {{1, 3}, {1, 2}, {2, 6}, {1, 3}, "wdsf3", "nmrx", 4};
    oracle_net *few = cook(&base, state);
    int own = few->layer[0].width, more = (int)nets_between(state, 20, 60);
    /* In three dimensions the walk would take minutes. */
    int most = few->input == 3 ? 2 : 3;
    more *= few->input == 1 && !nets_between(state, 0, 31) ? 20 : (int)nets_between(state, 1, most);
    char *text = nets_text(few, NULL);
    oracle_free(few);
    few = oracle_read(text);
    free(text);
    int widths[3] = {own + more, few->count > 2 ? few->layer[1].width : 1, 1};
    oracle_net *net = nets_new(few->input, widths, few->count);
    for (int u = 0; u < own + more; u++)
        for (int j = 0; j <= few->input; j++)
            mpq_set(*nets_at(net, 0, u, j), *nets_at(few, 0, u % own, j));
    for (int l = 1; l < net->count; l++)
        for (int u = 0; u < net->layer[l].width; u++)
            for (int j = 0; j <= net->layer[l].fan; j++)
                kinds_number(*nets_at(net, l, u, j), NUMBER_TERNARY, state);
    change_rows(net, "mrrmp", more, state);
    oracle_free(few);
    return net;
}

/* Units in pairs that are nearly the same, and units that take the differences: rows of maps that
 * are small beside their errors, which layers above pass on. */
static oracle_net *cancelling(uint64_t *state)
{
    static const recipe base = {{1, 2}, {3, 3}, {4, 6}, {2, 3}, "dsf3", "|", 0};
    oracle_net *net = cook(&base, state);
    for (int u = 1; u < net->layer[0].width; u += 2)
        for (int j = 0; j <= net->input; j++) {
            mpq_t *number = nets_at(net, 0, u, j);
            kinds_little(*number, state);
            mpq_add(*number, *number, *nets_at(net, 0, u - 1, j));
        }
    for (int u = 0; u < net->layer[1].width; u++)
        for (int t = 1; t < net->layer[1].fan; t += 2)
            mpq_neg(*nets_at(net, 1, u, t), *nets_at(net, 1, u, t - 1));
    for (int l = 1; l <= 2; l++)
        for (int u = 0; u < net->layer[l].width; u++)
            mpq_set_ui(*nets_at(net, l, u, net->layer[l].fan), 0, 1);
    return net;
}

/* Multiples of rows plus other rows, in dimensions where rays keep values (dd/values.h): edges that
 * lean by little to hyperplanes which they meet. */
static oracle_net *leaning(uint64_t *state)
{
    static const recipe base = {{4, 5}, {1, 2}, {6, 8}, {2, 5}, "dsf", "|", 0};
    oracle_net *net = cook(&base, state);
    mpq_t part;
    mpq_init(part);
    for (int l = 0; l + 1 < net->count; l++) {
        long most = nets_between(state, 4, 40);
        for (int u = 2; u < net->layer[l].rows; u++) {
            int from = (int)nets_between(state, 0, u - 1);
            mp_bitcnt_t power = (mp_bitcnt_t)nets_between(state, 1, most);
            for (int j = 0; j <= net->layer[l].fan; j++) {
                mpq_mul_2exp(part, *nets_at(net, l, from, j), power);
                mpq_add(*nets_at(net, l, u, j), *nets_at(net, l, u, j), part);
            }
        }
    }
    mpq_clear(part);
    return net;
}

/* ---- Networks of the tests, and changes to their rows ---- */

static oracle_net *read_free(char *json)
{
    oracle_net *net = oracle_read(json);
    free(json);
    return net;
}

static oracle_net *mixed(uint64_t *state)
{
    char *json = nets_mixed(nets_random(state), (int)nets_between(state, 4, 9));
    if (nets_between(state, 0, 2) == 0) {
        char *next = nets_nudged(json, nets_random(state));
        free(json);
        json = next;
    }
    oracle_net *net = read_free(json);
    if (nets_between(state, 0, 1))
        change_rows(net, "nfmrsSue0", 3, state);
    return net;
}

static oracle_net *structured(uint64_t *state)
{
    uint64_t seed = nets_random(state);
    char *json;
    switch (nets_between(state, 0, 11)) {
    case 0: json = nets_braid((int)nets_between(state, 3, 4)); break;
    case 1: json = nets_type_b((int)nets_between(state, 2, 3)); break;
    case 2: json = nets_resonance((int)nets_between(state, 2, 3)); break;
    case 3: json = nets_threshold((int)nets_between(state, 2, 3)); break;
    case 4: json = nets_shi((int)nets_between(state, 3, 4)); break;
    case 5: json = nets_catalan(3); break;
    case 6:
        json = nets_zigzag((int)nets_between(state, 1, 3), (int)nets_between(state, 1, 4));
        break;
    case 7:
        json = nets_fold((int)nets_between(state, 2, 5), (int)nets_between(state, 1, 2), 2);
        break;
    case 8: json = nets_tangents((int)nets_between(state, 1, 3), 3, 3); break;
    case 9:
        json = nets_tropical((int)nets_between(state, 2, 3), 3, nets_between(state, 0, 2), seed);
        break;
    case 10: json = nets_sawtooth((int)nets_between(state, 1, 2), 2, 2); break;
    default: json = nets_small(seed, 9, 2);
    }
    oracle_net *net = read_free(json);
    change_rows(net, "nfmrsSuepx", 4, state);
    return net;
}

/* Sometimes a few rows are changed, so that only some cells have one image. */
static oracle_net *folding(uint64_t *state)
{
    oracle_net *net = kinds_folds(state);
    if (nets_between(state, 0, 3) == 0)
        change_rows(net, "nfmsu0|c", 1, state);
    return net;
}

static oracle_net *arrangement(uint64_t *state)
{
    oracle_net *net = kinds_arrangement(state);
    if (nets_between(state, 0, 3) == 0)
        change_rows(net, "nfmrsux|c0", 2, state);
    if (nets_between(state, 0, 3) == 0)
        net->layer[0].kind = ORACLE_ABS;
    return net;
}

/* ---- The same function, written otherwise ---- */

static char *dress(char *json, uint64_t *state)
{
    uint64_t seed = nets_random(state);
    char *next = NULL;
    switch (nets_between(state, 0, 8)) {
    case 0: next = nets_scale_units(json, seed); break;
    case 1: next = nets_permute(json, seed); break;
    case 2: next = nets_as_maxout(json); break;
    case 3: next = nets_carry_inputs(json); break;
    case 4: next = nets_scale_layer(json, 0, nets_between(state, 0, 1) ? "0x1p-400" : "1e9"); break;
    case 5: next = nets_steps(json, seed, nets_between(state, 0, 1)); break;
    default: return json;
    }
    free(json);
    return next;
}

/* ---- All kinds ---- */

/* Which domains a kind meets.  Boxes alone: half-spaces in many dimensions take the oracle too
 * long.  A box that begins at a point where units vanish: their bounds on it are near 0
 * (model/enclose.h).  An even one: around 0. */
typedef enum { ANY, MOSTLY_NONE, SOME_BOX, MOSTLY_EVEN, BOX_AT_UNITS } domain_choice;

static const struct {
    const char *name;
    int share;
    recipe recipe;
    oracle_net *(*make)(uint64_t *state); /* NULL: by the recipe */
    domain_choice domain;
} kinds[] = {
    {"exact beside ill-conditioned",
     12,
     {{2, 3}, {1, 2}, {4, 7}, {1, 3}, "wdsf3", "nffffm", 3},
     NULL,
     ANY},
    {"the same, on an axis", 4, {{1, 1}, {1, 3}, {3, 9}, {1, 4}, "wdsf3", "nfmmmre", 7}, NULL, ANY},
    {"the same, in space", 3, {{4, 6}, {1, 2}, {3, 8}, {1, 3}, "wdsf3", "nfmru", 4}, NULL, ANY},
    {"through one point", 4, {{1, 4}, {1, 3}, {3, 8}, {1, 4}, "wwdsf3", "cxxxfn", 9}, NULL, ANY},
    {"neighbouring doubles", 4, {{1, 4}, {1, 3}, {2, 7}, {1, 4}, "dsf", "uuurSx", 7}, NULL, ANY},
    {"scaled duplicates", 4, {{1, 4}, {1, 3}, {2, 8}, {1, 4}, "wdsf3", "mrmrs", 7}, NULL, ANY},
    {"tenths", 5, {{1, 3}, {1, 3}, {3, 9}, {1, 4}, "d", "rrSSu|", 8}, NULL, ANY},
    {"denormals and 1e300", 4, {{1, 4}, {1, 3}, {2, 6}, {1, 3}, "wdsf", "eeepnr", 6}, NULL, ANY},
    {"badly scaled", 3, {{1, 4}, {1, 3}, {2, 6}, {1, 3}, "wdsf3", "pppnfx", 7}, NULL, ANY},
    {"ternary and pruned", 4, {{1, 6}, {1, 3}, {2, 8}, {1, 4}, "tw", "00cczm", 6}, NULL, ANY},
    {"low rank", 3, {{2, 6}, {1, 2}, {3, 8}, {1, 3}, "wds3", "sssSSc", 8}, NULL, ANY},
    {"deep and narrow", 4, {{1, 2}, {4, 12}, {1, 3}, {1, 3}, "wdsf3", "nfrue|", 2}, NULL, ANY},
    {"nearly parallel", 3, {{1, 3}, {1, 3}, {2, 8}, {1, 4}, "wdsf3", "||||nm", 7}, NULL, ANY},
    {"all activations", 6, {{0}, {0}, {0}, {0}, NULL, NULL, 0}, mixed, ANY},
    {"structured", 4, {{0}, {0}, {0}, {0}, NULL, NULL, 0}, structured, ANY},
    {"wide", 1, {{0}, {0}, {0}, {0}, NULL, NULL, 0}, wide, ANY},
    {"cancelling", 2, {{0}, {0}, {0}, {0}, NULL, NULL, 0}, cancelling, ANY},
    {"folding", 5, {{0}, {0}, {0}, {0}, NULL, NULL, 0}, folding, ANY},
    {"leaning", 2, {{0}, {0}, {0}, {0}, NULL, NULL, 0}, leaning, ANY},
    {"narrow layer", 4, {{3, 5}, {2, 3}, {2, 4}, {2, 4}, "wtdsf3ii", "nfmrsSue0|xc", 3}, NULL, ANY},
    {"arrangement", 4, {{0}, {0}, {0}, {0}, NULL, NULL, 0}, arrangement, MOSTLY_NONE},
    {"many inputs",
     4,
     {{7, 10}, {1, 2}, {2, 5}, {1, 3}, "wtdsf3", "0000nmrsSexzcu|", 5},
     NULL,
     SOME_BOX},
    {"touching the box",
     4,
     {{1, 2}, {2, 4}, {1, 2}, {1, 4}, "wdsf3", "xxxxxurpe|", 7},
     NULL,
     BOX_AT_UNITS},
    {"outlines", 5, {{0}, {0}, {0}, {0}, NULL, NULL, 0}, kinds_outlines, ANY},
    {"wide folds", 3, {{0}, {0}, {0}, {0}, NULL, NULL, 0}, kinds_wide_folds, MOSTLY_EVEN},
    {"passing", 3, {{0}, {0}, {0}, {0}, NULL, NULL, 0}, kinds_passing, ANY},
    {"meetings", 3, {{0}, {0}, {0}, {0}, NULL, NULL, 0}, kinds_meetings, ANY},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

const char *kinds_net_name(int kind)
{
    return kind < KINDS ? kinds[kind].name : NULL;
}

static int choose_kind(uint64_t *state)
{
    int sum = 0, k = 0;
    for (int i = 0; i < KINDS; i++)
        sum += kinds[i].share;
    for (long at = nets_between(state, 0, sum - 1); at >= kinds[k].share; k++)
        at -= kinds[k].share;
    return k;
}

static int choose_domain(uint64_t *state)
{
    int count = 0;
    while (kinds_domain_name(count))
        count++;
    return nets_between(state, 0, 2) ? (int)nets_between(state, 0, count - 1)
                                     : (int)nets_between(state, 0, 2);
}

specimen kinds_make(uint64_t seed, int kind)
{
    uint64_t state = seed;
    specimen s = {.net_kind = choose_kind(&state), .domain_kind = choose_domain(&state)};
    s.net_kind = kind >= 0 ? kind : s.net_kind;
    if (kinds[s.net_kind].domain == SOME_BOX)
        s.domain_kind = (int)nets_between(&state, KINDS_FIRST_BOX, KINDS_LAST_BOX);
    else if (kinds[s.net_kind].domain == MOSTLY_EVEN)
        s.domain_kind = nets_between(&state, 0, 7) ? KINDS_EVEN_BOX : KINDS_FIRST_BOX;
    else if (kinds[s.net_kind].domain == BOX_AT_UNITS)
        s.domain_kind = KINDS_BOX_AT_UNITS;
    else if (kinds[s.net_kind].domain == MOSTLY_NONE && nets_between(&state, 0, 7))
        s.domain_kind = KINDS_ALL;
    s.certify = kinds[s.net_kind].make == kinds_meetings;
    oracle_net *net = kinds[s.net_kind].make ? kinds[s.net_kind].make(&state)
                                             : cook(&kinds[s.net_kind].recipe, &state);
    bool dressed = kinds[s.net_kind].make != wide && nets_between(&state, 0, 2) == 0;
    s.json = nets_text(net, NULL);
    oracle_free(net);
    if (dressed)
        s.json = dress(s.json, &state);
    s.domain = kinds_domain(s.json, s.domain_kind, &state);
    return s;
}

void kinds_free(specimen *s)
{
    free(s->json);
    free(s->domain);
}
