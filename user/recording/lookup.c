// SPDX-License-Identifier: BSD-2-Clause
/* Names for rows, from a recording's tables. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "output/source.h"
#include "recording/inside.h"

static struct output_type type_of(void *ctx, uint32_t group, uint32_t type)
{
	const struct recording *r = ctx;
	const Slicestat__RecordingType *found = r->file->types[type - 1];

	(void)group;
	return (struct output_type){.name = r->texts[found->name], .size = found->size};
}

static size_t frames_of(const struct recording *r, const uint32_t *numbers, size_t n,
			struct output_frame *frames, size_t max)
{
	if (n > max)
		n = max;
	for (size_t i = 0; i < n; i++) {
		const Slicestat__RecordingFrame *f = r->file->frames[numbers[i]];

		frames[i] = (struct output_frame){
			.func = r->texts[f->func],
			.file = f->file ? r->texts[f->file] : NULL,
			.line = (int)f->line,
			.symbol = f->symbol ? r->texts[f->symbol] : NULL,
			.addr = f->addr,
			.inlined = f->inlined,
		};
	}
	return n;
}

static int compare_sites(const void *one, const void *other)
{
	const Slicestat__RecordingSite *a = *(Slicestat__RecordingSite *const *)one;
	const Slicestat__RecordingSite *b = *(Slicestat__RecordingSite *const *)other;

	if (a->exe != b->exe)
		return a->exe < b->exe ? -1 : 1;
	return (a->pc > b->pc) - (a->pc < b->pc);
}

static size_t site_of_exe(void *ctx, uint32_t exe, uint64_t pc, struct output_frame *frames,
			  size_t max)
{
	const struct recording *r = ctx;
	Slicestat__RecordingSite wanted = {.exe = exe, .pc = pc};
	Slicestat__RecordingSite *key = &wanted, **found = NULL;

	if (r->file->n_sites)
		found = bsearch(&key, r->file->sites, r->file->n_sites, sizeof(*r->file->sites),
				compare_sites);
	return found ? frames_of(r, (*found)->frames, (*found)->n_frames, frames, max) : 0;
}

static size_t site_of_target(void *ctx, uint32_t group, uint64_t pc, struct output_frame *frames,
			     size_t max)
{
	const struct recording *r = ctx;

	return site_of_exe(ctx, r->file->processes[group]->exe, pc, frames, max);
}

static size_t stack_of(void *ctx, uint32_t group, uint32_t stack, uint64_t pc,
		       struct output_frame *frames, size_t max, bool *cut)
{
	const struct recording *r = ctx;
	const Slicestat__RecordingStack *found = r->file->stacks[stack - 1];

	(void)group;
	(void)pc;
	*cut = found->cut;
	return frames_of(r, found->frames, found->n_frames, frames, max);
}

struct output_names recording_names(const struct recording *r, bool by_target)
{
	return (struct output_names){
		.type = type_of,
		.site = by_target ? site_of_target : site_of_exe,
		.stack = stack_of,
		.ctx = (void *)r,
	};
}

int recording_source_line(void *recording, const char *file, int line, char *text, size_t size)
{
	const struct recording *r = recording;

	for (size_t i = 0; i < r->file->n_frames; i++) {
		const Slicestat__RecordingFrame *f = r->file->frames[i];

		if (!f->source || (int)f->line != line || strcmp(r->texts[f->file], file) != 0)
			continue;
		return source_clean(r->texts[f->source], text, size);
	}
	return -ENOENT;
}
