/* SPDX-License-Identifier: BSD-2-Clause */
/* What keys do to what is shown. */
#ifndef SS_TOP_CONTROLS_H
#define SS_TOP_CONTROLS_H

#include "top/model.h"

/* Keys that are no characters. */
enum top_key {
	TOP_KEY_NONE = -1,
	TOP_KEY_UP = 0x110000,
	TOP_KEY_DOWN,
	TOP_KEY_LEFT,
	TOP_KEY_RIGHT,
	TOP_KEY_PAGE_UP,
	TOP_KEY_PAGE_DOWN,
	TOP_KEY_HOME,
	TOP_KEY_END,
	TOP_KEY_ENTER,
	TOP_KEY_BACKSPACE,
	TOP_KEY_DELETE,
	TOP_KEY_ESCAPE,
	TOP_KEY_HELP,
	TOP_KEY_FILTER,
	TOP_KEY_SORT,
	TOP_KEY_QUIT,
};

#define TOP_NOTE_SIZE 256

struct top_controls {
	struct top_model *model;
	double interval_s;
	bool paused, help, editing, quit;
	bool locked;		    /* nothing else than now can be traced any more */
	size_t width, room;	    /* of the screen; rows that it shows */
	size_t shift;		    /* columns that have gone to the left */
	size_t help_first;	    /* line of the help */
	bool help_moves;	    /* there is more of it than room */
	char before[TOP_TEXT_SIZE]; /* the filter, before it was edited */
	char note[TOP_NOTE_SIZE];   /* for people; gone at the next key */
};

/* Is it one that goes by the rows, which must be those of the model then: top_model_show. */
bool top_controls_needs_rows(const struct top_controls *c, int key);
/* A key: a byte of text, or an enum top_key. */
void top_controls_key(struct top_controls *c, int key, const struct top_run *run);

#endif
