// SPDX-License-Identifier: BSD-2-Clause
#include "recording/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Lines are quoted for so many sites of chains: advice has the first few. */
#define QUOTES_MAX 4096
#define QUOTE_SIZE 1024

/* As a recording has it. */
struct frame {
	uint32_t func, file, line, source;
	uint32_t symbol, inlined;
	uint64_t addr;
};

static void note(struct names *n, int err)
{
	if (!n->err)
		n->err = err;
}

uint32_t names_text(struct names *n, const char *text)
{
	uint32_t number = 0;

	if (text)
		note(n, intern_number(n->texts, text, strlen(text), &number));
	return number;
}

uint32_t names_exe(const struct names *n, uint32_t group)
{
	const struct output_report *r = n->from->report;

	if (!r->by_target)
		return group;
	return group < r->ntargets ? n->from->target_exes[group] : group - n->from->groups_of_exes;
}

/* Ordered as the session had numbered them: rows that are equal otherwise keep their order. */
static struct member type_member(const struct names *n, uint32_t group, uint32_t type)
{
	return (struct member){names_exe(n, group), type, 0};
}

static struct member site_member(const struct names *n, uint32_t group, uint64_t pc)
{
	return (struct member){names_exe(n, group), pc, 0};
}

static struct member stack_member(const struct report_key *key)
{
	return (struct member){key->stack, key->group, key->addr};
}

uint32_t names_type(const struct names *n, uint32_t group, uint32_t type)
{
	const struct member m = type_member(n, group, type);

	return type ? numbering_place(&n->types, &m) : 0;
}

uint32_t names_site(const struct names *n, uint32_t group, uint64_t pc)
{
	const struct member m = site_member(n, group, pc);

	return pc ? numbering_place(&n->sites, &m) : 0;
}

uint32_t names_stack(const struct names *n, const struct report_key *key)
{
	const struct member m = stack_member(key);

	return key->stack ? numbering_place(&n->stacks, &m) : 0;
}

static void collect(struct names *n, uint32_t group, uint32_t type, uint64_t pc)
{
	const struct member of_type = type_member(n, group, type);
	const struct member of_site = site_member(n, group, pc);

	if (type)
		note(n, numbering_add(&n->types, &of_type));
	if (pc)
		note(n, numbering_add(&n->sites, &of_site));
}

static void collect_row(struct names *n, const struct report_row *row)
{
	const struct report_key *key = &row->key;
	const struct member m = stack_member(key);

	if (n->from->report->view == OUTPUT_BY_BASE) {
		collect(n, key->group, row->last.type, row->last.site);
		return;
	}
	collect(n, key->group, key->type, key->addr);
	if (key->stack)
		note(n, numbering_add(&n->stacks, &m));
}

void names_open(struct names *n, const struct recording_source *from)
{
	const struct output_report *r = from->report;

	*n = (struct names){.from = from, .texts = intern_new(), .frames = intern_new()};
	if (!n->texts || !n->frames) {
		n->err = -ENOMEM;
		return;
	}
	names_text(n, "");
	for (size_t i = 0; i < r->nrows; i++)
		collect_row(n, r->rows[i]);
	for (size_t i = 0; i < r->nchains; i++)
		collect(n, r->chains[i].key.group, r->chains[i].key.type, r->chains[i].key.addr);
	numbering_close(&n->types);
	numbering_close(&n->sites);
	numbering_close(&n->stacks);
}

void names_close(struct names *n)
{
	intern_free(n->texts);
	intern_free(n->frames);
	numbering_destroy(&n->types);
	numbering_destroy(&n->sites);
	numbering_destroy(&n->stacks);
}

/* A group of this executable, for what is asked by group: its own, or one of no target. */
static uint32_t group_of_exe(const struct names *n, uint64_t exe)
{
	return (uint32_t)exe + (n->from->report->by_target ? n->from->groups_of_exes : 0);
}

static void put_types(struct names *n, struct stream *s)
{
	const struct output_names *names = &n->from->names;

	for (size_t i = 0; i < n->types.count; i++) {
		const struct member *m = &n->types.members[i];
		const struct output_type found =
			names->type(names->ctx, group_of_exe(n, m->first), (uint32_t)m->second);
		Slicestat__RecordingType type = SLICESTAT__RECORDING_TYPE__INIT, *types = &type;
		Slicestat__Recording part = SLICESTAT__RECORDING__INIT;

		type.exe = (uint32_t)m->first;
		type.name = names_text(n, found.name);
		type.size = found.size;
		part.n_types = 1;
		part.types = &types;
		stream_put(s, &part);
	}
}

static uint32_t quote(struct names *n, const struct output_frame *f)
{
	const struct recording_source *from = n->from;
	char text[QUOTE_SIZE];

	if (!from->source || !f->file || !f->line ||
	    from->source(from->source_ctx, f->file, f->line, text, sizeof(text)))
		return 0;
	return names_text(n, text);
}

/* Their numbers; with quoted, the first has its line of source. */
static void number_frames(struct names *n, const struct output_frame *frames, size_t count,
			  bool quoted, uint32_t *numbers)
{
	for (size_t i = 0; i < count; i++) {
		const struct output_frame *f = &frames[i];
		const struct frame frame = {
			.func = names_text(n, f->func),
			.file = names_text(n, f->file),
			.line = f->line > 0 ? (uint32_t)f->line : 0,
			.source = quoted && i == 0 ? quote(n, f) : 0,
			.symbol = names_text(n, f->symbol),
			.inlined = f->inlined,
			.addr = f->addr,
		};

		numbers[i] = 0;
		note(n, intern_number(n->frames, &frame, sizeof(frame), &numbers[i]));
	}
}

static void put_sites(struct names *n, struct stream *s)
{
	const struct output_names *names = &n->from->names;
	struct output_frame frames[OUTPUT_FRAMES_MAX];
	uint32_t numbers[OUTPUT_FRAMES_MAX];

	for (size_t i = 0; i < n->sites.count; i++) {
		const struct member *m = &n->sites.members[i];
		Slicestat__RecordingSite site = SLICESTAT__RECORDING_SITE__INIT, *sites = &site;
		Slicestat__Recording part = SLICESTAT__RECORDING__INIT;

		site.exe = (uint32_t)m->first;
		site.pc = m->second;
		site.n_frames = names->site(names->ctx, group_of_exe(n, m->first), site.pc, frames,
					    OUTPUT_FRAMES_MAX);
		site.frames = numbers;
		number_frames(n, frames, site.n_frames, i < QUOTES_MAX, numbers);
		part.n_sites = 1;
		part.sites = &sites;
		stream_put(s, &part);
	}
}

static void put_stacks(struct names *n, struct stream *s)
{
	const struct output_names *names = &n->from->names;
	struct output_frame *frames = calloc(OUTPUT_STACK_MAX, sizeof(*frames));
	uint32_t *numbers = calloc(OUTPUT_STACK_MAX, sizeof(*numbers));

	if (!frames || !numbers)
		note(n, -ENOMEM);
	for (size_t i = 0; i < n->stacks.count && !n->err; i++) {
		const struct member *m = &n->stacks.members[i];
		Slicestat__RecordingStack stack = SLICESTAT__RECORDING_STACK__INIT;
		Slicestat__RecordingStack *stacks = &stack;
		bool cut = false;
		Slicestat__Recording part = SLICESTAT__RECORDING__INIT;

		stack.n_frames = names->stack(names->ctx, (uint32_t)m->second, (uint32_t)m->first,
					      m->third, frames, OUTPUT_STACK_MAX, &cut);
		stack.cut = cut;
		stack.frames = numbers;
		number_frames(n, frames, stack.n_frames, false, numbers);
		part.n_stacks = 1;
		part.stacks = &stacks;
		stream_put(s, &part);
	}
	free(frames);
	free(numbers);
}

static void put_frames(struct names *n, struct stream *s)
{
	for (size_t i = 0; i < intern_count(n->frames); i++) {
		size_t len;
		const struct frame *f = intern_key(n->frames, i, &len);
		Slicestat__RecordingFrame frame = SLICESTAT__RECORDING_FRAME__INIT;
		Slicestat__RecordingFrame *frames = &frame;
		Slicestat__Recording part = SLICESTAT__RECORDING__INIT;

		frame.func = f->func;
		frame.file = f->file;
		frame.line = f->line;
		frame.source = f->source;
		frame.symbol = f->symbol;
		frame.addr = f->addr;
		frame.inlined = f->inlined != 0;
		part.n_frames = 1;
		part.frames = &frames;
		stream_put(s, &part);
	}
}

static void put_texts(struct names *n, struct stream *s)
{
	for (size_t i = 0; i < intern_count(n->texts); i++) {
		size_t len;
		const void *bytes = intern_key(n->texts, i, &len);
		ProtobufCBinaryData text = {.len = len, .data = (uint8_t *)bytes};
		Slicestat__Recording part = SLICESTAT__RECORDING__INIT;

		part.n_texts = 1;
		part.texts = &text;
		stream_put(s, &part);
	}
}

void names_put(struct names *n, struct stream *s)
{
	if (n->err)
		return;
	put_types(n, s);
	put_sites(n, s);
	put_stacks(n, s);
	put_frames(n, s);
	put_texts(n, s);
}
