/* One array of NumPy: the content of a .npy file. */
#ifndef CREASE_NET_NPY_H
#define CREASE_NET_NPY_H

#include "net/tensor.h"

/* Fills all of the tensor but its name from the bytes, which stay the caller's and must live as
 * long as the tensor; they must hold the array and nothing else.  Format: a magic number, the
 * version (1 to 3), the header's length, the header (a Python dictionary of descr, fortran_order
 * and shape), the data. */
crease_status crease_npy_read(const crease_source *source, const unsigned char *bytes,
                              size_t length, crease_tensor *tensor);

#endif
