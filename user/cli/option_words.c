// SPDX-License-Identifier: BSD-2-Clause
#include "cli/option_words.h"

#include <stdio.h>
#include <string.h>

#include "cli/option_tables.h"
#include "output/output.h"
#include "report/ops.h"
#include "slicestat.h"

#define WORDS_MAX 32

const char *const option_sort_names[REPORT_SORTS + 1] = {
	[REPORT_SORT_EVENTS] = "events", [REPORT_SORT_LEN] = "len",
	[REPORT_SORT_CAP] = "cap",	 [REPORT_SORT_ALLOCATED] = "alloc",
	[REPORT_SORT_COPIED] = "copied", [REPORT_SORT_SLACK] = "slack",
};
const char *const option_chains_sort_names[CHAINS_SORTS + 1] = {
	[CHAINS_SORT_COPIED] = "copied",
	[CHAINS_SORT_DEAD] = "dead",
	[CHAINS_SORT_STEPS] = "steps",
	[CHAINS_SORT_CHAINS] = "chains",
};
const char *const option_shells[] = {"bash", "zsh", "fish", NULL};
static const char *const chains[] = {"cheap", "exact", NULL};
static const char *const attach[] = {"uprobe_multi", "perf_event", NULL};
static const char *const budget[] = {"off", NULL};

static const char *const *view_words(void)
{
	static const char *words[OUTPUT_VIEWS + 1];

	for (enum output_view view = OUTPUT_BY_BASE; view <= OUTPUT_BY_PROCESS; view++)
		words[view] = output_view_name(view);
	return words;
}

/* All but that of functions, which --func names. */
static const char *const *op_words(void)
{
	static const char *words[SS_OPS + 1];
	size_t n = 0;

	for (uint32_t op = SS_OP_NONE + 1; op < SS_OPS; op++)
		if (op != SS_OP_FUNC)
			words[n++] = op_name(op);
	return words;
}

static const char *const *format_words(void)
{
	static const char *words[WORDS_MAX + 1];

	for (size_t i = 0; i < WORDS_MAX && output_formats[i]; i++)
		words[i] = output_formats[i]->name;
	return words;
}

/* Of all views, each once. */
static const char *const *sort_words(void)
{
	static const char *words[REPORT_SORTS + CHAINS_SORTS + 1];
	size_t n = REPORT_SORTS;

	memcpy(words, option_sort_names, sizeof(option_sort_names));
	for (size_t i = 0; i < CHAINS_SORTS; i++)
		if (i != CHAINS_SORT_COPIED)
			words[n++] = option_chains_sort_names[i];
	return words;
}

const char *const *option_words(int key)
{
	switch (key) {
	case KEY_BY:
		return view_words();
	case KEY_OPS:
		return op_words();
	case KEY_CHAINS:
		return chains;
	case KEY_ATTACH:
		return attach;
	case KEY_BUDGET:
		return budget;
	case 'o':
		return format_words();
	case 's':
		return sort_words();
	default:
		return NULL;
	}
}

bool option_takes_list(int key)
{
	return key == KEY_OPS || key == 'p';
}

const char *option_known(char text[OPTION_KNOWN_SIZE], const char *const *words)
{
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; words[i] && n < OPTION_KNOWN_SIZE; i++)
		n += (size_t)snprintf(text + n, OPTION_KNOWN_SIZE - n, "%s%s", i ? ", " : "",
				      words[i]);
	return text;
}
