/* Arrays of NumPy: the content of a .npy file, and one array of an .npz file. */
#ifndef CREASE_NET_NPY_H
#define CREASE_NET_NPY_H

#include "net/tensor.h"

/* Sets all of the tensor except its name.  bytes must hold one array and nothing else.  The caller
 * owns them, and they must live as long as the tensor.  Format: a magic number, the version (1 to
 * 3), the header's length, the header (a Python dictionary of descr, fortran_order and shape), the
 * data. */
crease_status crease_npy_read(const crease_source *source, const unsigned char *bytes,
                              size_t length, crease_tensor *tensor);

/* The same for one array of an .npz file: the only one, or the one with the first of these names,
 * which end with NULL, that is there.  The caller frees the tensor's names and *bytes, which hold
 * its data; also after an error. */
crease_status crease_npz_read_one(const crease_source *source, const char *const *names,
                                  crease_tensor *tensor, unsigned char **bytes);

#endif
