#include "dd/pairs.h"

#include "base/lanes.h"

#include <assert.h>

crease_pairs crease_pairs_new(crease_arena *arena, crease_ray *const *ray, size_t count)
{
    crease_pairs list = {count, crease_arena_take(arena, count * sizeof *list.low), NULL};
    uint64_t high = 0;
    assert(count <= UINT32_MAX);
    for (size_t i = 0; i < count; i++) {
        list.low[i] = ray[i]->active.word[0];
        high |= ray[i]->active.word[1];
    }
    if (!high)
        return list;
    list.high = crease_arena_take(arena, count * sizeof *list.high);
    for (size_t i = 0; i < count; i++)
        list.high[i] = ray[i]->active.word[1];
    return list;
}

#if defined(__x86_64__) && !defined(CREASE_NO_CLONES)
#include <immintrin.h>
#define CLONES __attribute__((target_clones("popcnt", "default")))
/* Fewer rays than this are faster one by one. */
enum { MANY = 8 };

#define AVX512 __attribute__((target("avx512f,avx512vpopcntdq,bmi")))

static AVX512 size_t near_avx512(const crease_pairs *list, const crease_active_set *set,
                                 size_t least, crease_near *found)
{
    const __m512i low = _mm512_set1_epi64((long long)set->word[0]);
    const __m512i high = _mm512_set1_epi64((long long)set->word[1]);
    const __m512i wanted = _mm512_set1_epi64((long long)least);
    bool two = list->high && set->word[1];
    size_t count = 0;
    for (size_t k = 0; k < list->count; k += 8) {
        size_t rest = list->count - k;
        __mmask8 lanes = rest < 8 ? (__mmask8)((1u << rest) - 1) : 0xff;
        __m512i shared = _mm512_popcnt_epi64(
            _mm512_and_si512(_mm512_maskz_loadu_epi64(lanes, list->low + k), low));
        if (two)
            shared = _mm512_add_epi64(shared,
                                      _mm512_popcnt_epi64(_mm512_and_si512(
                                          _mm512_maskz_loadu_epi64(lanes, list->high + k), high)));
        unsigned hits = _mm512_mask_cmpge_epu64_mask(lanes, shared, wanted);
        if (!hits)
            continue;
        uint64_t number[8];
        _mm512_storeu_si512(number, shared);
        for (; hits; hits &= hits - 1) {
            unsigned lane = (unsigned)__builtin_ctz(hits);
            found[count++] = (crease_near){(uint32_t)k + lane, (uint32_t)number[lane]};
        }
    }
    return count;
}

static AVX512 size_t narrow_avx512(const uint32_t *list, size_t count, uint32_t set, size_t least,
                                   crease_near *found)
{
    const __m512i own = _mm512_set1_epi32((int)set), wanted = _mm512_set1_epi32((int)least);
    size_t hits_so_far = 0;
    for (size_t k = 0; k < count; k += 16) {
        size_t rest = count - k;
        __mmask16 lanes = rest < 16 ? (__mmask16)((1u << rest) - 1) : 0xffff;
        __m512i shared =
            _mm512_popcnt_epi32(_mm512_and_si512(_mm512_maskz_loadu_epi32(lanes, list + k), own));
        unsigned hits = _mm512_mask_cmpge_epu32_mask(lanes, shared, wanted);
        if (!hits)
            continue;
        uint32_t number[16];
        _mm512_storeu_si512(number, shared);
        for (; hits; hits &= hits - 1) {
            unsigned lane = (unsigned)__builtin_ctz(hits);
            found[hits_so_far++] = (crease_near){(uint32_t)k + lane, number[lane]};
        }
    }
    return hits_so_far;
}
#else
#define CLONES
#endif

static CLONES size_t near_plain(const crease_pairs *list, const crease_active_set *set,
                                size_t least, crease_near *found)
{
    bool two = list->high && set->word[1];
    size_t count = 0;
    for (size_t k = 0; k < list->count; k++) {
        size_t shared = (size_t)__builtin_popcountll(list->low[k] & set->word[0]);
        if (two)
            shared += (size_t)__builtin_popcountll(list->high[k] & set->word[1]);
        found[count] = (crease_near){(uint32_t)k, (uint32_t)shared};
        count += shared >= least;
    }
    return count;
}

size_t crease_pairs_near(const crease_pairs *list, const crease_active_set *set, size_t least,
                         crease_near *found)
{
#if defined(__x86_64__) && !defined(CREASE_NO_CLONES)
    if (list->count >= MANY && CREASE_HAS_AVX512 && __builtin_cpu_supports("avx512vpopcntdq"))
        return near_avx512(list, set, least, found);
#endif
    return near_plain(list, set, least, found);
}

static CLONES size_t narrow_plain(const uint32_t *list, size_t count, uint32_t set, size_t least,
                                  crease_near *found)
{
    size_t hits = 0;
    for (size_t k = 0; k < count; k++) {
        size_t shared = (size_t)__builtin_popcount(list[k] & set);
        found[hits] = (crease_near){(uint32_t)k, (uint32_t)shared};
        hits += shared >= least;
    }
    return hits;
}

size_t crease_pairs_near_narrow(const uint32_t *list, size_t count, uint32_t set, size_t least,
                                crease_near *found)
{
#if defined(__x86_64__) && !defined(CREASE_NO_CLONES)
    if (count >= MANY && CREASE_HAS_AVX512 && __builtin_cpu_supports("avx512vpopcntdq"))
        return narrow_avx512(list, count, set, least, found);
#endif
    return narrow_plain(list, count, set, least, found);
}
