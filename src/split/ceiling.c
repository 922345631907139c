#include "split/ceiling.h"

static void clear(crease_ceiling *ceiling)
{
    mpz_clears(ceiling->own, ceiling->before, NULL);
}

bool crease_ceiling_begin(crease_worker *w, size_t l, const uint64_t *cut, crease_ceiling *ceiling)
{
    const crease_keeper *keeper = w->shared->task->keeper;
    mpz_init(ceiling->own);
    mpz_init_set(ceiling->before, keeper->most);
    crease_most_add(w->shared->most, w->stage, l, cut, ceiling->own);
    if (keeper->part_above && mpz_cmp(ceiling->own, keeper->part_above) > 0)
        return true;
    mpz_add(keeper->most, keeper->most, ceiling->own);
    clear(ceiling);
    crease_worker_finish(w, 0);
    return false;
}

void crease_ceiling_end(crease_worker *w, crease_ceiling *ceiling)
{
    mpz_ptr most = w->shared->task->keeper->most;
    mpz_add(ceiling->own, ceiling->own, ceiling->before);
    if (mpz_cmp(most, ceiling->own) > 0)
        mpz_set(most, ceiling->own);
    clear(ceiling);
}
