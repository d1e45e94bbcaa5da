// SPDX-License-Identifier: BSD-2-Clause
/*
 * compare_chains TRUTH REPORT MODE [--joins MAX | --forgetful]
 *
 * Holds the chains of the final report in REPORT against those that the traced program knows of its
 * slices in TRUTH (chain_truth.h). MODE is cheap or exact: what slicestat was told. Every sum over
 * the chains of one beginning and one final capacity must be equal, and so must the growths of each
 * kind; chains of Go's runtime may come on top. Prints one line, and at most ten differences before
 * it.
 *   --joins MAX  addresses came again: no more chains than MAX are missing because they were joined
 *		  to one that is not theirs, and no more began where another went on than the
 *		  report says arrays were forgotten
 *   --forgetful  there was not room for all: no more links are missing than the report says
 *
 * The exit status is 0 when they agree, 1 when they differ, 2 when they cannot be compared.
 */
#include "chain_truth.h"
#include "report_json.h"

#define SHOWN_DIFFERENCES 10

static const char *const field_names[END_FIELDS] = {
	[END_CHAINS] = "chains", [END_LEN_SUM] = "len_sum", [END_STEPS] = "steps",
	[END_COPIED] = "copied", [END_DEAD] = "dead",
};

enum check { CHECK_ALL, CHECK_JOINS, CHECK_FORGETFUL };

struct comparison {
	enum check check;
	struct chain_truth truth;
	uint64_t kinds[CHAIN_KINDS];
	uint64_t growths;	/* of all kinds */
	uint64_t runtime_steps; /* of chains that began in none of the program's lines */
	uint64_t chains, steps; /* in all rows */
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

static void expect_equal(struct comparison *c, const char *what, uint64_t expected, uint64_t got)
{
	if (expected != got)
		differ(c, "%s: expected %" PRIu64 " got %" PRIu64, what, expected, got);
}

static uint64_t number_at(const json_t *list, size_t i)
{
	const json_t *value = json_array_get(list, i);

	if (!json_is_integer(value))
		die("the report has no number where one of a capacity's sums is due");
	return (uint64_t)json_integer_value(value);
}

/*
 * Generic code may pass the type that all of a shape share, as append(s, v...) does. The size is
 * right, and of the name it is what can be known.
 */
static const char *elem_of(const json_t *row)
{
	static const char shape[] = "go.shape.";
	const char *elem = text_in(row, "elem");

	return strncmp(elem, shape, strlen(shape)) ? elem : elem + strlen(shape);
}

/* As the truth has it, the capacity only where it tells lines apart. To be freed. */
static char *key_of(const struct comparison *c, const json_t *row, const json_t *frame,
		    uint64_t cap)
{
	char *key, *tab;

	if (asprintf(&key, "%s\t%s\t%" PRIu64 "\t%s %s:%" PRIu64 "\t%" PRIu64, text_in(row, "op"),
		     elem_of(row), number(row, "elem_size"), text_in(frame, "func"),
		     text_in(frame, "file"), number(frame, "line"), cap) < 0)
		die("out of memory");
	tab = strrchr(key, '\t');
	if (c->check == CHECK_JOINS && tab)
		*tab = '\0';
	return key;
}

static void take_ends(struct comparison *c, const json_t *row, const json_t *frame,
		      const json_t *numbers)
{
	char *key = key_of(c, row, frame, number_at(numbers, 0));
	struct chain_ends *ends = find_ends(&c->truth, key);

	if (!ends)
		differ(c, "not in the truth: %s, %" PRIu64 " chains", key, number_at(numbers, 1));
	for (size_t field = 0; ends && field < END_FIELDS; field++)
		ends->got[field] += number_at(numbers, field + 1);
	free(key);
}

/* A row's sums are those over its capacities. */
static void check_sums(struct comparison *c, const json_t *row)
{
	static const char *const keys[END_FIELDS] = {
		[END_CHAINS] = "chains",       [END_LEN_SUM] = "len_sum", [END_STEPS] = "steps",
		[END_COPIED] = "bytes_copied", [END_DEAD] = "bytes_dead",
	};
	uint64_t sums[END_FIELDS] = {0}, cap_sum = 0;
	const json_t *ends = json_object_get(row, "ends");

	for (size_t i = 0; i < json_array_size(ends); i++) {
		const json_t *numbers = json_array_get(ends, i);

		for (size_t field = 0; field < END_FIELDS; field++)
			sums[field] += number_at(numbers, field + 1);
		cap_sum += number_at(numbers, 0) * number_at(numbers, 1);
	}
	for (size_t field = 0; field < END_FIELDS; field++)
		expect_equal(c, keys[field], sums[field], number(row, keys[field]));
	expect_equal(c, "cap_sum", cap_sum, number(row, "cap_sum"));
}

static void take_row(struct comparison *c, const json_t *row)
{
	const json_t *frame = own_frame(row), *ends = json_object_get(row, "ends");

	check_sums(c, row);
	c->chains += number(row, "chains");
	c->steps += number(row, "steps");
	if (!frame) {
		c->runtime_steps += number(row, "steps");
		return;
	}
	for (size_t i = 0; i < json_array_size(ends) && c->check != CHECK_FORGETFUL; i++)
		take_ends(c, row, frame, json_array_get(ends, i));
}

static void take_report(struct comparison *c, const json_t *report)
{
	const json_t *kinds = json_object_get(report, "chains");
	const json_t *rows = json_object_get(report, "rows");

	for (size_t i = 0; i < CHAIN_KINDS; i++) {
		c->kinds[i] = number(kinds, chain_kinds[i]);
		c->growths += c->kinds[i];
	}
	for (size_t i = 0; i < json_array_size(rows); i++)
		take_row(c, json_array_get(rows, i));
}

static uint64_t kind(const uint64_t kinds[CHAIN_KINDS], const char *name)
{
	size_t i = 0;

	while (strcmp(chain_kinds[i], name) != 0)
		i++;
	return kinds[i];
}

static uint64_t joined(const uint64_t kinds[CHAIN_KINDS])
{
	return kind(kinds, "linked") + kind(kinds, "queue");
}

/* What holds whatever was linked to what: an event is a growth or a make, of one chain. */
static void check_sense(struct comparison *c, const json_t *report)
{
	const json_t *counts = json_object_get(report, "counts");
	const json_t *total = json_object_get(report, "total");

	expect_equal(c, "lost_lives", 0, number(json_object_get(report, "chains"), "lost_lives"));
	expect_equal(c, "chains in all rows", number(total, "chains"), c->chains);
	expect_equal(c, "steps in all rows", number(total, "steps"), c->steps);
	expect_equal(c, "growths of all kinds, by the rows' steps", c->growths, c->steps);
	expect_equal(c, "events folded, by the chains and what continued them",
		     number(counts, "folded"), c->chains + joined(c->kinds));
	if (c->growths < c->truth.growths)
		differ(c, "growths: expected at least %" PRIu64 " got %" PRIu64, c->truth.growths,
		       c->growths);
}

static void check_ends(struct comparison *c)
{
	for (size_t i = 0; i < c->truth.n; i++) {
		const struct chain_ends *e = &c->truth.ends[i];

		for (size_t field = 0; field < END_FIELDS; field++)
			if (e->got[field] != e->truth[field])
				differ(c, "%s: expected %s %" PRIu64 " got %" PRIu64, e->key,
				       field_names[field], e->truth[field], e->got[field]);
	}
}

/* Of which kind the runtime's own growths were is not known. */
static void check_kinds(struct comparison *c)
{
	expect_equal(c, "growths less the runtime's", c->truth.growths,
		     c->growths - c->runtime_steps);
	for (size_t i = 0; i < CHAIN_KINDS; i++)
		if (c->kinds[i] < c->truth.kinds[i] ||
		    c->kinds[i] > c->truth.kinds[i] + c->runtime_steps)
			differ(c, "%s: expected %" PRIu64 " got %" PRIu64, chain_kinds[i],
			       c->truth.kinds[i], c->kinds[i]);
}

static void check_equal(struct comparison *c)
{
	check_ends(c);
	check_kinds(c);
	printf("%" PRIu64 " growths in chains that began at %zu places and capacities, and %" PRIu64
	       " of the runtime; %u differences\n",
	       c->truth.growths, c->truth.n, c->runtime_steps, c->differences);
}

/* Arrays that the report says are not known any more: each can be missed by one growth. */
static uint64_t forgotten(const json_t *report)
{
	const json_t *chains = json_object_get(report, "chains");

	return number(chains, "forgotten") + number(chains, "lost_tails");
}

/* A chain that was joined to another is missing where it began; one that was cut began once more.
 */
static void check_joins(struct comparison *c, const json_t *report, uint64_t max)
{
	uint64_t missing = 0, cut = 0;

	for (size_t i = 0; i < c->truth.n; i++) {
		const struct chain_ends *e = &c->truth.ends[i];

		if (e->got[END_CHAINS] > e->truth[END_CHAINS])
			cut += e->got[END_CHAINS] - e->truth[END_CHAINS];
		else
			missing += e->truth[END_CHAINS] - e->got[END_CHAINS];
	}
	if (cut > forgotten(report))
		differ(c,
		       "chains cut: expected at most %" PRIu64
		       ", the arrays forgotten, got %" PRIu64,
		       forgotten(report), cut);
	if (missing > max)
		differ(c, "chains joined to others: expected at most %" PRIu64 " got %" PRIu64, max,
		       missing);
	printf("%" PRIu64 " false joins in %" PRIu64 " growths, of which %" PRIu64
	       " are linked and %" PRIu64 " begin in arrays that were not seen; %u differences\n",
	       missing, c->truth.growths, joined(c->truth.kinds), kind(c->truth.kinds, "unseen"),
	       c->differences);
}

/* An array that was forgotten can be missed by one growth. */
static void check_forgetful(struct comparison *c, const json_t *report)
{
	uint64_t gone = forgotten(report);
	uint64_t own = joined(c->truth.kinds), got = joined(c->kinds);
	uint64_t runtime = c->growths - c->truth.growths;

	expect_equal(c, "growths less the runtime's", c->truth.growths,
		     c->growths - c->runtime_steps);
	if (!gone)
		differ(c, "no array was forgotten or lost");
	if (got > own + runtime || own > got + gone)
		differ(c,
		       "growths linked: expected %" PRIu64 ", less at most %" PRIu64
		       " got %" PRIu64,
		       own, gone, got);
	printf("%" PRId64 " of %" PRIu64 " links are missing, %" PRIu64
	       " arrays were forgotten or lost; %u differences\n",
	       (int64_t)(own - got), own, gone, c->differences);
}

static enum check check_of(int argc, char **argv)
{
	if (argc == 4)
		return CHECK_ALL;
	if (argc == 6 && !strcmp(argv[4], "--joins"))
		return CHECK_JOINS;
	if (argc == 5 && !strcmp(argv[4], "--forgetful"))
		return CHECK_FORGETFUL;
	die("usage: compare_chains TRUTH REPORT MODE [--joins MAX | --forgetful]");
}

int main(int argc, char **argv)
{
	struct comparison c = {.check = check_of(argc, argv)};
	json_t *report = read_final_report(argv[2]);

	read_chain_truth(argv[1], argv[3], &c.truth);
	if (c.check == CHECK_JOINS)
		merge_capacities(&c.truth);
	take_report(&c, report);
	check_sense(&c, report);
	switch (c.check) {
	case CHECK_ALL:
		check_equal(&c);
		break;
	case CHECK_JOINS:
		check_joins(&c, report, strtoull(argv[5], NULL, 10));
		break;
	case CHECK_FORGETFUL:
		check_forgetful(&c, report);
		break;
	}
	json_decref(report);
	free_chain_truth(&c.truth);
	return c.differences ? 1 : 0;
}
