#include <crease_bounds.h>
#include <crease_estimate.h>
#include <crease_identify.h>
#include <crease_jobs.h>
#include <crease_pictures.h>
#include <crease_points.h>
#include <crease_regions.h>
#include <crease_sample.h>

void crease_sizes(size_t sizes[23])
{
    sizes[0] = sizeof(crease_options);
    sizes[1] = sizeof(crease_result);
    sizes[2] = sizeof(crease_layer_shape);
    sizes[3] = sizeof(crease_read_options);
    sizes[4] = sizeof(crease_progress);
    sizes[5] = sizeof(crease_bound);
    sizes[6] = sizeof(crease_estimate_plan);
    sizes[7] = sizeof(crease_estimation);
    sizes[8] = sizeof(crease_ball);
    sizes[9] = sizeof(crease_identification);
    sizes[10] = sizeof(crease_line_segment);
    sizes[11] = sizeof(crease_breakpoint);
    sizes[12] = sizeof(crease_boundary);
    sizes[13] = sizeof(crease_sample_plan);
    sizes[14] = sizeof(crease_sample_result);
    sizes[15] = sizeof(crease_region_graph);
    sizes[16] = sizeof(crease_region_stats);
    sizes[17] = sizeof(crease_polygons);
    sizes[18] = sizeof(crease_pictured);
    sizes[19] = sizeof(crease_picture);
    sizes[20] = sizeof(crease_margin);
    sizes[21] = sizeof(crease_piece_list);
    sizes[22] = sizeof(crease_checkpoint);
}
