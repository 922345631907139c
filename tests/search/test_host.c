/* A host program with its own settings: another rounding mode, subnormal numbers flushed to zero,
 * traps, GLPK and GMP in use.  Counts do not change, and afterwards the settings are as before. */
#include "support/nets.h"
#include "support/random_net.h"
#include "support/support.h"

#include <fenv.h>
#include <glpk.h>
#include <gmp.h>
#include <omp.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

/* ---- Floating point ---- */

enum { FLUSH = 0x8040 }; /* FTZ and DAZ, as in MXCSR */

typedef struct {
    const char *name;
    int rounding;
    bool flush, traps;
} host_mode;

static const host_mode host_modes[] = {
    {"nearest", FE_TONEAREST, false, false}, {"up", FE_UPWARD, false, false},
    {"down", FE_DOWNWARD, false, false},     {"to zero", FE_TOWARDZERO, false, false},
    {"flushed", FE_TONEAREST, true, false},  {"up, flushed", FE_UPWARD, true, false},
    {"traps", FE_TONEAREST, false, true},
};

static void set_flush(bool flush)
{
#if defined(__SSE2__)
    _mm_setcsr((_mm_getcsr() & ~(unsigned)FLUSH) | (flush ? FLUSH : 0));
#elif defined(__aarch64__)
    unsigned long control;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    control = (control & ~(1ul << 24)) | (flush ? 1ul << 24 : 0);
    __asm__ volatile("msr fpcr, %0" : : "r"(control));
#else
    (void)flush;
#endif
}

/* Are subnormal results flushed? */
static bool flushes(void)
{
    volatile double least = 0x1p-1022, half = least * 0.5;
    return half == 0;
}

static void enter(const host_mode *mode)
{
    fesetenv(FE_DFL_ENV);
    fesetround(mode->rounding);
    set_flush(mode->flush);
    if (mode->traps)
        feenableexcept(FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW | FE_INEXACT);
}

static bool holds(const host_mode *mode)
{
    bool traps = (fegetexcept() & FE_INEXACT) != 0;
    return fegetround() == mode->rounding && traps == mode->traps && flushes() == mode->flush;
}

/* Lines through one point nearly, then units that pass by their crossings; tenths, and parallels
 * that differ by less than the least normal number. */
static char *hard_net(uint64_t seed)
{
    uint64_t state = seed;
    size_t length;
    char *text;
    FILE *out = open_memstream(&text, &length);
    fprintf(out, "{\"input\":2,\"layers\":[");
    for (int l = 0; l < 2; l++) {
        char bias[4096] = "";
        size_t at = 0;
        int inputs = l ? 7 : 2;
        fprintf(out, "{\"activation\":\"relu\",\"weight\":[");
        for (int u = 0; u < 7; u++) {
            double sum = 0;
            for (int j = 0; j < inputs; j++) {
                double weight = (double)nets_between(&state, -9, 9) / 10;
                fprintf(out, "%s%.17g", j ? "," : u ? "],[" : "[", weight);
                sum += weight * (j % 2 ? 0.3 : 0.1);
            }
            at += (size_t)snprintf(bias + at, sizeof bias - at, "%s%.17g", u ? "," : "",
                                   l || u % 3 ? -sum : (u - 3) * 5e-324);
        }
        fprintf(out, "]],\"bias\":[%s]},", bias);
    }
    fprintf(out, "{\"activation\":\"linear\",\"weight\":[[1,1,1,1,1,1,1]],\"bias\":[0]}]}");
    fclose(out);
    return text;
}

static uint64_t count(const char *text, const char *box, crease_engine engine, crease_lp lp,
                      int threads)
{
    crease_network *network;
    crease_domain *domain = NULL;
    crease_options options;
    crease_result result;
    crease_error error;
    crease_options_default(&options);
    options.engine = engine;
    options.lp = lp;
    options.threads = threads;
    ck_assert(!crease_network_parse(text, strlen(text), "hard", &network, &error));
    ck_assert(!box || !crease_domain_box(box, 2, &domain, &error));
    ck_assert_msg(!crease_count(network, domain, &options, &result, &error), "%s", error.text);
    ck_assert(result.complete);
    crease_domain_free(domain);
    crease_network_free(network);
    return result.regions;
}

START_TEST(modes_make_no_difference)
{
    const host_mode *mode = &host_modes[_i];
    for (uint64_t seed = 1; seed <= (getenv("CREASE_LONG") ? 24 : 8); seed++) {
        const char *box = seed % 2 ? "-1/3:0.7" : NULL;
        enter(&host_modes[0]);
        char *text = hard_net(seed);
        uint64_t want = count(text, box, CREASE_ENGINE_WALK, CREASE_LP_DENSE, 1);
        for (int way = 0; way < 4; way++) {
            enter(mode);
            uint64_t got = count(text, box, way % 2 ? CREASE_ENGINE_SPLIT : CREASE_ENGINE_WALK,
                                 way ? CREASE_LP_DENSE : CREASE_LP_GLPK, 1 + way / 2);
            bool kept = holds(mode);
            enter(&host_modes[0]);
            ck_assert_msg(kept, "%s: the mode is another one afterwards", mode->name);
            ck_assert_msg(got == want, "%s, way %d: %lu regions, not %lu: %s", mode->name, way,
                          (unsigned long)got, (unsigned long)want, text);
        }
        free(text);
    }
}
END_TEST

typedef struct {
    int calls, others, wrong; /* others: not by the first worker */
} looks;

static void look(void *context, const crease_progress *now)
{
    looks *seen = context;
    (void)now;
    seen->calls++;
    seen->others += omp_get_thread_num() > 0;
    seen->wrong += !holds(&host_modes[0]);
}

/* Threads of OpenMP stay from one region to the next, with their modes.  What a worker computes in,
 * a progress function sees. */
START_TEST(workers_have_a_mode_of_their_own)
{
    int wrong = 0, threads = 0;
    looks seen = {0, 0, 0};
    crease_options options;
    crease_result result;
    enter(&host_modes[0]);
    char *text = random_net((const int[]){4, 16, 16, 1}, 4, 1);
    crease_network *network = support_network(text);
    crease_options_default(&options);
    options.progress_interval = 0;
    options.progress = look;
    options.progress_context = &seen;
    options.threads = 2;
#pragma omp parallel num_threads(2)
    enter(&host_modes[omp_get_thread_num() ? 5 : 2]);
    for (int i = 0; i < 1000 && !seen.others; i++)
        ck_assert(!crease_count(network, NULL, &options, &result, NULL) && result.complete);
#pragma omp parallel num_threads(2) reduction(+ : wrong, threads)
    {
        threads++;
        wrong += !holds(&host_modes[omp_get_thread_num() ? 5 : 2]);
        enter(&host_modes[0]);
    }
    ck_assert_int_eq(threads, 2);
    ck_assert_int_eq(wrong, 0);
    ck_assert_int_gt(seen.others, 0);
    ck_assert_int_eq(seen.wrong, 0);
    crease_network_free(network);
    free(text);
}
END_TEST

/* What is nearest does not depend on the mode. */
START_TEST(modes_do_not_change_what_is_read)
{
    static const char text[] = "{\"input\":1,\"layers\":[{\"weight\":[[0.1],[0.7],[3e-310],[1e-3]],"
                               "\"bias\":[0.3,-0.3,5e-324,7e22],\"activation\":\"linear\"}]}";
    char want[65], got[65];
    for (int i = 0; i < (int)REPEATS(host_modes); i++) {
        enter(&host_modes[i]);
        crease_network *network = support_network(text);
        crease_network_digest(network, i ? got : want);
        crease_network_free(network);
        bool kept = holds(&host_modes[i]);
        enter(&host_modes[0]);
        ck_assert_msg(kept, "%s", host_modes[i].name);
        ck_assert_msg(!i || !strcmp(want, got), "%s: another network", host_modes[i].name);
    }
}
END_TEST

/* ---- GLPK ---- */

static int lines;
static jmp_buf fault;

static int hear(void *info, const char *text)
{
    (void)text;
    ++*(int *)info;
    return 1;
}

static void catch_fault(void *info)
{
    longjmp(*(jmp_buf *)info, 1);
}

/* max x + 2 y, x + y <= 4, 0 <= x <= 3, 0 <= y <= 2: 6 at (2, 2) */
static glp_prob *own_problem(void)
{
    glp_prob *problem = glp_create_prob();
    const int index[] = {0, 1, 2};
    const double value[] = {0, 1, 1};
    glp_set_obj_dir(problem, GLP_MAX);
    glp_add_rows(problem, 1);
    glp_set_row_bnds(problem, 1, GLP_UP, 0, 4);
    glp_add_cols(problem, 2);
    glp_set_col_bnds(problem, 1, GLP_DB, 0, 3);
    glp_set_col_bnds(problem, 2, GLP_DB, 0, 2);
    glp_set_obj_coef(problem, 1, 1);
    glp_set_obj_coef(problem, 2, 2);
    glp_set_mat_row(problem, 1, 2, index, value);
    return problem;
}

static void solve(glp_prob *problem, double want)
{
    ck_assert_int_eq(glp_simplex(problem, NULL), 0);
    ck_assert_double_eq_tol(glp_get_obj_val(problem), want, 1e-9);
}

START_TEST(problems_of_the_host)
{
    char *text = hard_net(5);
    uint64_t want = count(text, "-1:1", CREASE_ENGINE_WALK, CREASE_LP_DENSE, 1);
    lines = 0;
    glp_term_hook(hear, &lines);
    glp_error_hook(catch_fault, &fault);
    glp_prob *problem = own_problem(), *other[2];
    solve(problem, 6);
#pragma omp parallel num_threads(2)
    other[omp_get_thread_num()] = own_problem();
    for (int threads = 1; threads <= 2; threads++)
        for (int walk = 0; walk < 2; walk++) {
            crease_engine engine = walk ? CREASE_ENGINE_WALK : CREASE_ENGINE_SPLIT;
            ck_assert_uint_eq(count(text, "-1:1", engine, CREASE_LP_GLPK, threads), want);
            int before = lines;
            glp_set_obj_coef(problem, 1, 1 + threads);
            solve(problem, 4 + 2 * (1 + threads) + (threads == 2));
            ck_assert_int_gt(lines, before); /* GLPK's messages are the host's */
        }
#pragma omp parallel num_threads(2)
    glp_delete_prob(other[omp_get_thread_num()]);
    glp_delete_prob(problem);
    if (!setjmp(fault)) {
        glp_add_rows(glp_create_prob(), -1);
        ck_abort_msg("GLPK accepts -1 rows");
    }
    glp_free_env();
    free(text);
}
END_TEST

/* ---- Lack of memory in GMP ---- */

static void leave(const char *line)
{
    _exit(strcmp(line, "out of memory") ? 4 : 3);
}

START_TEST(lack_of_memory_is_heard_of)
{
    mpz_t early;
    mpz_init_set_ui(early, 7); /* by GMP's own functions */
    mpz_mul_2exp(early, early, 10000);
    crease_set_fatal(leave);
    mpz_mul_2exp(early, early, 10000);
    mpz_clear(early);
#if defined(__SANITIZE_ADDRESS__)
    _exit(3); /* it reports the request itself */
#endif
    void *(*ask)(size_t);
    mp_get_memory_functions(&ask, NULL, NULL);
    ask(PTRDIFF_MAX);
}
END_TEST

static void *own_alloc(size_t bytes)
{
    return malloc(bytes + 1);
}

static void *own_realloc(void *block, size_t old, size_t bytes)
{
    (void)old;
    return realloc(block, bytes + 1);
}

static void own_free(void *block, size_t bytes)
{
    (void)bytes;
    free(block);
}

START_TEST(functions_of_the_host)
{
    void *(*now)(size_t), *(*standard)(size_t);
    mp_get_memory_functions(&standard, NULL, NULL);
    crease_set_fatal(leave);
    mp_get_memory_functions(&now, NULL, NULL);
    ck_assert(now != standard);
    crease_set_fatal(NULL);
    mp_get_memory_functions(&now, NULL, NULL);
    ck_assert(now == standard);
    mp_set_memory_functions(own_alloc, own_realloc, own_free);
    crease_set_fatal(leave);
    mp_get_memory_functions(&now, NULL, NULL);
    ck_assert(now == own_alloc);
    crease_set_fatal(NULL);
    mp_get_memory_functions(&now, NULL, NULL);
    ck_assert(now == own_alloc);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("host");
    TCase *modes = support_case(suite, "floating point", 120);
    tcase_add_loop_test(modes, modes_make_no_difference, 0, REPEATS(host_modes));
    tcase_add_test(modes, workers_have_a_mode_of_their_own);
    tcase_add_test(modes, modes_do_not_change_what_is_read);
    TCase *glpk = support_case(suite, "GLPK", 60);
    tcase_add_test(glpk, problems_of_the_host);
    TCase *memory = support_case(suite, "memory", 60);
    tcase_add_exit_test(memory, lack_of_memory_is_heard_of, 3);
    tcase_add_test(memory, functions_of_the_host);
    setenv("CK_FORK", "yes", 1); /* a case ends its process */
    return support_run(suite);
}
