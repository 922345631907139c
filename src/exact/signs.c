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

static AVX512 void signs_avx512(const crease_sign_rows *rows, const double *v, double one,
                                double err, const uint64_t *wanted, uint64_t *positive,
                                uint64_t *negative)
{
    const __m512d tiny = _mm512_set1_pd(one > 0 ? 0x1p-1000 : 0);
    const __m512d infinity = _mm512_set1_pd(INFINITY);
    for (size_t u = 0; u < rows->stride; u += 8) {
        if (left_out(wanted, u))
            continue;
        __m512d value = _mm512_setzero_pd();
        for (size_t j = 0; j < rows->d; j++)
            value = _mm512_fmadd_pd(_mm512_loadu_pd(rows->row + j * rows->stride + u),
                                    _mm512_set1_pd(v[j]), value);
        __m512d bound =
            _mm512_fmadd_pd(_mm512_loadu_pd(rows->bound + u), _mm512_set1_pd(one), tiny);
        bound = _mm512_fmadd_pd(_mm512_loadu_pd(rows->slope + u), _mm512_set1_pd(err), bound);
        __m512d minus = _mm512_sub_pd(_mm512_setzero_pd(), value);
        __mmask8 finite = _mm512_cmp_pd_mask(_mm512_abs_pd(value), infinity, _CMP_LT_OQ);
        __mmask8 above = _mm512_mask_cmp_pd_mask(finite, value, bound, _CMP_GT_OQ);
        __mmask8 below = _mm512_mask_cmp_pd_mask(finite, minus, bound, _CMP_GT_OQ);
        positive[u / 64] |= (uint64_t)above << u % 64;
        negative[u / 64] |= (uint64_t)below << u % 64;
    }
}

static AVX2 void signs_avx2(const crease_sign_rows *rows, const double *v, double one, double err,
                            const uint64_t *wanted, uint64_t *positive, uint64_t *negative)
{
    const __m256d tiny = _mm256_set1_pd(one > 0 ? 0x1p-1000 : 0);
    const __m256d infinity = _mm256_set1_pd(INFINITY);
    for (size_t u = 0; u < rows->stride; u += 4) {
        if (left_out(wanted, u / 8 * 8))
            continue;
        __m256d value = _mm256_setzero_pd();
        for (size_t j = 0; j < rows->d; j++)
            value = _mm256_fmadd_pd(_mm256_loadu_pd(rows->row + j * rows->stride + u),
                                    _mm256_set1_pd(v[j]), value);
        __m256d bound =
            _mm256_fmadd_pd(_mm256_loadu_pd(rows->bound + u), _mm256_set1_pd(one), tiny);
        bound = _mm256_fmadd_pd(_mm256_loadu_pd(rows->slope + u), _mm256_set1_pd(err), bound);
        __m256d minus = _mm256_sub_pd(_mm256_setzero_pd(), value);
        __m256d above_bound = _mm256_and_pd(_mm256_cmp_pd(value, bound, _CMP_GT_OQ),
                                            _mm256_cmp_pd(value, infinity, _CMP_LT_OQ));
        __m256d below_bound = _mm256_and_pd(_mm256_cmp_pd(minus, bound, _CMP_GT_OQ),
                                            _mm256_cmp_pd(minus, infinity, _CMP_LT_OQ));
        uint64_t above = (uint64_t)_mm256_movemask_pd(above_bound);
        uint64_t below = (uint64_t)_mm256_movemask_pd(below_bound);
        positive[u / 64] |= above << u % 64;
        negative[u / 64] |= below << u % 64;
    }
}
#endif

static void signs_plain(const crease_sign_rows *rows, const double *v, double one, double err,
                        const uint64_t *wanted, uint64_t *positive, uint64_t *negative)
{
    const double tiny = one > 0 ? 0x1p-1000 : 0;
    for (size_t u = 0; u < rows->stride; u++) {
        if (left_out(wanted, u / 8 * 8))
            continue;
        double value = 0;
        for (size_t j = 0; j < rows->d; j++)
            value += rows->row[j * rows->stride + u] * v[j];
        double bound = rows->bound[u] * one + rows->slope[u] * err + tiny;
        positive[u / 64] |= (uint64_t)(value > bound && value < INFINITY) << u % 64;
        negative[u / 64] |= (uint64_t)(-value > bound && -value < INFINITY) << u % 64;
    }
}

void crease_signs(const crease_sign_rows *rows, const double *v, double one, double err,
                  const uint64_t *wanted, uint64_t *positive, uint64_t *negative)
{
    assert(rows->stride % 8 == 0);
#if defined(__x86_64__) && !defined(CREASE_NO_CLONES)
    if (CREASE_HAS_AVX512) {
        signs_avx512(rows, v, one, err, wanted, positive, negative);
        return;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        signs_avx2(rows, v, one, err, wanted, positive, negative);
        return;
    }
#endif
    signs_plain(rows, v, one, err, wanted, positive, negative);
}
