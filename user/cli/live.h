/* SPDX-License-Identifier: BSD-2-Clause */
/* A run on a screen: its reports become rows of the model, and keys change what is shown. */
#ifndef SS_CLI_LIVE_H
#define SS_CLI_LIVE_H

#include "top/screen.h"
#include "trace/trace.h"

struct live;

/* Take over the terminal; messages then go to the screen. 0 or a negative errno with why set. */
int live_new(const struct options *opts, struct live **out, struct reason *why);
/* Give the terminal back; say what warnings there were, and what was lost. NULL is ok. */
void live_free(struct live *live);

/* Probes for live_view are about to be attached: until they are, nothing is shown. */
void live_attach(struct live *live);
/* The trace counts now. It must stay until live_leave. */
void live_begin(struct live *live, struct trace *trace);
/* The interval is over. 0 or a negative errno with why set. */
int live_report(struct live *live, struct trace *trace, struct reason *why);
/* Keys, or another size. As above. */
int live_input(struct live *live, struct trace *trace, struct reason *why);
/* It has been detached: the last rows. As above. */
int live_stopped(struct live *live, struct trace *trace, struct reason *why);
/*
 * Its processes have ended, also where that was found by an attaching that came behind it: from
 * here on nothing else can be traced. The view is then one of what has been: of bases or of sites,
 * which traced tells.
 */
void live_end(struct live *live, struct trace *trace, enum output_view traced);
/* The trace is about to go, its rows with it. */
void live_leave(struct live *live);

const struct screen *live_screen(const struct live *live);
/* What must be traced for the view: bases or sites. */
enum output_view live_view(const struct live *live);
double live_interval_s(const struct live *live);
bool live_is_over(const struct live *live);

#endif
