#include "replace.h"

int nets_switching(const oracle_layer *layer)
{
    return layer->width - layer->carry;
}

void nets_add_times(mpq_t *to, mpq_srcptr factor, mpq_t *from)
{
    mpq_t term;
    mpq_init(term);
    mpq_mul(term, factor, *from);
    mpq_add(*to, *to, term);
    mpq_clear(term);
}

void nets_add_whole_times(mpq_t *to, long factor, mpq_t *from)
{
    mpq_t whole;
    mpq_init(whole);
    mpq_set_si(whole, factor, 1);
    nets_add_times(to, whole, from);
    mpq_clear(whole);
}

void nets_add_whole(mpq_t *to, long more)
{
    mpq_t whole;
    mpq_init(whole);
    mpq_set_si(whole, more, 1);
    mpq_add(*to, *to, whole);
    mpq_clear(whole);
}

void nets_copy_row(oracle_net *to, int to_row, const oracle_net *from, int from_row, int l)
{
    for (int j = 0; j <= to->layer[l].fan; j++)
        mpq_set(*nets_at(to, l, to_row, j), *nets_at(from, l, from_row, j));
}

static void copy_parameters(oracle_layer *to, const oracle_layer *from)
{
    for (int i = 0; i < 2; i++)
        mpq_set(to->parameter[i], from->parameter[i]);
}

oracle_net *nets_replace(const oracle_net *old, int l, oracle_kind kind, int rank, int units,
                         int carry)
{
    oracle_net *net = nets_blank(old->input, old->count);
    for (int k = 0; k < old->count; k++) {
        const oracle_layer *from = &old->layer[k];
        oracle_layer *to = &net->layer[k];
        if (k == l) {
            oracle_shape(to, from->fan, kind, rank, units + carry, carry);
            if (kind == from->kind)
                copy_parameters(to, from);
            continue;
        }
        oracle_shape(to, k == l + 1 ? units + carry : from->fan, from->kind, from->rank,
                     from->width, from->carry);
        copy_parameters(to, from);
        for (int r = 0; r < from->rows; r++)
            for (int j = k == l + 1 ? from->fan : 0; j <= from->fan; j++)
                mpq_set(*nets_at(net, k, r, j == from->fan ? to->fan : j), *nets_at(old, k, r, j));
    }
    return net;
}

void nets_read_as(oracle_net *net, const oracle_net *old, int l, int unit, int was)
{
    for (int r = 0; r < old->layer[l + 1].rows; r++)
        mpq_set(*nets_at(net, l + 1, r, unit), *nets_at(old, l + 1, r, was));
}

void nets_read_negated(oracle_net *net, const oracle_net *old, int l, int unit, int was)
{
    nets_read_as(net, old, l, unit, was);
    for (int r = 0; r < old->layer[l + 1].rows; r++)
        mpq_neg(*nets_at(net, l + 1, r, unit), *nets_at(net, l + 1, r, unit));
}

void nets_read_constant(oracle_net *net, const oracle_net *old, int l, int was, mpq_srcptr value)
{
    for (int r = 0; r < old->layer[l + 1].rows; r++)
        nets_add_times(nets_at(net, l + 1, r, net->layer[l + 1].fan), value,
                       nets_at(old, l + 1, r, was));
}

void nets_keep_carried(oracle_net *net, const oracle_net *old, int l)
{
    const oracle_layer *from = &old->layer[l], *to = &net->layer[l];
    for (int c = 1; c <= from->carry; c++) {
        nets_copy_row(net, to->rows - c, old, from->rows - c, l);
        nets_read_as(net, old, l, to->width - c, from->width - c);
    }
}

char *nets_every_layer(const char *json, oracle_net *(*step)(const oracle_net *, int, uint64_t *),
                       uint64_t seed)
{
    oracle_net *net = oracle_read(json);
    for (int l = 0; l + 1 < net->count; l++) {
        oracle_net *next = step(net, l, &seed);
        if (!next)
            continue;
        oracle_free(net);
        net = next;
    }
    char *text = nets_text(net, NULL);
    oracle_free(net);
    return text;
}
