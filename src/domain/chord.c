#include "domain/chord.h"

typedef struct {
    mpq_t begin, end, slope, level, t;
    bool open;
} chord;

/* Keeps the t with slope t < level. */
static void cut(chord *c)
{
    int sign = mpq_sgn(c->slope);
    if (!sign) {
        c->open = c->open && mpq_sgn(c->level) > 0;
        return;
    }
    mpq_div(c->t, c->level, c->slope);
    if (sign > 0 && mpq_cmp(c->t, c->end) < 0)
        mpq_set(c->end, c->t);
    if (sign < 0 && mpq_cmp(c->t, c->begin) > 0)
        mpq_set(c->begin, c->t);
}

static void cut_box(chord *c, const crease_domain *domain, mpq_t *p, mpq_t *q)
{
    for (size_t j = 0; j < domain->inputs; j++) {
        mpq_sub(c->slope, q[j], p[j]);
        mpq_sub(c->level, domain->hi[j], p[j]);
        cut(c);
        mpq_neg(c->slope, c->slope);
        mpq_sub(c->level, p[j], domain->lo[j]);
        cut(c);
    }
}

static void cut_half(chord *c, size_t n, mpq_t *half, mpq_t *p, mpq_t *q)
{
    mpq_set_ui(c->slope, 0, 1);
    mpq_set(c->level, half[n]);
    for (size_t j = 0; j < n; j++) {
        mpq_mul(c->t, half[j], p[j]);
        mpq_sub(c->level, c->level, c->t);
        mpq_sub(c->t, q[j], p[j]);
        mpq_mul(c->t, c->t, half[j]);
        mpq_add(c->slope, c->slope, c->t);
    }
    cut(c);
}

bool crease_chord_in_domain(const crease_domain *domain, size_t inputs, mpq_t *p, mpq_t *q,
                            mpq_t begin, mpq_t end)
{
    chord c = {.open = false};
    mpq_inits(c.begin, c.end, c.slope, c.level, c.t, NULL);
    mpq_set_ui(c.end, 1, 1);
    for (size_t j = 0; j < inputs; j++)
        c.open = c.open || !mpq_equal(p[j], q[j]);
    if (crease_domain_boxed(domain))
        cut_box(&c, domain, p, q);
    for (size_t i = 0; domain && i < domain->halves; i++)
        cut_half(&c, inputs, domain->half + i * (inputs + 1), p, q);
    c.open = c.open && mpq_cmp(c.begin, c.end) < 0;
    mpq_set(begin, c.begin);
    mpq_set(end, c.end);
    mpq_clears(c.begin, c.end, c.slope, c.level, c.t, NULL);
    return c.open;
}
