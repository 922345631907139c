/* Certificates of a whole count and of its parts. */
#ifndef CREASE_API_CERTIFY_H
#define CREASE_API_CERTIFY_H

#include "proof/file.h"
#include "search/search.h"

/* crease_certify for a certificate of that kind.  keeper: its cells; NULL: all. */
crease_status crease_certify_part(const crease_network *network, const crease_domain *domain,
                                  const crease_options *options, const crease_keeper *keeper,
                                  crease_certificate_kind kind, size_t number, const char *path,
                                  crease_result *result, crease_error *error);

#endif
