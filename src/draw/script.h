/* The program that gnuplot runs for a plot. */
#ifndef CREASE_DRAW_SCRIPT_H
#define CREASE_DRAW_SCRIPT_H

#include "draw/plot.h"

#include <stdio.h>

/* It draws to gnuplot's standard output. */
void crease_plot_script(const crease_plot *plot, bool svg, FILE *file);

#endif
