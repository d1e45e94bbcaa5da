// SPDX-License-Identifier: BSD-2-Clause
#include "top/cells.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "metrics/container.h"
#include "top/text.h"

/* On a screen of usual width names are short, so that the site is seen. */
#define WIDE	    160
#define NARROW_ELEM 20
/* And on a wide one no type takes more than this part of it. */
#define SHARE_OF_ELEM 5

/* Bytes of a site's function, of its file, and of a control group. */
#define FUNC_SIZE   97
#define FILE_SIZE   49
#define CGROUP_SIZE 25

/* Digits of a container's id: as many as crictl shows, of which docker shows all but the last. */
#define ID_DIGITS 13

void top_elem_text(char text[CELL_SIZE], const struct top_cell *c)
{
	top_text_copy(text, CELL_SIZE, c->view.type.name);
	top_text_clean(text);
	top_text_shorten(text, c->width < WIDE ? NARROW_ELEM : c->width / SHARE_OF_ELEM);
}

/* All of a module begin alike: the name behind its package's path, which has no such characters. */
static const char *behind_path(const char *func)
{
	const char *name = func;

	for (const char *p = func; *p && !strchr(" ([", *p); p++)
		if (*p == '/')
			name = p + 1;
	return name;
}

void top_site_text(char text[CELL_SIZE], const struct top_cell *c)
{
	struct output_frame frames[OUTPUT_FRAMES_MAX];
	char func[FUNC_SIZE], file[FILE_SIZE];
	const char *name;

	if (!rowview_site(&c->view, frames)) {
		if (c->view.pc)
			snprintf(text, CELL_SIZE, "0x%" PRIx64, c->view.pc);
		return;
	}
	/* The end of a name tells more than the path that all of its module have. */
	name = frames[0].func;
	if (c->width < WIDE || strlen(name) >= sizeof(func))
		name = behind_path(name);
	top_text_copy(func, sizeof(func), name);
	snprintf(text, CELL_SIZE, "%s", func);
	if (!frames[0].file)
		return;
	top_text_copy(file, sizeof(file), short_path(frames[0].file));
	snprintf(text + strlen(text), CELL_SIZE - strlen(text), " %s:%d", file, frames[0].line);
}

/* A container's id, or its last part. */
void top_cgroup_text(char text[CELL_SIZE], const struct top_cell *c)
{
	const char *path = c->view.target ? c->view.target->cgroup : NULL;
	const char *slash = path ? strrchr(path, '/') : NULL;
	const struct container container = container_of_cgroup(path);

	if (container.id[0])
		top_text_copy(text, ID_DIGITS + 1, container.id);
	else if (slash)
		top_text_copy(text, CGROUP_SIZE, slash[1] ? slash + 1 : slash);
}

void top_exe_text(char text[CELL_SIZE], const struct top_cell *c)
{
	if (c->exe)
		top_text_copy(text, CELL_SIZE, c->exe);
}

static char *whole_site(const struct top_cell *c)
{
	struct output_frame frames[OUTPUT_FRAMES_MAX];
	char *text;
	int n;

	if (!rowview_site(&c->view, frames)) {
		if (!c->view.pc)
			return strdup("?");
		n = asprintf(&text, "0x%" PRIx64, c->view.pc);
	} else if (frames[0].file) {
		n = asprintf(&text, "%s %s:%d", frames[0].func, short_path(frames[0].file),
			     frames[0].line);
	} else {
		return strdup(frames[0].func);
	}
	return n < 0 ? NULL : text;
}

char *top_whole_name(enum top_field field, const struct top_cell *c)
{
	const char *cgroup = c->view.target ? c->view.target->cgroup : NULL;
	char *text;

	if (field == TOP_SITE)
		text = whole_site(c);
	else if (field == TOP_ELEM)
		text = strdup(c->view.type.name);
	else if (field == TOP_CGROUP)
		text = strdup(cgroup ? cgroup : "?");
	else
		text = strdup(c->exe ? c->exe : "?");
	if (text)
		top_text_clean(text);
	return text;
}
