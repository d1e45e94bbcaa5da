// SPDX-License-Identifier: BSD-2-Clause
/*
 * compare_sites [--stacks] [--shapes] [--more] TRUTH REPORT
 *
 * Holds the rows by site of the final report in REPORT against the lines from which the traced
 * program noted its events in TRUTH (call_lines.h). Each line must have its events, lengths and
 * capacities, and all other rows must be those of Go's runtime. Prints one line, and at most ten
 * differences before it.
 *   --stacks  the rows have whole stacks, which are held against those that were noted
 *   --shapes  generic code passes the type that all of a shape share: there, and in the standard
 *	       library, types are not compared
 *   --more    the standard library may do more than was noted
 *
 * Of events in the standard library only the line that called it is known. Where a row does not
 * show it, and where a stack was not kept, the sums for each operation and type must be right. The
 * exit status is 0 when they agree, 1 when they differ, 2 when they cannot be compared.
 */
#include <getopt.h>

#include "call_lines.h"
#include "report_file.h"

#define SHOWN_DIFFERENCES 10
/* A stack with fewer frames is whole. The kernel keeps 127 addresses; a few may bear no frame. */
#define CUT_FRAMES 110

static const char *const own_packages[] = {"main.", "slicestat.test/"};

struct comparison {
	bool stacks, shapes, more;
	struct call_lines truth;
	struct call_lines rest; /* of rows without a line, and of lines without rows; no frames */
	uint64_t runtime, stackless, cut;
	unsigned int differences;
};

__attribute__((format(printf, 3, 4))) static void differ(struct comparison *c, const char *key,
							 const char *fmt, ...)
{
	va_list ap;

	if (c->differences++ >= SHOWN_DIFFERENCES)
		return;
	va_start(ap, fmt);
	fputs("  ", stdout);
	vprintf(fmt, ap);
	fputs(":\n    ", stdout);
	for (; *key; key++)
		fputs(*key == '\t' ? "\n    " : (char[]){*key, '\0'}, stdout);
	putchar('\n');
	va_end(ap);
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "?";
}

static struct call_sums sums_of(const json_t *object)
{
	return (struct call_sums){number(object, "events"), number(object, "len_sum"),
				  number(object, "cap_sum")};
}

static bool begins_with(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool is_own(const json_t *frame)
{
	for (size_t i = 0; i < sizeof(own_packages) / sizeof(own_packages[0]); i++)
		if (begins_with(text_of(frame, "func"), own_packages[i]))
			return true;
	return false;
}

/* Where types are not compared, the key has none. */
static void blur_type(char *key)
{
	char *kind = strchr(key, '\t') + 1, *elem = strchr(kind, '\t') + 1;
	char *func = strchr(elem, '\t') + 1;
	static const char generic[] = "[...]";

	if (begins_with(kind, "own\t") &&
	    !memmem(func, strcspn(func, " "), generic, strlen(generic)))
		return;
	*elem = '*';
	memmove(elem + 1, func - 1, strlen(func) + 2);
}

/* The site and what it is inlined into, as one list, to be freed with json_decref. */
static json_t *site_frames(const json_t *row)
{
	json_t *site = json_object_get(row, "site"), *list = json_array();

	if (!list || json_array_append(list, site))
		die("a row has no site");
	if (json_object_get(site, "inlined_in"))
		json_array_extend(list, json_object_get(site, "inlined_in"));
	return list;
}

static void print_frame(FILE *f, const json_t *frame)
{
	fprintf(f, "\t%s %s:%" JSON_INTEGER_FORMAT, text_of(frame, "func"), text_of(frame, "file"),
		json_integer_value(json_object_get(frame, "line")));
}

/* As the truth has it; NULL where no frame is the program's own. To be freed. */
static char *row_key(const json_t *row, const json_t *frames)
{
	size_t n = json_array_size(frames), first = 0, size;
	char *key;
	FILE *f;

	while (first < n && !is_own(json_array_get(frames, first)))
		first++;
	if (first == n)
		return NULL;
	f = open_memstream(&key, &size);
	if (!f)
		die("out of memory");
	fprintf(f, "%s\t%s\t%s", text_of(row, "op"), first ? "helper" : "own",
		text_of(row, "elem"));
	for (size_t i = first; i < n; i++)
		print_frame(f, json_array_get(frames, i));
	if (fclose(f))
		die("out of memory");
	return key;
}

/* Where events are summed up that lack a line, and lines that lack events. */
static struct call_line *rest_of(struct comparison *c, const char *op, int op_len, const char *elem,
				 int elem_len)
{
	struct call_line line = {0};

	if (asprintf(&line.key, "%.*s\t%.*s", op_len, op, elem_len, elem) < 0)
		die("out of memory");
	for (size_t i = 0; i < c->rest.n; i++) {
		if (!strcmp(c->rest.lines[i].key, line.key)) {
			free(line.key);
			return &c->rest.lines[i];
		}
	}
	append_call_line(&c->rest, &line);
	return &c->rest.lines[c->rest.n - 1];
}

static void take_rest(struct comparison *c, const json_t *row, const struct call_sums *sums)
{
	const char *op = text_of(row, "op"), *elem = c->shapes ? "*" : text_of(row, "elem");
	struct call_line *rest = rest_of(c, op, (int)strlen(op), elem, (int)strlen(elem));

	add_call_sums(&rest->got, sums);
}

/* A line that got too little: the rest must have it. Its key is "OP\tKIND\tELEM\t...". */
static void expect_in_rest(struct comparison *c, const struct call_line *line)
{
	const char *op = line->key, *kind = strchr(op, '\t') + 1, *elem = strchr(kind, '\t') + 1;
	struct call_line *rest =
		rest_of(c, op, (int)(kind - 1 - op), elem, (int)strcspn(elem, "\t"));

	rest->truth.events += line->truth.events - line->got.events;
}

/* Whether a stack may end too early: at the depth that the kernel keeps, or where C called Go. */
static bool may_be_cut(const json_t *frames)
{
	size_t n = json_array_size(frames);

	return n >= CUT_FRAMES ||
	       !strcmp(text_of(json_array_get(frames, n - 1), "func"), "runtime.cgocallback");
}

/* Stacks that are the same up to where they were cut become one line; NULL: there are none. */
static struct call_line *cut_line(struct comparison *c, const char *key, const json_t *frames)
{
	size_t len = strlen(key), i = lower_call_line(&c->truth, key);
	struct call_line *first = &c->truth.lines[i];

	for (; may_be_cut(frames) && i < c->truth.n; i++) {
		struct call_line *line = &c->truth.lines[i];

		if (strncmp(line->key, key, len) != 0 || line->key[len] != '\t')
			break;
		if (line != first) {
			add_call_sums(&first->truth, &line->truth);
			line->truth = (struct call_sums){0};
		}
	}
	return first == &c->truth.lines[i] ? NULL : first;
}

static struct call_line *line_of(struct comparison *c, const char *key, const json_t *frames)
{
	size_t i = lower_call_line(&c->truth, key);

	if (i < c->truth.n && !strcmp(c->truth.lines[i].key, key))
		return &c->truth.lines[i];
	return c->stacks ? cut_line(c, key, frames) : NULL;
}

static void match_row(struct comparison *c, const json_t *row, const json_t *frames)
{
	const struct call_sums sums = sums_of(row);
	char *key = row_key(row, frames);
	struct call_line *line;

	if (!key) {
		take_rest(c, row, &sums);
		return;
	}
	if (c->shapes)
		blur_type(key);
	line = line_of(c, key, frames);
	if (line) {
		add_call_sums(&line->got, &sums);
		c->cut += strlen(line->key) > strlen(key) ? sums.events : 0;
	} else if (c->more && strstr(key, "\thelper\t")) {
		take_rest(c, row, &sums);
	} else {
		differ(c, key, "not in the truth, got %" PRIu64 " events", sums.events);
	}
	free(key);
}

/* A stack begins with the frames of its site. */
static void check_stack(struct comparison *c, const json_t *row, const json_t *site,
			const json_t *stack)
{
	static const char *const fields[] = {"func", "file", "line"};

	for (size_t i = 0; i < json_array_size(site); i++)
		for (size_t k = 0; k < sizeof(fields) / sizeof(fields[0]); k++)
			if (!json_equal(json_object_get(json_array_get(site, i), fields[k]),
					json_object_get(json_array_get(stack, i), fields[k])))
				differ(c, text_of(json_array_get(site, i), "func"),
				       "frame %zu of the stack is not that of the site, of %s", i,
				       text_of(row, "op"));
}

static void check_row(struct comparison *c, const json_t *row)
{
	const json_t *stack = json_object_get(row, "stack");
	json_t *site = site_frames(row);

	if (begins_with(text_of(json_array_get(site, 0), "func"), "runtime.")) {
		c->runtime += number(row, "events");
	} else if (!c->stacks) {
		match_row(c, row, site);
	} else if (json_is_array(stack)) {
		check_stack(c, row, site, stack);
		match_row(c, row, stack);
	} else {
		const struct call_sums sums = sums_of(row);

		c->stackless += sums.events;
		take_rest(c, row, &sums);
	}
	json_decref(site);
}

/* Only events in the library and such without a stack may lie in the rest. */
static void check_line(struct comparison *c, const struct call_line *line)
{
	const struct call_sums *truth = &line->truth, *got = &line->got;

	if (got->events < truth->events && (!line->own || c->stackless))
		expect_in_rest(c, line);
	else if (got->events != truth->events)
		differ(c, line->key, "expected %" PRIu64 " events got %" PRIu64, truth->events,
		       got->events);
	else if (line->own && (got->len_sum != truth->len_sum || got->cap_sum != truth->cap_sum))
		differ(c, line->key,
		       "expected len_sum %" PRIu64 " cap_sum %" PRIu64 " got %" PRIu64 " %" PRIu64,
		       truth->len_sum, truth->cap_sum, got->len_sum, got->cap_sum);
}

static void check(struct comparison *c, const json_t *report)
{
	const json_t *rows = json_object_get(report, "rows");
	const json_t *other = json_object_get(report, "other");

	if (number(other, "rows"))
		die("the report has not all rows");
	for (size_t i = 0; i < json_array_size(rows); i++)
		check_row(c, json_array_get(rows, i));
	for (size_t i = 0; i < c->truth.n; i++)
		check_line(c, &c->truth.lines[i]);
	for (size_t i = 0; i < c->rest.n; i++) {
		const struct call_line *rest = &c->rest.lines[i];

		if (c->more ? rest->truth.events > rest->got.events
			    : rest->truth.events != rest->got.events)
			differ(c, rest->key,
			       "of lines and rows without each other, expected %" PRIu64
			       " events got %" PRIu64,
			       rest->truth.events, rest->got.events);
	}
}

static uint64_t noted(const struct comparison *c)
{
	uint64_t events = 0;

	for (size_t i = 0; i < c->truth.n; i++)
		events += c->truth.lines[i].truth.events;
	return events;
}

static void parse_options(struct comparison *c, int argc, char **argv)
{
	static const struct option options[] = {
		{"stacks", no_argument, NULL, 's'},
		{"shapes", no_argument, NULL, 'h'},
		{"more", no_argument, NULL, 'm'},
		{0},
	};
	int key;

	while ((key = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (key == 's')
			c->stacks = true;
		else if (key == 'h')
			c->shapes = true;
		else if (key == 'm')
			c->more = true;
		else
			exit(2);
	}
	if (argc - optind != 2)
		die("usage: compare_sites [--stacks] [--shapes] [--more] TRUTH REPORT");
}

static void read_truth(struct comparison *c, const char *path)
{
	struct call_lines *truth = &c->truth;

	read_call_lines(path, c->stacks, truth);
	if (!c->shapes)
		return;
	for (size_t i = 0; i < truth->n; i++)
		blur_type(truth->lines[i].key);
	sort_call_lines(truth);
}

int main(int argc, char **argv)
{
	struct comparison c = {0};
	json_t *report;

	parse_options(&c, argc, argv);
	read_truth(&c, argv[optind]);
	report = read_final_report(argv[optind + 1]);
	check(&c, report);
	printf("%" PRIu64 " events from %zu %s, %" PRIu64 " of them cut, %" PRIu64
	       " stackless, and %" PRIu64 " of the runtime; %u differences\n",
	       noted(&c), c.truth.n, c.stacks ? "stacks" : "lines", c.cut, c.stackless, c.runtime,
	       c.differences);
	json_decref(report);
	free_call_lines(&c.truth);
	free_call_lines(&c.rest);
	return c.differences ? 1 : 0;
}
