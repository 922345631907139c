#include "sample/kept.h"

#include "base/memory.h"

#include <stdlib.h>

void crease_kept_init(crease_kept *kept)
{
    *kept = (crease_kept){.step = CREASE_KEPT_PILOTS};
    mpz_init(kept->upper);
}

static void forget(crease_kept *kept)
{
    free(kept->place);
    free(kept->guess);
    kept->place = NULL;
    kept->guess = NULL;
    kept->learnt = 0;
}

void crease_kept_free(crease_kept *kept)
{
    forget(kept);
    mpz_clear(kept->upper);
}

void crease_kept_add(crease_kept *kept, size_t place, double guess)
{
    /* Room for a power of two. */
    if (!(kept->learnt & (kept->learnt - 1))) {
        size_t room = kept->learnt ? 2 * kept->learnt : 1;
        kept->place = crease_realloc(kept->place, room, sizeof *kept->place);
        kept->guess = crease_realloc(kept->guess, room, sizeof *kept->guess);
    }
    kept->place[kept->learnt] = place;
    kept->guess[kept->learnt++] = guess;
}

void crease_kept_take(crease_kept *kept, const crease_pilots *pilots)
{
    size_t count = crease_guesses_places(pilots->guesses);
    kept->next = pilots->next;
    kept->whole = pilots->whole;
    kept->yield = pilots->yield;
    kept->effort = pilots->effort;
    kept->pace = pilots->pace;
    kept->trials = pilots->trials;
    kept->lower = pilots->lower;
    mpz_set(kept->upper, pilots->upper);
    forget(kept);
    for (size_t i = 0; i < count; i++) {
        double guess = *crease_guesses_at(pilots->guesses, i);
        if (guess != 0)
            crease_kept_add(kept, i, guess);
    }
}

bool crease_kept_give(const crease_kept *kept, crease_pilots *pilots)
{
    size_t count = crease_guesses_places(pilots->guesses);
    if (kept->learnt && kept->place[kept->learnt - 1] >= count)
        return false;
    pilots->next = kept->next;
    pilots->whole = kept->whole;
    pilots->yield = kept->yield;
    pilots->effort = kept->effort;
    pilots->pace = kept->pace;
    pilots->trials = kept->trials;
    pilots->lower = kept->lower;
    mpz_set(pilots->upper, kept->upper);
    for (size_t i = 0; i < kept->learnt; i++)
        *crease_guesses_at(pilots->guesses, kept->place[i]) = kept->guess[i];
    return true;
}
