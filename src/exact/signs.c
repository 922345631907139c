#include "exact/signs.h"

#include "base/lanes.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

static inline bool left_out(const uint64_t *wanted, size_t u)
{
    return wanted && !(wanted[u / 64] >> u % 64 & 0xff);
}

#if defined(__x86_64__) && !defined(CREASE_NO_CLONES)
#include <immintrin.h>
#define AVX512 __attribute__((target("avx512f")))
#define AVX2 __attribute__((target("avx2,fma")))

#define INLINED inline __attribute__((always_inline))

/* The blocks of 8 rows from row 64 w on with a row of the set. */
static inline unsigned blocks_of(const crease_sign_rows *rows, const uint64_t *wanted, size_t w)
{
    unsigned blocks = 0;
    for (size_t k = 0; k < 8 && 64 * w + 8 * k < rows->stride; k++)
        blocks |= (unsigned)!left_out(wanted, 64 * w + 8 * k) << k;
    return blocks;
}

/* The signs of these blocks.  d is a constant where this is called, so that the loop over
 * coordinates unrolls. */
static INLINED AVX512 void word_avx512(const crease_sign_rows *rows, size_t d,
                                       const crease_sign_point *at, size_t w, unsigned blocks)
{
    const __m512d tiny = _mm512_set1_pd(at->one > 0 ? 0x1p-1000 : 0);
    const __m512d infinity = _mm512_set1_pd(INFINITY), zero = _mm512_setzero_pd();
    const __m512d one = _mm512_set1_pd(at->one), err = _mm512_set1_pd(at->err);
    uint64_t positive = 0, negative = 0;
    for (; blocks; blocks &= blocks - 1) {
        size_t k = 8 * (size_t)__builtin_ctz(blocks), u = 64 * w + k;
        __m512d value = zero;
        for (size_t j = 0; j < d; j++)
            value = _mm512_fmadd_pd(_mm512_loadu_pd(rows->row + j * rows->stride + u),
                                    _mm512_set1_pd(at->v[j]), value);
        __m512d bound = _mm512_fmadd_pd(_mm512_loadu_pd(rows->bound + u), one, tiny);
        bound = _mm512_fmadd_pd(_mm512_loadu_pd(rows->slope + u), err, bound);
        __m512d minus = _mm512_sub_pd(zero, value);
        __mmask8 finite = _mm512_cmp_pd_mask(_mm512_abs_pd(value), infinity, _CMP_LT_OQ);
        __mmask8 above = _mm512_mask_cmp_pd_mask(finite, value, bound, _CMP_GT_OQ);
        __mmask8 below = _mm512_mask_cmp_pd_mask(finite, minus, bound, _CMP_GT_OQ);
        positive |= (uint64_t)above << k;
        negative |= (uint64_t)below << k;
    }
    at->positive[w] |= positive;
    at->negative[w] |= negative;
}

static AVX512 void signs_avx512(const crease_sign_rows *rows, const crease_sign_point *point,
                                size_t count, const uint64_t *wanted)
{
    for (size_t w = 0; 64 * w < rows->stride; w++) {
        const unsigned blocks = blocks_of(rows, wanted, w);
        for (size_t i = 0; i < count && rows->d == 3; i++)
            word_avx512(rows, 3, &point[i], w, blocks);
        for (size_t i = 0; i < count && rows->d == 4; i++)
            word_avx512(rows, 4, &point[i], w, blocks);
        for (size_t i = 0; i < count && rows->d != 3 && rows->d != 4; i++)
            word_avx512(rows, rows->d, &point[i], w, blocks);
    }
}

static AVX2 void signs_avx2(const crease_sign_rows *rows, const crease_sign_point *at,
                            const uint64_t *wanted)
{
    const __m256d tiny = _mm256_set1_pd(at->one > 0 ? 0x1p-1000 : 0);
    const __m256d infinity = _mm256_set1_pd(INFINITY);
    for (size_t u = 0; u < rows->stride; u += 4) {
        if (left_out(wanted, u / 8 * 8))
            continue;
        __m256d value = _mm256_setzero_pd();
        for (size_t j = 0; j < rows->d; j++)
            value = _mm256_fmadd_pd(_mm256_loadu_pd(rows->row + j * rows->stride + u),
                                    _mm256_set1_pd(at->v[j]), value);
        __m256d bound =
            _mm256_fmadd_pd(_mm256_loadu_pd(rows->bound + u), _mm256_set1_pd(at->one), tiny);
        bound = _mm256_fmadd_pd(_mm256_loadu_pd(rows->slope + u), _mm256_set1_pd(at->err), bound);
        __m256d minus = _mm256_sub_pd(_mm256_setzero_pd(), value);
        __m256d above_bound = _mm256_and_pd(_mm256_cmp_pd(value, bound, _CMP_GT_OQ),
                                            _mm256_cmp_pd(value, infinity, _CMP_LT_OQ));
        __m256d below_bound = _mm256_and_pd(_mm256_cmp_pd(minus, bound, _CMP_GT_OQ),
                                            _mm256_cmp_pd(minus, infinity, _CMP_LT_OQ));
        uint64_t above = (uint64_t)_mm256_movemask_pd(above_bound);
        uint64_t below = (uint64_t)_mm256_movemask_pd(below_bound);
        at->positive[u / 64] |= above << u % 64;
        at->negative[u / 64] |= below << u % 64;
    }
}
#endif

static void signs_plain(const crease_sign_rows *rows, const crease_sign_point *at,
                        const uint64_t *wanted)
{
    const double tiny = at->one > 0 ? 0x1p-1000 : 0;
    for (size_t u = 0; u < rows->stride; u++) {
        if (left_out(wanted, u / 8 * 8))
            continue;
        double value = 0;
        for (size_t j = 0; j < rows->d; j++)
            value += rows->row[j * rows->stride + u] * at->v[j];
        double bound = rows->bound[u] * at->one + rows->slope[u] * at->err + tiny;
        at->positive[u / 64] |= (uint64_t)(value > bound && value < INFINITY) << u % 64;
        at->negative[u / 64] |= (uint64_t)(-value > bound && -value < INFINITY) << u % 64;
    }
}

void crease_signs_at(const crease_sign_rows *rows, const crease_sign_point *point, size_t count,
                     const uint64_t *wanted)
{
    assert(rows->stride % 8 == 0);
#if defined(__x86_64__) && !defined(CREASE_NO_CLONES)
    if (CREASE_HAS_AVX512) {
        signs_avx512(rows, point, count, wanted);
        return;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        for (size_t i = 0; i < count; i++)
            signs_avx2(rows, &point[i], wanted);
        return;
    }
#endif
    for (size_t i = 0; i < count; i++)
        signs_plain(rows, &point[i], wanted);
}

void crease_signs(const crease_sign_rows *rows, const double *v, double one, double err,
                  const uint64_t *wanted, uint64_t *positive, uint64_t *negative)
{
    crease_signs_at(rows, &(crease_sign_point){v, one, err, positive, negative}, 1, wanted);
}
