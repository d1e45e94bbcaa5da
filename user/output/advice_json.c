// SPDX-License-Identifier: BSD-2-Clause
#include "output/advice.h"
#include "output/chainview.h"
#include "output/json_values.h"

#define SOURCE_SIZE 1024

static json_t *saves_json(const struct advice *a)
{
	json_t *saves = json_object();
	int failed;

	if (!saves)
		return NULL;
	failed = json_set(saves, "growths", json_count(a->steps_saved));
	failed |= json_set(saves, "bytes_copied", json_count(a->copied_saved));
	failed |= json_set(saves, "bytes_dead", json_count(a->dead_saved));
	failed |= json_set(saves, "bytes_held", json_count(a->held_saved));
	if (!failed)
		return saves;
	json_decref(saves);
	return NULL;
}

/* What was seen there, and what would become of it. */
static int set_figures(json_t *object, const struct advice *a)
{
	static const char *const kinds[ADVICE_KINDS] = {
		[ADVICE_PREALLOCATE] = "preallocate",
		[ADVICE_REUSE] = "reuse",
		[ADVICE_CLIP] = "clip",
	};
	const struct chain_end *total = &a->row->total;
	int failed = json_set(object, "kind", json_string_nocheck(kinds[a->kind]));

	failed |= json_set(object, "cap", json_count(a->cap));
	failed |= json_set(object, "percentile", json_integer(a->percentile));
	failed |= json_set(object, "share", json_seconds(a->share));
	failed |= json_set(object, "chains", json_count(total->chains));
	failed |= json_set(object, "growths", json_count(total->steps));
	failed |= json_set(object, "bytes_copied", json_count(total->copied));
	failed |= json_set(object, "bytes_dead", json_count(total->dead));
	failed |= json_set(object, "saves", saves_json(a));
	failed |= json_set(object, "extra_bytes", json_count(a->extra));
	failed |= json_set(object, "ends", chain_json_ends(a->row));
	return failed;
}

/* The line that the proposal is about, null where it cannot be read. */
static json_t *source_json(const struct output_advice *all, const struct chainview *v)
{
	struct output_frame frames[OUTPUT_FRAMES_MAX];
	char text[SOURCE_SIZE];

	if (!all->source || !rowview_site(&v->named, frames) || !frames[0].file || !frames[0].line)
		return json_null();
	if (all->source(all->source_ctx, frames[0].file, frames[0].line, text, sizeof(text)))
		return json_null();
	return json_text(text);
}

static json_t *advice_json(const struct output_advice *all, const struct advice *a,
			   struct chainview *v)
{
	json_t *object = json_object();
	int failed;

	if (!object)
		return NULL;
	chainview_turn(v, a->row);
	failed = set_figures(object, a);
	failed |= chain_json_identity(object, v);
	failed |= json_set(object, "source", source_json(all, v));
	if (!failed)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *head_json(const struct output_advice *a)
{
	const struct output_report *r = a->report;
	json_t *head = json_object();
	int failed;

	if (!head)
		return NULL;
	failed = json_set(head, "schema", json_string_nocheck("slicestat.advice/1"));
	failed |= json_set(head, "elapsed_s", json_seconds(r->elapsed_s));
	failed |= json_set(head, "counts", json_counts(r->counts, r->ncounts));
	failed |= json_set(head, "cost", json_cost(r));
	failed |= json_set(head, "chains", json_counts(r->chain_counts, r->nchain_counts));
	failed |= json_set(head, "sites", json_count(a->nsites));
	failed |= json_set(head, "total", chain_json_total(&r->chain_total));
	if (!failed)
		return head;
	json_decref(head);
	return NULL;
}

int output_advise_json(FILE *f, const struct output_options *opts, const struct output_advice *a)
{
	struct chainview v = {.named = rowview_of(opts, a->report)};
	struct sink s = {.file = f};

	sink_puts(&s, "{");
	json_emit_members(&s, head_json(a));
	sink_puts(&s, ",\"advice\":[");
	for (size_t i = 0; i < a->nadvice && !s.err; i++) {
		sink_puts(&s, i ? ",{" : "{");
		json_emit_members(&s, advice_json(a, &a->advice[i], &v));
		sink_puts(&s, "}");
	}
	sink_puts(&s, "]}\n");
	return sink_finish(&s);
}
