#include "base/shadow.h"

#include "base/status.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

const crease_shadow_entry crease_shadow_list[CREASE_FILTERS] = {
    [CREASE_FILTER_RAY_LINE] = {"ray line", "src/dd/ray_cell.c", "crease_shadow_ray",
                                "src/dd/rays.c"},
    [CREASE_FILTER_RAY_SIGNS] = {"ray signs", "src/exact/filter.h", "crease_shadow_ray",
                                 "src/dd/rays.c"},
    [CREASE_FILTER_RAY_AHEAD] = {"ray ahead", "src/dd/ahead.h", "crease_shadow_ray",
                                 "src/dd/ahead.c"},
    [CREASE_FILTER_RAY_VALUE] = {"ray value", "src/exact/filter.h", "crease_shadow_value",
                                 "src/dd/rays.c"},
    [CREASE_FILTER_RAY_KEPT] = {"ray values kept", "src/dd/values.h", "crease_shadow_kept",
                                "src/dd/rays.c"},
    [CREASE_FILTER_POINT_SIGNS] = {"point signs", "src/exact/filter.h", "crease_shadow_point_signs",
                                   "src/cells/lp_cell.c"},
    [CREASE_FILTER_CELL_INSIDE] = {"point inside", "src/exact/filter.h", "crease_shadow_interior",
                                   "src/cells/lp_cell.c"},
    [CREASE_FILTER_CROSSINGS] = {"crossings", "src/cells/restriction.c", "crease_shadow_segment",
                                 "src/cells/restriction.c"},
    [CREASE_FILTER_TRACES] = {"traces", "src/cells/restriction.c", "crease_shadow_traces",
                              "src/cells/restriction.c"},
    [CREASE_FILTER_MAPS] = {"maps", "src/model/sum.h", "crease_shadow_map", "src/model/map.c"},
    [CREASE_FILTER_WEIGHTS] = {"weights", "src/model/layer.c", "crease_shadow_weights",
                               "src/model/layer.c"},
    [CREASE_FILTER_FACES] = {"faces", "src/exact/integer.h", "crease_shadow_faces",
                             "src/model/faces.c"},
    [CREASE_FILTER_CONE_ROWS] = {"cone rows", "src/lp/cone.c", "crease_shadow_cone_row",
                                 "src/lp/cone.c"},
    [CREASE_FILTER_CONE_SIGN] = {"cone sign", "src/exact/filter.h", "crease_shadow_cone_sign",
                                 "src/lp/cone.c"},
    [CREASE_FILTER_CONE_INSIDE] = {"cone inside", "src/exact/filter.h",
                                   "crease_shadow_cone_contains", "src/lp/cone.c"},
    [CREASE_FILTER_CONE_CUTS] = {"cone cuts", "src/lp/cone.h", "crease_shadow_cone_cuts",
                                 "src/lp/cone.c"},
    [CREASE_FILTER_CONE_MEETS] = {"cone meets", "src/lp/cone_meet.h", "crease_shadow_cone_meets",
                                  "src/lp/cone_meet.c"},
    [CREASE_FILTER_CONE_APART] = {"cone apart", "src/lp/cone_meet.h", "crease_shadow_cone_apart",
                                  "src/lp/cone_meet.c"},
    [CREASE_FILTER_BASIS] = {"basis", "src/lp/cone.h", "crease_shadow_cone_basis", "src/lp/cone.c"},
    [CREASE_FILTER_SPAN] = {"span", "src/lp/cone.h", "crease_shadow_cone_span", "src/lp/cone.c"},
    [CREASE_FILTER_PARALLEL] = {"parallel rows", "src/lp/cone.c", "crease_shadow_cone_parallel",
                                "src/lp/cone.c"},
    [CREASE_FILTER_LEADING] = {"leading bits", "src/exact/integer.h", "crease_shadow_leading",
                               "src/exact/integer.c"},
    [CREASE_FILTER_RANK] = {"modular rank", "src/exact/integer.h", "crease_shadow_rank",
                            "src/exact/integer.c"},
    [CREASE_FILTER_PRINTS] = {"fingerprints", "src/model/output_map.h", "crease_shadow_prints",
                              "src/walk/affine_classes.c"},
    [CREASE_FILTER_PIVOT] = {"pivot", "src/proof/witnesses.c", "crease_shadow_pivot",
                             "src/proof/witnesses.c"},
    [CREASE_FILTER_WITNESS] = {"witness", "src/proof/witnesses.c", "crease_shadow_witness",
                               "src/proof/witnesses.c"},
    [CREASE_FILTER_VERTEX] = {"vertex", "src/proof/survey.h", "shadow_vertices",
                              "src/proof/farkas_vertices.c"},
    [CREASE_FILTER_KERNEL] = {"kernel ray", "src/dd/layers.h", "crease_shadow_kernel",
                              "src/dd/project.c"},
    [CREASE_FILTER_ACTIVE] = {"active sets", "src/dd/rays.h", "crease_shadow_active",
                              "src/dd/ray_cell.c"},
    [CREASE_FILTER_RESTRICTION] = {"restriction", "src/cells/restriction.h",
                                   "crease_shadow_restriction", "src/cells/cell.c"},
    [CREASE_FILTER_MEETS] = {"counts by meetings", "src/cells/meets.h", "crease_shadow_meets",
                             "src/cells/cell.c"},
    [CREASE_FILTER_OUTLINE] = {"outline", "src/dd/outline.h", "crease_shadow_outline",
                               "src/dd/outline.c"},
    [CREASE_FILTER_OUTLINE_CUT] = {"outline cut", "src/dd/outline.h", "crease_shadow_outline_cut",
                                   "src/dd/outline.c"},
    [CREASE_FILTER_DIFFERENT] = {"outline zeros", "src/dd/outline.h",
                                 "crease_shadow_outline_differ", "src/dd/outline.c"},
    [CREASE_FILTER_LEAST] = {"outline vertices", "src/cells/outline_proof.h", "crease_shadow_least",
                             "src/cells/outline_proof.c"},
    [CREASE_FILTER_BOX_BOUNDS] = {"box bounds", "src/lp/boxed.c", "crease_shadow_boxed_bounds",
                                  "src/lp/boxed.c"},
    [CREASE_FILTER_BOX_ROWS] = {"box rows", "src/lp/boxed.c", "crease_shadow_boxed_row",
                                "src/lp/boxed.c"},
    [CREASE_FILTER_BOX_INSIDE] = {"box inside", "src/lp/boxed.h", "crease_shadow_boxed_contains",
                                  "src/lp/boxed.c"},
    [CREASE_FILTER_BOX_CUTS] = {"box cuts", "src/lp/boxed.h", "crease_shadow_boxed_cuts",
                                "src/lp/boxed.c"},
    [CREASE_FILTER_BOX_SUPPORT] = {"box support", "src/lp/boxed.h", "crease_shadow_boxed_support",
                                   "src/lp/boxed_support.c"},
    [CREASE_FILTER_BOX_MEETS] = {"box meets", "src/lp/boxed_meet.h", "crease_shadow_boxed_meets",
                                 "src/lp/boxed_meet.c"},
    [CREASE_FILTER_BOX_APART] = {"box apart", "src/lp/boxed_meet.h", "crease_shadow_boxed_apart",
                                 "src/lp/boxed_meet.c"},
    [CREASE_FILTER_SETTLED] = {"settled units", "src/model/enclose.h", "crease_shadow_settled",
                               "src/model/settle.c"},
    [CREASE_FILTER_MERGED] = {"merged cells", "src/dd/image.h", "crease_shadow_merged",
                              "src/split/border.c"},
};

static _Atomic uint64_t counted[CREASE_FILTERS];

void crease_shadow_count(crease_filter filter)
{
    atomic_fetch_add_explicit(&counted[filter], 1, memory_order_relaxed);
}

uint64_t crease_shadow_counted(crease_filter filter)
{
    return atomic_load_explicit(&counted[filter], memory_order_relaxed);
}

void crease_shadow_fail(crease_filter filter, const char *format, ...)
{
    char line[4096];
    va_list list;
    int used = snprintf(line, sizeof line, "shadow: %s: ", crease_shadow_list[filter].name);
    va_start(list, format);
    vsnprintf(line + used, sizeof line - (size_t)used, format, list);
    va_end(list);
    crease_fatal(line);
}

#ifdef CREASE_SHADOW_BUILD
/* Appends the number of checks per filter to a file, so that tests can add them up over
 * processes. */
static __attribute__((destructor)) void write_counts(void)
{
    const char *path = getenv("CREASE_SHADOW_COUNTS");
    FILE *file = path ? fopen(path, "a") : NULL;
    if (!file)
        return;
    for (int f = 0; f < CREASE_FILTERS; f++)
        if (crease_shadow_counted((crease_filter)f))
            fprintf(file, "%s\t%llu\n", crease_shadow_list[f].name,
                    (unsigned long long)crease_shadow_counted((crease_filter)f));
    fclose(file);
}
#endif
