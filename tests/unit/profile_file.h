/* SPDX-License-Identifier: BSD-2-Clause */
/* A profile as a reader has it: inflated, unpacked, its numbers followed. */
#ifndef SS_TESTS_PROFILE_FILE_H
#define SS_TESTS_PROFILE_FILE_H

#include <zlib.h>

#include "output/profile.pb-c.h"
#include "output_sample.h"

typedef Perftools__Profiles__Profile Profile;
typedef Perftools__Profiles__Sample Sample;
typedef Perftools__Profiles__Location Location;
typedef Perftools__Profiles__Function Function;

/* A target whose code is known. */
static inline struct output_target code_target(void)
{
	struct output_target t = sample_target;

	t.text_start = 0x400000;
	t.text_limit = 0x4c2000;
	t.text_offset = 0;
	t.build_id = "0badcafe";
	return t;
}

/* One row by site, all of it told. */
static inline struct output_report one_row(const struct output_target *target)
{
	struct output_report r = sample_report_by(OUTPUT_BY_SITE);

	r.by_target = true;
	r.stacks = true;
	r.final = true;
	r.targets = target;
	r.sort = REPORT_SORT_ALLOCATED;
	r.other = (struct report_other){0};
	r.totals.sums = sample_site.sums;
	return r;
}

#define PROFILE_BYTES_MAX (64 << 20)

static inline uint8_t *inflated(uint8_t *packed, size_t size, size_t *out_size)
{
	uint8_t *out = malloc(PROFILE_BYTES_MAX);
	z_stream z = {.next_in = packed, .avail_in = (uInt)size};

	assert_non_null(out);
	z.next_out = out;
	z.avail_out = PROFILE_BYTES_MAX;
	assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.avail_in, 0);
	*out_size = z.total_out;
	inflateEnd(&z);
	return out;
}

/* To be freed with perftools__profiles__profile__free_unpacked. */
static inline Profile *profile_of(const struct output_options *opts, const struct output_report *r)
{
	char *packed = NULL;
	size_t size = 0, out_size;
	FILE *f = open_memstream(&packed, &size);
	uint8_t *bytes;
	Profile *p;

	assert_non_null(f);
	assert_int_equal(output_find("pprof")->write(f, opts, r), 0);
	assert_int_equal(fclose(f), 0);
	bytes = inflated((uint8_t *)packed, size, &out_size);
	p = perftools__profiles__profile__unpack(NULL, out_size, bytes);
	assert_non_null(p);
	free(bytes);
	free(packed);
	assert_true(p->n_string_table > 0);
	assert_string_equal(p->string_table[0], "");
	return p;
}

static inline void profile_free(Profile *p)
{
	perftools__profiles__profile__free_unpacked(p, NULL);
}

static inline const char *text_of(const Profile *p, int64_t number)
{
	assert_in_range(number, 0, p->n_string_table - 1);
	return p->string_table[number];
}

static inline const Location *location_of(const Profile *p, const Sample *s, size_t i)
{
	assert_true(i < s->n_location_id);
	assert_in_range(s->location_id[i], 1, p->n_location);
	assert_int_equal(p->location[s->location_id[i] - 1]->id, s->location_id[i]);
	return p->location[s->location_id[i] - 1];
}

static inline const Function *function_of(const Profile *p, const Location *l, size_t i)
{
	uint64_t id;

	assert_true(i < l->n_line);
	id = l->line[i]->function_id;
	assert_in_range(id, 1, p->n_function);
	assert_int_equal(p->function[id - 1]->id, id);
	return p->function[id - 1];
}

static inline void assert_line(const Profile *p, const Location *l, size_t i, const char *func,
			       const char *file, int64_t line)
{
	const Function *f = function_of(p, l, i);

	assert_string_equal(text_of(p, f->name), func);
	assert_string_equal(text_of(p, f->system_name), func);
	assert_string_equal(text_of(p, f->filename), file);
	assert_int_equal(l->line[i]->line, line);
}

static inline void assert_values(const Sample *s, int64_t growths, int64_t allocated,
				 int64_t copied, int64_t slack)
{
	assert_int_equal(s->n_value, 4);
	assert_int_equal(s->value[0], growths);
	assert_int_equal(s->value[1], allocated);
	assert_int_equal(s->value[2], copied);
	assert_int_equal(s->value[3], slack);
}

/* The label's text, or NULL. */
static inline const char *label_of(const Profile *p, const Sample *s, const char *key)
{
	for (size_t i = 0; i < s->n_label; i++)
		if (!strcmp(text_of(p, s->label[i]->key), key))
			return text_of(p, s->label[i]->str);
	return NULL;
}

static inline bool has_comment(const Profile *p, const char *words)
{
	for (size_t i = 0; i < p->n_comment; i++)
		if (!strcmp(text_of(p, p->comment[i]), words))
			return true;
	return false;
}

#endif
