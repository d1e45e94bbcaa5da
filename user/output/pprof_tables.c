// SPDX-License-Identifier: BSD-2-Clause
#include "output/pprof_tables.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log/controls.h"
#include "output/intern.h"
#include "output/utf8.h"

/* Of a location: no address has more bodies (GOBIN_FRAMES_MAX). */
#define LINES_MAX 64

struct pprof_tables {
	struct intern *texts, *functions, *mappings, *locations;
};

/* Keys; all that are texts are numbers. */
struct function {
	int64_t name, file;
};

struct mapping {
	uint64_t start, limit, offset;
	int64_t path, build_id;
};

struct line {
	uint64_t function;
	int64_t line;
};

struct location {
	uint64_t mapping, addr;
	struct line lines[LINES_MAX];
};

#define LOCATION_BYTES(nlines) (offsetof(struct location, lines) + (nlines) * sizeof(struct line))

struct pprof_tables *pprof_tables_new(void)
{
	struct pprof_tables *t = calloc(1, sizeof(*t));
	int64_t zero;

	if (!t)
		return NULL;
	t->texts = intern_new();
	t->functions = intern_new();
	t->mappings = intern_new();
	t->locations = intern_new();
	/* Text number 0 is no text. */
	if (!t->texts || !t->functions || !t->mappings || !t->locations ||
	    pprof_text(t, "", &zero)) {
		pprof_tables_free(t);
		return NULL;
	}
	return t;
}

void pprof_tables_free(struct pprof_tables *t)
{
	if (!t)
		return;
	intern_free(t->texts);
	intern_free(t->functions);
	intern_free(t->mappings);
	intern_free(t->locations);
	free(t);
}

int pprof_text(struct pprof_tables *t, const char *text, int64_t *number)
{
	char *repaired = utf8_repair(text);
	uint32_t n = 0;
	int err;

	if (!repaired)
		return -ENOMEM;
	controls_hide(repaired);
	err = intern_number(t->texts, repaired, strlen(repaired) + 1, &n);
	free(repaired);
	*number = n;
	return err;
}

/* Ids of all but texts begin at 1. */
static int id_of(struct intern *in, const void *key, size_t size, uint64_t *id)
{
	uint32_t n = 0;
	int err = intern_number(in, key, size, &n);

	*id = (uint64_t)n + 1;
	return err;
}

static int function_id(struct pprof_tables *t, const struct output_frame *frame, uint64_t *id)
{
	struct function f;
	int err = pprof_text(t, frame->symbol ? frame->symbol : frame->func, &f.name);

	if (!err)
		err = pprof_text(t, frame->file ? frame->file : "", &f.file);
	return err ? err : id_of(t->functions, &f, sizeof(f), id);
}

static int mapping_id(struct pprof_tables *t, const struct output_target *target, uint64_t *id)
{
	struct mapping m;
	int err;

	*id = 0;
	if (!target || !target->text_limit)
		return 0;
	m.start = target->text_start;
	m.limit = target->text_limit;
	m.offset = target->text_offset;
	err = pprof_text(t, target->exe ? target->exe : "", &m.path);
	if (!err)
		err = pprof_text(t, target->build_id ? target->build_id : "", &m.build_id);
	return err ? err : id_of(t->mappings, &m, sizeof(m), id);
}

/* The location that n frames of one address make. */
static int location_id(struct pprof_tables *t, uint64_t mapping, const struct output_frame *frames,
		       size_t n, uint64_t *id)
{
	struct location l = {.mapping = frames[0].addr ? mapping : 0, .addr = frames[0].addr};

	for (size_t i = 0; i < n; i++) {
		int err = function_id(t, &frames[i], &l.lines[i].function);

		if (err)
			return err;
		l.lines[i].line = frames[i].line;
	}
	return id_of(t->locations, &l, LOCATION_BYTES(n), id);
}

int pprof_locations(struct pprof_tables *t, const struct output_target *target,
		    const struct output_frame *frames, size_t n, uint64_t *ids)
{
	uint64_t mapping;
	int err = mapping_id(t, target, &mapping), count = 0;
	size_t same;

	for (size_t i = 0; i < n && !err; i += same) {
		same = 1;
		while (frames[i + same - 1].inlined && i + same < n && same < LINES_MAX)
			same++;
		err = location_id(t, mapping, frames + i, same, &ids[count++]);
	}
	return err ? err : count;
}

int pprof_address(struct pprof_tables *t, const struct output_target *target, uint64_t addr,
		  uint64_t *id)
{
	struct location l = {.addr = addr};
	int err = mapping_id(t, target, &l.mapping);

	return err ? err : id_of(t->locations, &l, LOCATION_BYTES(0), id);
}

static void emit_mappings(const struct pprof_tables *t, pprof_emit_fn emit, void *ctx)
{
	for (size_t i = 0; i < intern_count(t->mappings); i++) {
		Perftools__Profiles__Profile part = PERFTOOLS__PROFILES__PROFILE__INIT;
		Perftools__Profiles__Mapping out = PERFTOOLS__PROFILES__MAPPING__INIT;
		Perftools__Profiles__Mapping *list[] = {&out};
		size_t size;
		const struct mapping *m = intern_key(t->mappings, i, &size);

		out.id = i + 1;
		out.memory_start = m->start;
		out.memory_limit = m->limit;
		out.file_offset = m->offset;
		out.filename = m->path;
		out.build_id = m->build_id;
		/* All that can be known is: pprof need not look into the file. */
		out.has_functions = out.has_filenames = out.has_line_numbers = true;
		out.has_inline_frames = true;
		part.n_mapping = 1;
		part.mapping = list;
		emit(ctx, &part);
	}
}

static void emit_functions(const struct pprof_tables *t, pprof_emit_fn emit, void *ctx)
{
	for (size_t i = 0; i < intern_count(t->functions); i++) {
		Perftools__Profiles__Profile part = PERFTOOLS__PROFILES__PROFILE__INIT;
		Perftools__Profiles__Function out = PERFTOOLS__PROFILES__FUNCTION__INIT;
		Perftools__Profiles__Function *list[] = {&out};
		size_t size;
		const struct function *f = intern_key(t->functions, i, &size);

		out.id = i + 1;
		out.name = out.system_name = f->name;
		out.filename = f->file;
		part.n_function = 1;
		part.function = list;
		emit(ctx, &part);
	}
}

static void emit_location(uint64_t id, const struct location *l, size_t nlines, pprof_emit_fn emit,
			  void *ctx)
{
	Perftools__Profiles__Profile part = PERFTOOLS__PROFILES__PROFILE__INIT;
	Perftools__Profiles__Location out = PERFTOOLS__PROFILES__LOCATION__INIT;
	Perftools__Profiles__Location *list[] = {&out};
	Perftools__Profiles__Line lines[LINES_MAX], *pointers[LINES_MAX];

	for (size_t i = 0; i < nlines; i++) {
		perftools__profiles__line__init(&lines[i]);
		lines[i].function_id = l->lines[i].function;
		lines[i].line = l->lines[i].line;
		pointers[i] = &lines[i];
	}
	out.id = id;
	out.mapping_id = l->mapping;
	out.address = l->addr;
	out.n_line = nlines;
	out.line = pointers;
	part.n_location = 1;
	part.location = list;
	emit(ctx, &part);
}

static void emit_locations(const struct pprof_tables *t, pprof_emit_fn emit, void *ctx)
{
	for (size_t i = 0; i < intern_count(t->locations); i++) {
		size_t size;
		const struct location *l = intern_key(t->locations, i, &size);

		emit_location(i + 1, l, (size - LOCATION_BYTES(0)) / sizeof(struct line), emit,
			      ctx);
	}
}

static void emit_texts(const struct pprof_tables *t, pprof_emit_fn emit, void *ctx)
{
	for (size_t i = 0; i < intern_count(t->texts); i++) {
		Perftools__Profiles__Profile part = PERFTOOLS__PROFILES__PROFILE__INIT;
		size_t size;
		char *list[] = {(char *)intern_key(t->texts, i, &size)};

		part.n_string_table = 1;
		part.string_table = list;
		emit(ctx, &part);
	}
}

void pprof_tables_emit(const struct pprof_tables *t, pprof_emit_fn emit, void *ctx)
{
	emit_mappings(t, emit, ctx);
	emit_functions(t, emit, ctx);
	emit_locations(t, emit, ctx);
	emit_texts(t, emit, ctx);
}
