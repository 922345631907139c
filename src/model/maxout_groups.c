#include "model/maxout_groups.h"

#include "base/bits.h"

#include <assert.h>
#include <string.h>

static size_t comparisons(const crease_model_layer *layer)
{
    return layer->pieces * (layer->pieces - 1) / 2;
}

size_t crease_maxout_groups_count(const crease_model_layer *layer)
{
    return layer->pieces < 2 ? 0 : layer->decisions / comparisons(layer);
}

size_t crease_maxout_group_compare(const crease_model_layer *layer, size_t g, size_t s, size_t t)
{
    size_t low = s < t ? s : t, high = s < t ? t : s;
    assert(low < high && high < layer->pieces);
    return g * comparisons(layer) + low * (2 * layer->pieces - low - 1) / 2 + high - low - 1;
}

void crease_maxout_group_pieces(const crease_model_layer *layer, size_t u, size_t *g, size_t *s,
                                size_t *t)
{
    size_t left = u % comparisons(layer);
    *g = u / comparisons(layer);
    for (*s = 0; left >= layer->pieces - 1 - *s; (*s)++)
        left -= layer->pieces - 1 - *s;
    *t = *s + 1 + left;
}

/* Does the piece lose the comparison with another? */
static bool loses(const crease_model_layer *layer, size_t g, size_t piece, size_t other,
                  const uint8_t *state)
{
    return state[crease_maxout_group_compare(layer, g, piece, other)] == (piece < other);
}

size_t crease_maxout_group_winner(const crease_model_layer *layer, size_t g, const uint8_t *state)
{
    for (size_t s = 0, t; s < layer->pieces; s++) {
        for (t = 0; t < layer->pieces && (t == s || !loses(layer, g, s, t, state)); t++)
            ;
        if (t == layer->pieces)
            return s;
    }
    return 0;
}

void crease_maxout_group_let_win(const crease_model_layer *layer, size_t g, size_t piece,
                                 uint8_t *state, uint8_t losers)
{
    memset(state + g * comparisons(layer), losers, comparisons(layer));
    for (size_t t = 0; t < layer->pieces; t++)
        if (t != piece)
            state[crease_maxout_group_compare(layer, g, piece, t)] = piece > t;
}

bool crease_maxout_group_is_moot(const crease_model_layer *layer, size_t u, const uint8_t *state)
{
    size_t g, s, t;
    if (layer->pieces < 2)
        return false;
    crease_maxout_group_pieces(layer, u, &g, &s, &t);
    size_t winner = crease_maxout_group_winner(layer, g, state);
    return s != winner && t != winner;
}

size_t crease_maxout_group_candidates(const crease_model_layer *layer, size_t g,
                                      const uint64_t *open, const uint8_t *state, size_t *piece)
{
    size_t count = 0;
    for (size_t s = 0, t; s < layer->pieces; s++) {
        for (t = 0; t < layer->pieces; t++)
            if (t != s && !crease_bits_have(open, crease_maxout_group_compare(layer, g, s, t)) &&
                loses(layer, g, s, t, state))
                break;
        if (t == layer->pieces)
            piece[count++] = s;
    }
    return count;
}

/* The piece's lost comparison that is kept: one with a piece that loses none if there is one. */
static size_t kept_loss(const crease_model_layer *layer, size_t g, size_t piece,
                        const uint64_t *decided, const uint8_t *state, const size_t *candidate,
                        size_t candidates)
{
    size_t any = SIZE_MAX;
    for (size_t t = 0, c = 0; t < layer->pieces; t++) {
        bool best = c < candidates && candidate[c] == t;
        size_t u = t == piece ? 0 : crease_maxout_group_compare(layer, g, piece, t);
        c += best;
        if (t == piece || !crease_bits_have(decided, u) || !loses(layer, g, piece, t, state))
            continue;
        if (best)
            return u;
        any = u;
    }
    return any;
}

static void settle_group(const crease_model_layer *layer, size_t g, uint64_t *decided,
                         uint64_t *cut, uint8_t *state)
{
    size_t k = layer->pieces, candidate[CREASE_MAX_RANK];
    size_t keep[CREASE_MAX_RANK], keeps = 0;
    assert(k <= CREASE_MAX_RANK);
    bool lost[CREASE_MAX_RANK], before[CREASE_MAX_RANK] = {false};
    memset(lost, true, sizeof lost);
    for (size_t s = 0; s < k; s++)
        for (size_t t = 0; t < k && !before[s]; t++) {
            size_t u = t == s ? 0 : crease_maxout_group_compare(layer, g, s, t);
            before[s] = t != s && !crease_bits_have(cut, u) && !crease_bits_have(decided, u) &&
                        loses(layer, g, s, t, state);
        }
    size_t candidates = crease_maxout_group_candidates(layer, g, cut, state, candidate);
    for (size_t c = 0; c < candidates; c++)
        lost[candidate[c]] = false;
    for (size_t s = 0; s < k; s++)
        if (lost[s] && !before[s])
            keep[keeps++] = kept_loss(layer, g, s, decided, state, candidate, candidates);
    for (size_t s = 0; s < k; s++)
        for (size_t t = s + 1; t < k; t++) {
            size_t u = crease_maxout_group_compare(layer, g, s, t);
            bool kept = false;
            for (size_t i = 0; i < keeps; i++)
                kept = kept || keep[i] == u;
            if (!kept && (crease_bits_have(decided, u) ||
                          (crease_bits_have(cut, u) && (lost[s] || lost[t])))) {
                state[u] = CREASE_MOOT;
                crease_bits_remove(decided, u);
                crease_bits_remove(cut, u);
            }
        }
}

size_t crease_maxout_groups_settle(const crease_model_layer *layer, uint64_t *decided,
                                   uint64_t *cut, uint8_t *state)
{
    size_t left = 0;
    for (size_t g = 0; g < crease_maxout_groups_count(layer); g++)
        settle_group(layer, g, decided, cut, state);
    for (size_t w = 0; w < (layer->decisions + 63) / 64; w++)
        left += (size_t)__builtin_popcountll(cut[w]);
    return left;
}

bool crease_maxout_groups_crowded(const crease_model_layer *layer, const uint64_t *cut)
{
    size_t each = layer->pieces > 2 ? comparisons(layer) : 0;
    for (size_t g = 0; each && g < layer->decisions / each; g++) {
        size_t open = 0;
        for (size_t u = g * each; u < (g + 1) * each; u++)
            open += crease_bits_have(cut, u);
        if (open > 1)
            return true;
    }
    return false;
}

const uint8_t *crease_maxout_groups_gates(const crease_model_layer *layer, const uint8_t *state,
                                          uint8_t *gate)
{
    if (layer->decisions == layer->width && layer->pieces < 2)
        return state;
    memset(gate, 1, layer->width);
    if (layer->pieces < 2) {
        memcpy(gate, state, layer->decisions);
        return gate;
    }
    size_t groups = crease_maxout_groups_count(layer),
           carried = layer->decisions + groups * layer->pieces;
    assert(carried <= layer->width || layer->width == layer->decisions);
    memset(gate, 0, carried < layer->width ? carried : layer->width);
    for (size_t g = 0; g < groups && layer->width > layer->decisions; g++)
        gate[layer->decisions + g * layer->pieces + crease_maxout_group_winner(layer, g, state)] =
            1;
    return gate;
}
