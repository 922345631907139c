/* The same network with other activations, and other ways to carry values. */
#include "nets_maxout.h"

#include "replace.h"

/* ---- Maxout and ReLU ---- */

static oracle_net *maxout_as_relu(const oracle_net *old, int l, uint64_t *state)
{
    const oracle_layer *from = &old->layer[l];
    (void)state;
    if (from->kind != ORACLE_MAXOUT || from->rank != 2)
        return NULL;
    int units = nets_switching(from);
    oracle_net *net = nets_replace(old, l, ORACLE_RELU, 1, units, units + from->carry);
    nets_keep_carried(net, old, l);
    for (int u = 0; u < units; u++) {
        nets_copy_row(net, u, old, 2 * u + 1, l);
        for (int j = 0; j <= from->fan; j++)
            nets_add_whole_times(nets_at(net, l, u, j), -1, nets_at(old, l, 2 * u, j));
        nets_copy_row(net, units + u, old, 2 * u, l);
        nets_read_as(net, old, l, u, u);
        nets_read_as(net, old, l, units + u, u);
    }
    return net;
}

char *nets_maxout_as_relu(const char *json)
{
    return nets_every_layer(json, maxout_as_relu, 0);
}

/* Pieces low z and high z of a unit that was one of z. */
static void set_pieces(oracle_net *net, const oracle_net *old, int l, int unit, mpq_t low,
                       long high)
{
    for (int j = 0; j <= old->layer[l].fan; j++) {
        nets_add_times(nets_at(net, l, 2 * unit, j), low, nets_at(old, l, unit, j));
        nets_add_whole_times(nets_at(net, l, 2 * unit + 1, j), high, nets_at(old, l, unit, j));
    }
}

static oracle_net *clip_as_maxout(const oracle_net *old, int l)
{
    oracle_layer *from = &old->layer[l];
    int units = nets_switching(from);
    oracle_net *net = nets_replace(old, l, ORACLE_MAXOUT, 2, 2 * units, from->carry);
    nets_keep_carried(net, old, l);
    for (int u = 0; u < units; u++) {
        for (int end = 0; end < 2; end++) {
            mpq_t *bias = nets_at(net, l, 4 * u + 2 * end + 1, from->fan);
            nets_copy_row(net, 4 * u + 2 * end + 1, old, u, l);
            mpq_sub(*bias, *bias, from->parameter[end]);
        }
        nets_read_as(net, old, l, 2 * u, u);
        nets_read_negated(net, old, l, 2 * u + 1, u);
        nets_read_constant(net, old, l, u, from->parameter[0]);
    }
    return net;
}

static oracle_net *as_maxout(const oracle_net *old, int l, uint64_t *state)
{
    const oracle_layer *from = &old->layer[l];
    (void)state;
    if (from->kind == ORACLE_CLIP)
        return clip_as_maxout(old, l);
    int slope = from->kind == ORACLE_LEAKY ? mpq_cmp_si(from->parameter[0], 1, 1) : -1;
    if (from->kind == ORACLE_LINEAR || from->kind == ORACLE_MAXOUT || !slope)
        return NULL;
    oracle_net *net = nets_replace(old, l, ORACLE_MAXOUT, 2, nets_switching(from), from->carry);
    mpq_t low;
    mpq_init(low);
    if (from->kind == ORACLE_ABS)
        mpq_set_si(low, -1, 1);
    if (from->kind == ORACLE_LEAKY)
        mpq_set(low, from->parameter[0]);
    if (slope > 0)
        mpq_neg(low, low);
    nets_keep_carried(net, old, l);
    for (int u = 0; u < nets_switching(from); u++) {
        set_pieces(net, old, l, u, low, slope > 0 ? -1 : 1);
        (slope > 0 ? nets_read_negated : nets_read_as)(net, old, l, u, u);
    }
    mpq_clear(low);
    return net;
}

char *nets_as_maxout(const char *json)
{
    return nets_every_layer(json, as_maxout, 0);
}

/* Convex functions of z: slope s_0 and a constant, then steps of slope at points that ascend. */
static oracle_net *steps(const oracle_net *old, int l, uint64_t *state, bool maxout)
{
    const oracle_layer *from = &old->layer[l];
    if (from->kind != ORACLE_RELU)
        return NULL;
    int k = (int)nets_between(state, 2, 4), units = nets_switching(from), fan = from->fan;
    oracle_net *net =
        maxout ? nets_replace(old, l, ORACLE_MAXOUT, k, units, from->carry)
               : nets_replace(old, l, ORACLE_RELU, 1, units * (k - 1), units + from->carry);
    nets_keep_carried(net, old, l);
    for (int u = 0; u < units; u++) {
        long at = nets_between(state, -2, 0), slope = nets_between(state, -2, 1);
        long constant = nets_between(state, -1, 1);
        int first = maxout ? u * k : units * (k - 1) + u;
        for (int i = 0; i < k; i++) {
            int row = maxout || !i ? first + i : u * (k - 1) + i - 1;
            for (int j = 0; j <= fan; j++)
                nets_add_whole_times(nets_at(net, l, row, j), slope, nets_at(old, l, u, j));
            nets_add_whole(nets_at(net, l, row, fan), constant);
            nets_read_as(net, old, l, maxout ? u : row, u);
            long step = nets_between(state, 1, 3);
            slope = maxout ? slope + step : step;
            constant = (maxout ? constant : 0) - step * at;
            at += nets_between(state, 0, 2);
        }
    }
    return net;
}

static oracle_net *steps_of_maxout(const oracle_net *old, int l, uint64_t *state)
{
    return steps(old, l, state, true);
}

static oracle_net *steps_of_relu(const oracle_net *old, int l, uint64_t *state)
{
    return steps(old, l, state, false);
}

char *nets_steps(const char *json, uint64_t seed, bool maxout)
{
    return nets_every_layer(json, maxout ? steps_of_maxout : steps_of_relu, seed);
}

/* ---- Carried units ---- */

/* What unit u carries, row times inputs, in the next layer's sums over inputs that start at unit
 * first. */
static void read_sum(oracle_net *net, const oracle_net *old, int l, int unit, int first)
{
    int row = oracle_row_of(&old->layer[l], unit), fan = old->layer[l].fan;
    for (int j = 0; j <= fan; j++) {
        int column = j < fan ? first + j : net->layer[l].width;
        for (int r = 0; r < net->layer[l + 1].rows; r++)
            nets_add_times(nets_at(net, l + 1, r, column), *nets_at(old, l + 1, r, unit),
                           nets_at(old, l, row, j));
    }
}

static oracle_net *carry_inputs(const oracle_net *old, int l, uint64_t *state)
{
    const oracle_layer *from = &old->layer[l];
    int units = nets_switching(from), switching = units * from->rank;
    (void)state;
    if (!from->carry)
        return NULL;
    oracle_net *net = nets_replace(old, l, from->kind, from->rank, units, from->fan);
    for (int r = 0; r < switching; r++)
        nets_copy_row(net, r, old, r, l);
    for (int u = 0; u < units; u++)
        nets_read_as(net, old, l, u, u);
    for (int j = 0; j < from->fan; j++)
        nets_set(net, l, switching + j, j, "1");
    for (int u = units; u < from->width; u++)
        read_sum(net, old, l, u, units);
    return net;
}

char *nets_carry_inputs(const char *json)
{
    return nets_every_layer(json, carry_inputs, 0);
}

static oracle_net *carry_by_pieces(const oracle_net *old, int l, uint64_t *state)
{
    const oracle_layer *from = &old->layer[l];
    (void)state;
    if (from->kind != ORACLE_MAXOUT || !from->carry)
        return NULL;
    oracle_net *net = nets_replace(old, l, from->kind, from->rank, from->width, 0);
    for (int u = 0; u < from->width; u++) {
        for (int i = 0; i < from->rank; i++)
            nets_copy_row(net, u * from->rank + i, old,
                          oracle_row_of(from, u) + (u < nets_switching(from) ? i : 0), l);
        nets_read_as(net, old, l, u, u);
    }
    return net;
}

char *nets_carry_by_pieces(const char *json)
{
    return nets_every_layer(json, carry_by_pieces, 0);
}

/* Of maxout, the first piece takes over; the others are 0. */
static oracle_net *carry_by_shift(const oracle_net *old, int l, uint64_t *state)
{
    const oracle_layer *from = &old->layer[l];
    (void)state;
    if (from->kind == ORACLE_CLIP || from->kind == ORACLE_LINEAR || !from->carry)
        return NULL;
    oracle_net *net = nets_replace(old, l, from->kind, from->rank, from->width, 0);
    mpq_t far, back;
    mpq_inits(far, back, NULL);
    mpq_set_si(far, 1000000000000000, 1);
    mpq_neg(back, far);
    for (int u = 0; u < from->width; u++) {
        bool carried = u >= nets_switching(from);
        int row = u * from->rank;
        for (int i = 0; i < (carried ? 1 : from->rank); i++)
            nets_copy_row(net, row + i, old, oracle_row_of(from, u) + i, l);
        nets_read_as(net, old, l, u, u);
        if (!carried)
            continue;
        mpq_t *bias = nets_at(net, l, row, from->fan);
        mpq_add(*bias, *bias, far);
        nets_read_constant(net, old, l, u, back);
    }
    mpq_clears(far, back, NULL);
    return net;
}

char *nets_carry_by_shift(const char *json)
{
    return nets_every_layer(json, carry_by_shift, 0);
}
