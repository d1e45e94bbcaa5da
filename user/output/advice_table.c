// SPDX-License-Identifier: BSD-2-Clause
/* Proposals for people: what there is, what to write instead, what that saves and takes. */
#include <inttypes.h>

#include "output/advice.h"
#include "output/chainview.h"
#include "output/figure.h"
#include "output/status.h"

#define SOURCE_SIZE 161

static void put_grouped(struct sink *s, const char *before, uint64_t v, const char *behind)
{
	char text[FIGURE_SIZE];

	figure_grouped(text, v);
	sink_printf(s, "%s%s%s", before, text, behind);
}

static void put_bytes(struct sink *s, const char *before, uint64_t bytes, const char *behind)
{
	char text[FIGURE_SIZE];

	figure_bytes(text, bytes);
	sink_printf(s, "%s%s%s", before, text, behind);
}

static void write_head(struct sink *s, const struct output_advice *a)
{
	const struct chain_end *total = &a->report->chain_total;

	sink_printf(s, "In %.1f s ", a->report->elapsed_s);
	put_grouped(s, "", total->chains, total->chains == 1 ? " slice" : " slices");
	put_grouped(s, " of ", a->nsites, a->nsites == 1 ? " site" : " sites");
	put_grouped(s, " grew ", total->steps, total->steps == 1 ? " time" : " times");
	put_bytes(s, ", copied ", total->copied, "");
	put_bytes(s, " and left ", total->dead, " behind.\n");
}

static void write_place(struct sink *s, const struct output_frame *frames, size_t nframes,
			uint64_t pc)
{
	if (!nframes) {
		sink_printf(s, "0x%" PRIx64, pc);
		return;
	}
	sink_text(s, frames[0].func);
	if (!frames[0].file)
		return;
	sink_puts(s, "  ");
	sink_text(s, frames[0].file);
	sink_printf(s, ":%d", frames[0].line);
}

static void write_kind(struct sink *s, const struct chainview *v)
{
	int64_t size = chainview_elem_size(v);

	sink_printf(s, "  (%s of ", v->named.op);
	sink_text(s, v->named.type.name);
	if (size >= 0)
		sink_printf(s, ", %" PRId64 " B", size);
	if (v->named.report->nexes > 1 && v->named.exe) {
		sink_puts(s, ", ");
		sink_text(s, v->named.exe);
	}
	sink_puts(s, ")");
}

static void write_quote(struct sink *s, const struct output_advice *a,
			const struct output_frame *frame)
{
	char text[SOURCE_SIZE];

	if (!a->source || !frame->file || !frame->line)
		return;
	if (a->source(a->source_ctx, frame->file, frame->line, text, sizeof(text)))
		return;
	sink_printf(s, "%8d | %s\n", frame->line, text);
}

/* What happens there now. */
static void write_chains(struct sink *s, const struct chain_row *row)
{
	const struct chain_end *total = &row->total;

	put_grouped(s, "   ", total->chains, " slices");
	sink_printf(s, " with %.1f growths each", (double)total->steps / (double)total->chains);
	put_bytes(s, " copied ", total->copied, "");
	put_bytes(s, " and left ", total->dead, " behind;");
	put_grouped(s, " final length 50 %: <= ", chain_row_cap_at(row, 50), "");
	put_grouped(s, ", 90 %: <= ", chain_row_cap_at(row, 90), "");
	put_grouped(s, ", 99 %: <= ", chain_row_cap_at(row, 99), "\n");
}

/* As it is written in Go: a make that is there keeps its length. */
static void write_make(struct sink *s, const struct chainview *v, uint64_t cap)
{
	const char *elem = v->named.type.name[0] == '?' ? "T" : v->named.type.name;
	const char *len = v->chain->key.op == SS_OP_MAKE ? "n" : "0";

	sink_puts(s, "make([]");
	sink_text(s, elem);
	sink_printf(s, ", %s, %" PRIu64 ")", len, cap);
}

static void write_savings(struct sink *s, const struct advice *a)
{
	put_grouped(s, "; saves ", a->steps_saved, a->steps_saved == 1 ? " growth" : " growths");
	put_bytes(s, ", ", a->copied_saved, " of copying");
	put_bytes(s, ", ", a->dead_saved, " of garbage");
}

static void write_preallocation(struct sink *s, const struct chainview *v, const struct advice *a)
{
	sink_puts(s, "   begin with ");
	write_make(s, v, a->cap);
	sink_printf(s, ": %u %% of the slices then never grow", a->percentile);
	write_savings(s, a);
	if (a->extra)
		put_bytes(s, "; takes ", a->extra, " more");
	else
		sink_puts(s, "; takes no more memory");
	sink_puts(s, "\n");
}

static void write_reuse(struct sink *s, const struct chainview *v, const struct advice *a)
{
	sink_puts(s,
		  "   keep the array for the next slice, s = s[:0] or a sync.Pool, where nothing "
		  "else holds it");
	write_savings(s, a);
	put_bytes(s, ", ", a->held_saved, " of new arrays");
	put_bytes(s, "; keeps ", a->extra, " for each user\n");
	sink_puts(s, "   where that cannot be, begin with ");
	write_make(s, v, a->cap);
	sink_puts(s, "\n");
}

static void write_clip(struct sink *s, const struct chainview *v, const struct advice *a)
{
	(void)v;
	sink_puts(s, "   once it is complete, slices.Clip(slices.Clone(s)) where it is kept for "
		     "long (Clip alone keeps the array)");
	put_bytes(s, "; frees up to ", a->held_saved, "\n");
}

static void write_advice(struct sink *s, const struct output_advice *all, size_t i,
			 struct chainview *v)
{
	static void (*const proposals[ADVICE_KINDS])(struct sink * s, const struct chainview *v,
						     const struct advice *a) = {
		[ADVICE_PREALLOCATE] = write_preallocation,
		[ADVICE_REUSE] = write_reuse,
		[ADVICE_CLIP] = write_clip,
	};
	const struct advice *a = &all->advice[i];
	struct output_frame frames[OUTPUT_FRAMES_MAX];
	size_t nframes;

	chainview_turn(v, a->row);
	nframes = rowview_site(&v->named, frames);
	sink_printf(s, "\n%zu. ", i + 1);
	write_place(s, frames, nframes, v->named.pc);
	write_kind(s, v);
	sink_printf(s, "  %.1f %% of all growth cost\n", 100 * a->share);
	if (nframes)
		write_quote(s, all, &frames[0]);
	write_chains(s, a->row);
	proposals[a->kind](s, v, a);
}

int output_advise_table(FILE *f, const struct output_options *opts, const struct output_advice *a)
{
	struct chainview v = {.named = rowview_of(opts, a->report)};
	struct sink s = {.file = f};

	write_head(&s, a);
	if (!a->nadvice)
		sink_puts(&s, "No site is worth a change.\n");
	for (size_t i = 0; i < a->nadvice && !s.err; i++)
		write_advice(&s, a, i, &v);
	sink_puts(&s, "\n");
	status_write(&s, opts, a->report);
	return sink_finish(&s);
}
