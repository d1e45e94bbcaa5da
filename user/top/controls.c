// SPDX-License-Identifier: BSD-2-Clause
#include "top/controls.h"

#include <stdio.h>
#include <string.h>

#include "top/help.h"

#define SHIFT	   8
#define CONTROL(c) ((c)&0x1f)

/* For the whole of a character, whose first byte is 11xxxxxx and all others are 10xxxxxx. */
static bool has_room(const char *text, size_t n, int byte)
{
	const size_t left = TOP_TEXT_SIZE - 1 - n;

	if (byte >= 0xc0)
		return left >= 4;
	return left >= 1 && (byte < 0x80 || (n && (unsigned char)text[n - 1] >= 0x80));
}

static void edit_byte(struct top_controls *c, int key)
{
	char text[TOP_TEXT_SIZE];
	size_t n;

	snprintf(text, sizeof(text), "%s", top_model_filter(c->model));
	n = strlen(text);
	/* It is edited at its end. */
	if (key == TOP_KEY_BACKSPACE || key == TOP_KEY_DELETE) {
		/* A character may have several bytes, of which all but the first are 10xxxxxx. */
		while (n && ((unsigned char)text[n - 1] & 0xc0) == 0x80)
			n--;
		text[n ? n - 1 : 0] = '\0';
	} else if (key == CONTROL('u')) {
		text[0] = '\0';
	} else if (key >= ' ' && key < 256 && key != 0x7f && has_room(text, n, key)) {
		text[n] = (char)key;
		text[n + 1] = '\0';
	}
	top_model_set_filter(c->model, text);
}

static void edit_filter(struct top_controls *c, int key)
{
	switch (key) {
	case TOP_KEY_ENTER:
		c->editing = false;
		break;
	case TOP_KEY_ESCAPE:
		c->editing = false;
		top_model_set_filter(c->model, c->before);
		break;
	default:
		edit_byte(c, key);
	}
}

static void begin_filter(struct top_controls *c)
{
	c->editing = true;
	snprintf(c->before, sizeof(c->before), "%s", top_model_filter(c->model));
}

static bool can_sort(const struct top_controls *c, enum top_field field, const struct top_run *run)
{
	return top_fields[field].value &&
	       top_field_shown(field, top_model_view(c->model), SIZE_MAX, run->report);
}

static void sort_by(struct top_controls *c, enum top_field field, const struct top_run *run)
{
	if (can_sort(c, field, run))
		top_model_set_sort(c->model, field);
	else
		snprintf(c->note, sizeof(c->note), "there is no %s by %s", top_fields[field].header,
			 output_view_name(top_model_view(c->model)));
}

/* To the next column on that side that has figures, also where the screen is too narrow for it. */
static void move_sort(struct top_controls *c, int by, const struct top_run *run)
{
	int field = (int)top_model_sort(c->model) + by;

	while (field >= 0 && field < TOP_FIELDS && !can_sort(c, (enum top_field)field, run))
		field += by;
	if (field >= 0 && field < TOP_FIELDS)
		top_model_set_sort(c->model, (enum top_field)field);
}

/* As < and >, round and round. */
static void next_sort(struct top_controls *c, const struct top_run *run)
{
	const enum top_field before = top_model_sort(c->model);

	move_sort(c, 1, run);
	if (top_model_sort(c->model) != before)
		return;
	for (int field = 0; field < TOP_FIELDS; field++) {
		if (can_sort(c, (enum top_field)field, run)) {
			top_model_set_sort(c->model, (enum top_field)field);
			return;
		}
	}
}

/* Bases take a session of their own. */
static bool refused(struct top_controls *c, enum output_view view)
{
	const bool bases = top_model_view(c->model) == OUTPUT_BY_BASE;

	if (!c->locked || bases == (view == OUTPUT_BY_BASE))
		return false;
	snprintf(c->note, sizeof(c->note),
		 "the processes have ended: nothing else can be traced now");
	return true;
}

static void set_view(struct top_controls *c, enum output_view view)
{
	if (view == top_model_view(c->model) || refused(c, view))
		return;
	top_model_set_view(c->model, view);
	c->shift = 0;
}

static void go_back(struct top_controls *c)
{
	enum output_view view;

	c->shift = 0;
	if (!top_model_outer(c->model, &view))
		top_model_set_filter(c->model, "");
	else if (!refused(c, view))
		top_model_back(c->model);
}

static void go_in(struct top_controls *c, const struct top_run *run)
{
	size_t n;

	c->shift = 0;
	top_model_rows(c->model, &n);
	if (!n || (top_model_view(c->model) == OUTPUT_BY_SITE && refused(c, OUTPUT_BY_BASE)))
		return;
	if (!top_model_enter(c->model, run))
		snprintf(c->note, sizeof(c->note), "there is nothing finer here");
}

/* 0.1, 0.2, 0.5, 1, 2, 5, 10, ... */
static void change_interval(struct top_controls *c, bool longer)
{
	static const double steps[] = {0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60};
	const size_t n = sizeof(steps) / sizeof(steps[0]);
	double next = c->interval_s;

	for (size_t i = 0; i < n && longer && next == c->interval_s; i++)
		if (steps[i] > c->interval_s)
			next = steps[i];
	for (size_t i = n; i-- > 0 && !longer && next == c->interval_s;)
		if (steps[i] < c->interval_s)
			next = steps[i];
	c->interval_s = next;
	snprintf(c->note, sizeof(c->note), "every %g s", c->interval_s);
}

static void move_key(struct top_controls *c, int key)
{
	const long page = c->room > 1 ? (long)c->room - 1 : 1;

	switch (key) {
	case TOP_KEY_UP:
	case 'k':
		top_model_move(c->model, -1);
		break;
	case TOP_KEY_DOWN:
	case 'j':
		top_model_move(c->model, 1);
		break;
	case TOP_KEY_PAGE_UP:
		top_model_move(c->model, -page);
		break;
	case TOP_KEY_PAGE_DOWN:
		top_model_move(c->model, page);
		break;
	case TOP_KEY_HOME:
		top_model_move(c->model, -TOP_ROWS_MAX);
		break;
	case TOP_KEY_END:
		top_model_move(c->model, TOP_ROWS_MAX);
		break;
	case TOP_KEY_LEFT:
		c->shift -= c->shift < SHIFT ? c->shift : SHIFT;
		break;
	case TOP_KEY_RIGHT:
		c->shift += SHIFT;
		break;
	default:
		break;
	}
}

static void begin_help(struct top_controls *c)
{
	c->help = true;
	c->help_first = c->shift = 0;
}

/* Through the help, which the page keeps within what there is. False: that is no key for it. */
static bool move_help(struct top_controls *c, int key)
{
	const size_t page = c->room > 1 ? c->room - 1 : 1;
	size_t *first = &c->help_first;

	switch (key) {
	case TOP_KEY_UP:
	case 'k':
		*first -= *first > 0;
		return true;
	case TOP_KEY_DOWN:
	case 'j':
		*first += 1;
		return true;
	case TOP_KEY_PAGE_UP:
		*first -= page < *first ? page : *first;
		return true;
	case TOP_KEY_PAGE_DOWN:
		*first += page;
		return true;
	case TOP_KEY_HOME:
		*first = 0;
		return true;
	case TOP_KEY_END:
		*first = top_help_size();
		return true;
	case TOP_KEY_LEFT:
	case TOP_KEY_RIGHT:
		move_key(c, key);
		return true;
	default:
		return false;
	}
}

static void help_key(struct top_controls *c, int key)
{
	if (c->help_moves && move_help(c, key))
		return;
	c->help = false;
	c->shift = 0;
}

/* Among those of one session: to leave it, and its counts, takes the key of a view. */
static void next_view(struct top_controls *c)
{
	static const enum output_view next[] = {
		[OUTPUT_BY_SITE] = OUTPUT_BY_TYPE,
		[OUTPUT_BY_TYPE] = OUTPUT_BY_PROCESS,
		[OUTPUT_BY_PROCESS] = OUTPUT_BY_SITE,
	};

	if (top_model_view(c->model) == OUTPUT_BY_BASE)
		snprintf(c->note, sizeof(c->note),
			 "Tab is for site, type, process: s, t and p end the counts of bases");
	else
		set_view(c, next[top_model_view(c->model)]);
}

static void view_key(struct top_controls *c, int key)
{
	switch (key) {
	case 'b':
		set_view(c, OUTPUT_BY_BASE);
		break;
	case 's':
		set_view(c, OUTPUT_BY_SITE);
		break;
	case 't':
		set_view(c, OUTPUT_BY_TYPE);
		break;
	case 'p':
		set_view(c, OUTPUT_BY_PROCESS);
		break;
	case '\t':
		next_view(c);
		break;
	default:
		break;
	}
}

static void sort_key(struct top_controls *c, int key, const struct top_run *run)
{
	switch (key) {
	case '<':
	case ',':
		move_sort(c, -1, run);
		break;
	case '>':
	case '.':
		move_sort(c, 1, run);
		break;
	case TOP_KEY_SORT:
		next_sort(c, run);
		break;
	case 'P':
		sort_by(c, TOP_EVENT_RATE, run);
		break;
	case 'M':
		sort_by(c, TOP_ALLOC_RATE, run);
		break;
	case 'T':
		sort_by(c, TOP_EVENTS, run);
		break;
	case 'N':
		sort_by(c, top_model_view(c->model) == OUTPUT_BY_BASE ? TOP_BASE : TOP_PID, run);
		break;
	case 'R':
	case 'I':
		top_model_reverse(c->model);
		break;
	default:
		break;
	}
}

static void plain_key(struct top_controls *c, int key, const struct top_run *run)
{
	switch (key) {
	case 'q':
	case 'Q':
		c->quit = true;
		break;
	case 'h':
	case '?':
	case TOP_KEY_HELP:
		begin_help(c);
		break;
	case ' ':
	case 'Z':
		c->paused = !c->paused;
		break;
	case '/':
	case '\\':
	case TOP_KEY_FILTER:
		begin_filter(c);
		break;
	case '+':
	case '-':
		change_interval(c, key == '+');
		break;
	case TOP_KEY_ENTER:
		go_in(c, run);
		break;
	case TOP_KEY_BACKSPACE:
	case TOP_KEY_ESCAPE:
		go_back(c);
		break;
	default:
		sort_key(c, key, run);
		view_key(c, key);
		move_key(c, key);
	}
}

bool top_controls_needs_rows(const struct top_controls *c, int key)
{
	if (c->editing || c->help)
		return false;
	switch (key) {
	case TOP_KEY_ENTER:
	case TOP_KEY_UP:
	case 'k':
	case TOP_KEY_DOWN:
	case 'j':
	case TOP_KEY_PAGE_UP:
	case TOP_KEY_PAGE_DOWN:
	case TOP_KEY_HOME:
	case TOP_KEY_END:
		return true;
	default:
		return false;
	}
}

void top_controls_key(struct top_controls *c, int key, const struct top_run *run)
{
	c->note[0] = '\0';
	/* Whatever is being done: a terminal that has gone says it for ever. */
	if (key == TOP_KEY_QUIT) {
		c->quit = true;
	} else if (c->editing) {
		edit_filter(c, key);
	} else if (c->help) {
		help_key(c, key);
	} else {
		plain_key(c, key, run);
	}
}
