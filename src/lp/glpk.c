#include "lp/lp.h"

#include "base/interrupt.h"
#include "base/memory.h"

#include <glpk.h>
#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

/* Milliseconds of a simplex run between checks for an interrupt. */
enum { SLICE = 100 };

/* Columns 1..d are v with v_d fixed to 1, rows 1..m are a_i.v >= 0.  For interior
 * points column d + 1 is a slack t with a_i.v - t >= 0. */
typedef struct {
    glp_prob *problem;
    size_t d, m;
    const double *a;
    bool *enabled;
    size_t room;
    int *index; /* scratch, one-based */
    double *value;
    size_t scratch;
    bool slack; /* is column d + 1 in use */
    jmp_buf fault;
} solver;

static int swallow(void *info, const char *text)
{
    (void)info;
    (void)text;
    return 1;
}

static void on_fault(void *info)
{
    solver *s = info;
    longjmp(s->fault, 1);
}

/* After a fault GLPK allows nothing but freeing its environment. */
static void recover(solver *s)
{
    glp_free_env();
    glp_error_hook(NULL, NULL);
    s->problem = NULL;
}

static void *glpk_open(void)
{
    return crease_alloc(1, sizeof(solver));
}

static void glpk_close(void *self)
{
    solver *s = self;
    if (s->problem)
        glp_delete_prob(s->problem);
    glp_free_env();
    free(s->enabled);
    free(s->index);
    free(s->value);
    free(s);
}

static void build(solver *s)
{
    size_t count = 0;
    if (s->problem)
        glp_delete_prob(s->problem);
    glp_term_hook(swallow, NULL);
    s->problem = glp_create_prob();
    glp_add_rows(s->problem, (int)s->m);
    glp_add_cols(s->problem, (int)s->d + 1);
    for (size_t j = 1; j < s->d; j++)
        glp_set_col_bnds(s->problem, (int)j, GLP_FR, 0, 0);
    glp_set_col_bnds(s->problem, (int)s->d, GLP_FX, 1, 1);
    glp_set_col_bnds(s->problem, (int)s->d + 1, GLP_FX, 0, 0);
    s->slack = false;
    for (size_t i = 0; i < s->m && !crease_interrupted(); i++) {
        glp_set_row_bnds(s->problem, (int)i + 1, s->enabled[i] ? GLP_LO : GLP_FR, 0, 0);
        count = 0;
        for (size_t j = 0; j < s->d; j++)
            if (s->a[i * s->d + j] != 0) {
                s->index[++count] = (int)j + 1;
                s->value[count] = s->a[i * s->d + j];
            }
        s->index[++count] = (int)s->d + 1;
        s->value[count] = -1;
        glp_set_mat_row(s->problem, (int)i + 1, (int)count, s->index, s->value);
    }
}

/* Runs body with GLPK's faults caught; false after a fault. */
static bool guarded(solver *s, void (*body)(solver *))
{
    glp_error_hook(on_fault, s);
    if (setjmp(s->fault)) {
        recover(s);
        return false;
    }
    body(s);
    glp_error_hook(NULL, NULL);
    return true;
}

static void glpk_load(void *self, size_t d, size_t m, const double *a)
{
    solver *s = self;
    s->d = d;
    s->m = m;
    s->a = a;
    if (m > s->room) {
        s->room = m;
        s->enabled = crease_realloc(s->enabled, m, sizeof *s->enabled);
    }
    if (m + d + 4 > s->scratch) {
        s->scratch = m + d + 4;
        s->index = crease_realloc(s->index, s->scratch, sizeof *s->index);
        s->value = crease_realloc(s->value, s->scratch, sizeof *s->value);
    }
    for (size_t i = 0; i < m; i++)
        s->enabled[i] = true;
    guarded(s, build);
}

static void glpk_enable(void *self, size_t i, bool enabled)
{
    solver *s = self;
    s->enabled[i] = enabled;
    if (s->problem)
        glp_set_row_bnds(s->problem, (int)i + 1, enabled ? GLP_LO : GLP_FR, 0, 0);
}

/* The simplex in slices, each going on from the basis of the one before. */
static int run_slices(solver *s)
{
    int left = 100 * (int)(s->m + s->d) + 1000, code = GLP_ETMLIM;
    while (code == GLP_ETMLIM && left > 0 && !crease_interrupted()) {
        glp_smcp parameters;
        int before = glp_get_it_cnt(s->problem);
        glp_init_smcp(&parameters);
        parameters.msg_lev = GLP_MSG_OFF;
        parameters.meth = GLP_PRIMAL;
        parameters.it_lim = left;
        parameters.tm_lim = SLICE;
        code = glp_simplex(s->problem, &parameters);
        left -= glp_get_it_cnt(s->problem) - before;
    }
    return code;
}

static int run_simplex(solver *s)
{
    int code = run_slices(s);
    if (code == GLP_EBADB || code == GLP_ESING || code == GLP_ECOND) {
        glp_std_basis(s->problem);
        code = run_slices(s);
    }
    return code ? GLP_UNDEF : glp_get_status(s->problem);
}

static void set_slack(solver *s, bool slack)
{
    if (s->slack == slack)
        return;
    s->slack = slack;
    glp_set_col_bnds(s->problem, (int)s->d + 1, slack ? GLP_UP : GLP_FX, 0, slack ? 1 : 0);
    if (!slack && glp_get_col_stat(s->problem, (int)s->d + 1) == GLP_BS)
        glp_std_basis(s->problem);
}

static void set_objective(solver *s, const double *g)
{
    for (size_t j = 0; j < s->d; j++)
        glp_set_obj_coef(s->problem, (int)j + 1, g ? g[j] : 0);
    glp_set_obj_coef(s->problem, (int)s->d + 1, g ? 0 : 1);
    glp_set_obj_dir(s->problem, g ? GLP_MIN : GLP_MAX);
}

/* The direction in which the LP is unbounded: column k of the tableau. */
static bool unbounded_ray(solver *s, const double *g, double *v)
{
    int k = glp_get_unbnd_ray(s->problem), rows = (int)s->m;
    if (!k || !glp_bf_exists(s->problem))
        return false;
    int count = glp_eval_tab_col(s->problem, k, s->index, s->value);
    memset(v, 0, s->d * sizeof *v);
    if (k > rows && k <= rows + (int)s->d)
        v[k - rows - 1] = 1;
    for (int i = 1; i <= count; i++)
        if (s->index[i] > rows && s->index[i] <= rows + (int)s->d)
            v[s->index[i] - rows - 1] = s->value[i];
    double value = 0;
    for (size_t j = 0; j < s->d; j++)
        value += g[j] * v[j];
    for (size_t j = 0; j < s->d && value > 0; j++)
        v[j] = -v[j];
    return value != 0;
}

static void read_point(solver *s, double *v)
{
    for (size_t j = 0; j < s->d; j++)
        v[j] = glp_get_col_prim(s->problem, (int)j + 1);
}

static crease_proposal read_support(solver *s, size_t *support, size_t *supports, double *y)
{
    const double tiny = 1e-12;
    *supports = 0;
    for (size_t i = 1; i < s->m; i++)
        if (s->enabled[i] && glp_get_row_stat(s->problem, (int)i + 1) == GLP_NL &&
            glp_get_row_dual(s->problem, (int)i + 1) > tiny) {
            if (*supports == s->d)
                return CREASE_PROPOSE_FAILED;
            y[*supports] = glp_get_row_dual(s->problem, (int)i + 1);
            support[(*supports)++] = i;
        }
    if (glp_get_obj_val(s->problem) > tiny && s->enabled[0]) {
        if (*supports == s->d)
            return CREASE_PROPOSE_FAILED;
        y[*supports] = glp_get_obj_val(s->problem) / s->a[s->d - 1];
        support[(*supports)++] = 0;
    }
    return *supports ? CREASE_PROPOSE_INSIDE : CREASE_PROPOSE_FAILED;
}

static crease_proposal solve(solver *s, const double *g, size_t *support, size_t *supports,
                             double *y, double *v)
{
    set_slack(s, !g);
    set_objective(s, g);
    int status = run_simplex(s);
    if (!g) {
        read_point(s, v);
        return status == GLP_OPT && glp_get_obj_val(s->problem) > 0 ? CREASE_PROPOSE_POINT
                                                                    : CREASE_PROPOSE_FAILED;
    }
    if (status == GLP_UNBND)
        return unbounded_ray(s, g, v) ? CREASE_PROPOSE_OUTSIDE : CREASE_PROPOSE_FAILED;
    if (status != GLP_OPT)
        return CREASE_PROPOSE_FAILED;
    if (glp_get_obj_val(s->problem) < 0) {
        read_point(s, v);
        return CREASE_PROPOSE_OUTSIDE;
    }
    return read_support(s, support, supports, y);
}

static crease_proposal guarded_solve(solver *s, const double *g, size_t *support, size_t *supports,
                                     double *y, double *v)
{
    if (crease_interrupted() || (!s->problem && !guarded(s, build)))
        return CREASE_PROPOSE_FAILED;
    glp_error_hook(on_fault, s);
    if (setjmp(s->fault)) {
        recover(s);
        return CREASE_PROPOSE_FAILED;
    }
    crease_proposal answer = solve(s, g, support, supports, y, v);
    glp_error_hook(NULL, NULL);
    return answer;
}

static crease_proposal glpk_separate(void *self, const double *g, size_t *support, size_t *supports,
                                     double *y, double *v)
{
    return guarded_solve(self, g, support, supports, y, v);
}

static crease_proposal glpk_interior(void *self, double *v)
{
    return guarded_solve(self, NULL, NULL, NULL, NULL, v);
}

const crease_proposer crease_lp_glpk = {"glpk",      glpk_open,     glpk_close,   glpk_load,
                                        glpk_enable, glpk_separate, glpk_interior};
