/* The classes of cells that have one image (dd/image.h), at the borders into all layers that switch
 * but the first.
 *
 * The cells at a border are the regions of the layers before it.  Let c and d be cells at a border
 * with one image.  Their regions correspond (dd/image.h), and so do the cells that later layers
 * divide them into; corresponding cells have one image, since it is a function of the image of c
 * and d.  So one cell of each class is searched, and the classes below it, with the number of its
 * cells in each of them, are those of every cell of the class.  The sizes follow from the first
 * layer on: a class has the sum, over the classes above, of their size times the number of such
 * cells in one of theirs (Montufar, Pascanu, Cho, Bengio 2014, section 2.3).
 *
 * Any thread may call these functions. */
#ifndef CREASE_SPLIT_CLASSES_H
#define CREASE_SPLIT_CLASSES_H

#include "search/search.h"

typedef struct crease_class crease_class;

/* every: all cells are searched, and counted one by one. */
crease_classes *crease_classes_new(bool every);
void crease_classes_free(crease_classes *classes);

/* The class of the whole domain. */
crease_class *crease_classes_root(crease_classes *classes);

/* The class of a cell with the key, which is taken over, at a border of a cell of the class above.
 * border: 0 for the border into the second layer that switches, and so on.  fresh: the cell was not
 * seen before.  Sets *search if it is to be searched, which holds of all that are not fresh. */
crease_class *crease_classes_enter(crease_classes *classes, crease_class *above, size_t border,
                                   uint8_t *key, size_t bytes, bool fresh, bool *search);

/* Adds regions of the network to a cell of the class that is searched. */
void crease_classes_count(crease_classes *classes, crease_class *own, uint64_t regions);

/* A cell at a border carries no rays: there are no classes. */
void crease_classes_fail(crease_classes *classes);
bool crease_classes_failed(const crease_classes *classes);

/* When the search has ended: the cells in the class, for all classes at the border, ascending.  The
 * caller frees the array and its entries.  regions: all regions of the network are added. */
mpz_t *crease_classes_sizes(crease_classes *classes, size_t border, size_t *count);
void crease_classes_regions(crease_classes *classes, mpz_t regions);

#endif
