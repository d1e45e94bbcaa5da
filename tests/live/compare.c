// SPDX-License-Identifier: BSD-2-Clause
/*
 * compare TRUTH REPORT [--allow-extra[=EVENTS]] [--by-total] [--lossy] [--pid=PID]
 *
 * Holds the final report in REPORT (JSON, one report a line) against what the traced program
 * itself noted in TRUTH, base by base. Prints one line, and at most ten differences before it.
 *   --allow-extra  events that the program did not note are no difference (Go's own runtime);
 *                  with a number: at most so many
 *   --by-total     compare the sums only
 *   --lossy        events may be missing, but none may be invented
 *   --pid          the truth is this process's; events of others are extra ones
 * The exit status is 0 when they agree, 1 when they differ, 2 when they cannot be compared.
 */
#include <fcntl.h>
#include <getopt.h>
#include <jansson.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json_text.h"
#include "truth_file.h"

#define SHOWN_DIFFERENCES 10

struct report {
	bool final;
	uint64_t seen, fates; /* all counts but seen */
	uint64_t folded, zero, panicked, lost;
	struct sums rows, other;
};

struct comparison {
	uint64_t extra_allowed;
	uint64_t pid; /* 0: all are the truth's */
	bool by_total, lossy;
	struct truth truth;
	struct report report;
	uint64_t extra; /* events at bases that are not in the truth */
	unsigned int differences;
};

__attribute__((format(printf, 2, 3))) static void differ(struct comparison *c, const char *fmt, ...)
{
	va_list ap;

	if (c->differences++ >= SHOWN_DIFFERENCES)
		return;
	va_start(ap, fmt);
	fputs("  ", stdout);
	vprintf(fmt, ap);
	putchar('\n');
	va_end(ap);
}

static void expect(struct comparison *c, const char *what, uint64_t expected, uint64_t got)
{
	if (expected != got)
		differ(c, "%s: expected %" PRIu64 " got %" PRIu64, what, expected, got);
}

static json_t *parse(struct text t)
{
	json_error_t error;
	json_t *json = json_loadb(t.p, (size_t)(t.end - t.p), JSON_DECODE_ANY, &error);

	if (!json)
		die("%.*s: %s", (int)(t.end - t.p > 200 ? 200 : t.end - t.p), t.p, error.text);
	return json;
}

static uint64_t number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value))
		die("the report has no number %s where one is due", key);
	return (uint64_t)json_integer_value(value);
}

static struct sums sums_of(const json_t *object)
{
	return (struct sums){number(object, "events"), number(object, "len_sum"),
			     number(object, "cap_sum")};
}

static bool agrees(const struct comparison *c, const struct sums *truth, const struct sums *got)
{
	if (c->lossy)
		return got->events <= truth->events && got->len_sum <= truth->len_sum &&
		       got->cap_sum <= truth->cap_sum;
	return got->events == truth->events && got->len_sum == truth->len_sum &&
	       got->cap_sum == truth->cap_sum;
}

static void check_row(struct comparison *c, const char *base, const struct sums *got)
{
	struct base *b = truth_find(&c->truth, strtoull(base, NULL, 16));

	if (!b) {
		c->extra += got->events;
		if (!c->extra_allowed)
			differ(c, "%s: not in the truth, got %" PRIu64 " events", base,
			       got->events);
		return;
	}
	if (b->reported)
		differ(c, "%s: reported twice", base);
	b->reported = true;
	if (!agrees(c, &b->sums, got))
		differ(c,
		       "%s: expected events %" PRIu64 " len_sum %" PRIu64 " cap_sum %" PRIu64
		       " got %" PRIu64 " %" PRIu64 " %" PRIu64,
		       base, b->sums.events, b->sums.len_sum, b->sums.cap_sum, got->events,
		       got->len_sum, got->cap_sum);
}

static void read_row(struct comparison *c, struct text row)
{
	json_t *json = parse(row);
	const char *base = json_string_value(json_object_get(json, "base"));
	struct sums sums = sums_of(json);

	if (!base)
		die("a row has no base");
	add_sums(&c->report.rows, &sums);
	if (c->pid && number(json, "pid") != c->pid)
		c->extra += sums.events;
	else if (!c->by_total)
		check_row(c, base, &sums);
	json_decref(json);
}

static void read_rows(struct comparison *c, struct text rows)
{
	rows.p++;
	while (rows.p < rows.end && *rows.p == '{') {
		struct text row = {rows.p, value_end(rows)};

		read_row(c, row);
		rows.p = row.end + (*row.end == ',');
	}
}

static void read_counts(struct comparison *c, struct text counts)
{
	struct report *r = &c->report;
	json_t *json = parse(counts);
	const char *name;
	json_t *value;

	json_object_foreach(json, name, value)
	{
		uint64_t n = (uint64_t)json_integer_value(value);

		if (!strcmp(name, "seen")) {
			r->seen = n;
			continue;
		}
		r->fates += n;
		if (!strcmp(name, "folded"))
			r->folded = n;
		else if (!strcmp(name, "zero_size"))
			r->zero = n;
		else if (!strcmp(name, "panicked") || !strcmp(name, "unreturned"))
			r->panicked += n;
		else if (!strncmp(name, "lost_", 5))
			r->lost += n;
	}
	json_decref(json);
}

static void read_member(struct comparison *c, struct text key, struct text value)
{
	static const char final[] = "\"final\"", counts[] = "\"counts\"", rows[] = "\"rows\"",
			  other[] = "\"other\"";
	size_t n = (size_t)(key.end - key.p);

	if (n == sizeof(final) - 1 && !memcmp(key.p, final, n)) {
		c->report.final = *value.p == 't';
	} else if (n == sizeof(counts) - 1 && !memcmp(key.p, counts, n)) {
		read_counts(c, value);
	} else if (n == sizeof(rows) - 1 && !memcmp(key.p, rows, n)) {
		read_rows(c, value);
	} else if (n == sizeof(other) - 1 && !memcmp(key.p, other, n)) {
		json_t *json = parse(value);

		c->report.other = sums_of(json);
		json_decref(json);
	}
}

static void read_members(struct comparison *c, struct text line)
{
	if (line.p == line.end || *line.p != '{')
		die("the last report is not a JSON object");
	line.p++;
	while (line.p < line.end && *line.p == '"') {
		struct text key = {line.p, string_end(line)};
		struct text value = {key.end + 1, line.end};

		value.end = value_end(value);
		read_member(c, key, value);
		line.p = value.end + (value.end < line.end && *value.end == ',');
	}
}

static void report_read(struct comparison *c, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *map, *begin;
	struct stat st;
	struct text line;

	if (fd < 0 || fstat(fd, &st))
		die("%s: %s", path, strerror(errno));
	if (!st.st_size)
		die("%s is empty", path);
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		die("%s: %s", path, strerror(errno));
	line.end = map + st.st_size - (map[st.st_size - 1] == '\n');
	begin = memrchr(map, '\n', (size_t)(line.end - map));
	line.p = begin ? begin + 1 : map;
	read_members(c, line);
	munmap((void *)map, (size_t)st.st_size);
}

static void check_missing(struct comparison *c)
{
	for (size_t i = 0; i < c->truth.nbases; i++) {
		const struct base *b = &c->truth.bases[i];

		if (!b->reported)
			differ(c, "0x%" PRIx64 ": missing, expected %" PRIu64 " events", b->address,
			       b->sums.events);
	}
}

/* More than the truth is an extra where that is allowed. */
static void expect_total(struct comparison *c, const char *what, uint64_t expected, uint64_t got)
{
	if (got < expected || !c->extra_allowed)
		expect(c, what, expected, got);
}

static void check_totals(struct comparison *c, const struct sums *total)
{
	const struct truth *t = &c->truth;

	expect_total(c, "zero_size", t->zero, c->report.zero);
	expect_total(c, "panicked + unreturned", t->panicked, c->report.panicked);
	expect_total(c, "events", t->sums.events, total->events);
	expect_total(c, "len_sum", t->sums.len_sum, total->len_sum);
	expect_total(c, "cap_sum", t->sums.cap_sum, total->cap_sum);
	expect(c, "losses", 0, c->report.lost);
	if (c->by_total && total->events > t->sums.events)
		c->extra = total->events - t->sums.events;
	if (c->extra > c->extra_allowed)
		differ(c, "extra events: expected at most %" PRIu64 " got %" PRIu64,
		       c->extra_allowed, c->extra);
}

static void check(struct comparison *c)
{
	const struct report *r = &c->report;
	struct sums total = r->rows;

	add_sums(&total, &r->other);
	if (!r->final)
		differ(c, "the last report is not the final one");
	expect(c, "seen = sum of all other counts", r->seen, r->fates);
	expect(c, "rows + other = folded", r->folded, total.events);
	if (!c->lossy)
		check_totals(c, &total);
	if (!c->lossy && !c->by_total)
		check_missing(c);
}

static void parse_options(struct comparison *c, int argc, char **argv)
{
	static const struct option options[] = {
		{"allow-extra", optional_argument, NULL, 'x'},
		{"by-total", no_argument, NULL, 't'},
		{"lossy", no_argument, NULL, 'l'},
		{"pid", required_argument, NULL, 'p'},
		{0},
	};
	int key;

	while ((key = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (key == 'x')
			c->extra_allowed = optarg ? strtoull(optarg, NULL, 10) : UINT64_MAX;
		else if (key == 't')
			c->by_total = true;
		else if (key == 'l')
			c->lossy = true;
		else if (key == 'p' && optarg)
			c->pid = strtoull(optarg, NULL, 10);
		else
			exit(2);
	}
	if (argc - optind != 2)
		die("usage: compare TRUTH REPORT [--allow-extra[=EVENTS]] [--by-total] [--lossy] "
		    "[--pid=PID]");
}

int main(int argc, char **argv)
{
	struct comparison c = {0};

	parse_options(&c, argc, argv);
	truth_read(argv[optind], &c.truth);
	report_read(&c, argv[optind + 1]);
	check(&c);
	printf("compare: %" PRIu64 " events at %zu bases, seen %" PRIu64 ", extra %" PRIu64
	       ", differences %u\n",
	       c.truth.sums.events, c.truth.nbases, c.report.seen, c.extra, c.differences);
	free(c.truth.bases);
	return c.differences ? 1 : 0;
}
