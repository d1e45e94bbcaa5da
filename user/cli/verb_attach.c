// SPDX-License-Identifier: BSD-2-Clause
/* The verbs for what another slicestat has left to the kernel: `attach` and `stop`. */
#include "cli/verbs.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/emit.h"
#include "cli/loop.h"
#include "cli/option_values.h"
#include "cli/signal_fd.h"
#include "log/log.h"
#include "session/pinned.h"
#include "session/reopen.h"
#include "trace/audit.h"
#include "trace/reopen.h"
#include "trace/targets.h"
#include "trace/trace.h"

struct left {
	struct trace trace;
	struct ss_session session;
	struct options opts; /* those of the session, with those of its reports now */
	char *words[SS_PINNED_WORDS / 2];
	struct emitter *emitter;
	int signal_fd;
};

/* Its words as main() has them. */
static int split_words(struct left *l, struct reason *why)
{
	char *word = l->session.words;
	const char *end = word + sizeof(l->session.words);

	for (uint32_t i = 0; i < l->session.nwords; i++) {
		if (i + 1 >= SS_PINNED_WORDS / 2 || word >= end)
			return reason_set(why, -EPROTO, "what is pinned is not whole");
		l->words[i] = word;
		word += strlen(word) + 1;
	}
	return 0;
}

/* What was traced is as it was said then; what is shown, as it is said now. */
static void read_options(struct left *l, const struct options *now)
{
	/* What sorts depends on what was traced: usage that shows only now. */
	struct argp_state usage = {.root_argp = &options_attach,
				   .name = program_invocation_short_name,
				   .err_stream = stderr};
	struct options *o = &l->opts;

	options_parse(&options_trace, (int)l->session.nwords, l->words, o);
	o->pin = now->pin;
	o->attach = (enum session_attach_by)l->session.by;
	o->interval_s = now->interval_s;
	o->reports = now->reports;
	o->top = now->top;
	o->sort = now->sort;
	o->sort_name = now->sort_name;
	o->min_bytes = now->min_bytes;
	o->format = now->format;
	o->write = now->write;
	o->total = now->total;
	o->log_level = now->log_level;
	option_resolve_sort(&usage, o);
	option_check_sort(&usage, o);
	l->trace.opts = o;
}

/* A profile shows what was kept: nobody can ask for stacks now. */
static int resolve_profile(struct left *l, const struct options *now, struct reason *why)
{
	struct options *o = &l->opts;

	if (!o->format->profile)
		return 0;
	if (!o->stacks)
		return reason_set(why, -EINVAL,
				  "-o %s is of stacks, which %.100s does not keep: pin it with "
				  "--by site --stacks",
				  o->format->name, pins_path(l->trace.pins));
	if (o->format->binary && o->command && !o->write)
		return reason_set(why, -EINVAL, "-o %s is not for stderr: name a file with -w FILE",
				  o->format->name);
	o->top_given = now->top_given;
	option_resolve_profile(NULL, o);
	return 0;
}

static int expect_left(const struct left *l, bool to_stop, struct reason *why)
{
	const char *dir = pins_path(l->trace.pins);

	switch (l->session.state) {
	case SS_PINNED_DETACHED:
		return 0;
	case SS_PINNED_STOPPED:
		return to_stop ? 0
			       : reason_set(why, -EALREADY,
					    "%.100s has been stopped: slicestat stop %.100s shows "
					    "its totals",
					    dir, dir);
	default:
		return reason_set(why, -EINVAL,
				  "%.80s was not detached: its slicestat, pid %u, has the reports; "
				  "where that was killed, slicestat stop %.80s removes the rest",
				  dir, l->session.loader, dir);
	}
}

static int open_left(struct left *l, const struct options *now, bool to_stop, struct reason *why)
{
	int err = expect_left(l, to_stop, why);

	if (!err)
		err = split_words(l, why);
	if (err)
		return err;
	read_options(l, now);
	err = resolve_profile(l, now, why);
	if (err)
		return err;
	l->signal_fd = signal_fd_new(&(sigset_t){0});
	if (l->signal_fd < 0)
		return reason_set(why, l->signal_fd, "cannot take signals: %s",
				  strerror(-l->signal_fd));
	err = parser_new(&l->trace.parser, why);
	if (!err)
		err = emitter_new(&l->opts, l->signal_fd, &l->emitter, why);
	return err ? err : trace_reopen(&l->trace, &l->session, !to_stop, why);
}

static int close_left(struct left *l, int err, const struct reason *why)
{
	const bool failed = err && why->text[0];

	if (failed)
		log_error("%s", why->text);
	trace_free(&l->trace);
	emitter_free(l->emitter);
	options_free(&l->opts);
	if (l->signal_fd >= 0)
		close(l->signal_fd);
	return failed ? 1 : 0;
}

static void say_attached(const struct left *l)
{
	log_info("tracing %zu of %u processes, as %s tells: %s", trace_running(&l->trace),
		 l->session.targets, pins_path(l->trace.pins), l->session.command);
}

/* The last report is not final: all goes on. */
static int show(struct left *l, struct reason *why)
{
	struct trace *trace = &l->trace;
	int err = trace_snapshot(trace, why);

	if (err)
		return err;
	audit_attach(trace);
	emitter_begin(l->emitter, trace);
	say_attached(l);
	err = loop_run(trace, l->emitter, l->signal_fd, why);
	if (!err)
		err = trace_snapshot(trace, why);
	if (!err)
		err = emitter_write(l->emitter, trace, false, why);
	if (!err)
		err = emitter_close(l->emitter, why);
	if (!err && session_is_over(trace->session))
		log_info("%s has been stopped", pins_path(trace->pins));
	else
		log_info("the kernel goes on tracing: slicestat stop %s ends it",
			 pins_path(trace->pins));
	return err;
}

int verb_attach(const struct options *opts)
{
	struct left l = {.signal_fd = -1};
	struct reason why = {.text = ""};
	int err = pins_open(opts->pin, &l.trace.pins, &why);

	if (!err)
		err = pinned_open(l.trace.pins, &l.trace.pinned, &l.session, &why);
	if (!err)
		err = open_left(&l, opts, false, &why);
	if (!err)
		err = show(&l, &why);
	return close_left(&l, err, &why);
}

/* Two must not do it at a time, and not while its loader is there. */
static int lock(struct left *l, struct reason *why)
{
	const char *dir = pins_path(l->trace.pins);
	struct stat st;
	int err;

	if (!stat(dir, &st) && st.st_uid != geteuid())
		return reason_set(why, -EPERM, "%.150s is of user %u: stop it as that user", dir,
				  (unsigned int)st.st_uid);
	err = pins_lock(l->trace.pins);
	if (err != -EWOULDBLOCK)
		return err ? reason_set(why, err, "cannot lock %.150s: %s", dir, strerror(-err))
			   : 0;
	if (!pinned_open(l->trace.pins, &l->trace.pinned, &l->session, NULL) &&
	    l->session.state == SS_PINNED_BY_LOADER)
		return reason_set(why, -EBUSY,
				  "slicestat, pid %u, runs and has pinned %.120s: end that one",
				  l->session.loader, dir);
	return reason_set(why, -EBUSY, "another slicestat stops %.150s already", dir);
}

static int remove_all(const struct left *l, struct reason *why)
{
	int err = pins_remove(l->trace.pins);

	return err ? reason_set(why, err, "cannot remove %.150s: %s", pins_path(l->trace.pins),
				strerror(-err))
		   : 0;
}

/* Its slicestat was killed, or it would hold the lock. */
static int remove_rest(const struct left *l, struct reason *why)
{
	int err = remove_all(l, why);

	if (!err)
		log_info("removed what a slicestat that was killed, pid %u, had left in %s; there "
			 "are no totals",
			 l->session.loader, pins_path(l->trace.pins));
	return err;
}

/* What is pinned goes only when the report has been written. */
static int stop(struct left *l, struct reason *why)
{
	int err = trace_stop_pinned(&l->trace, &l->session, why);

	if (!err)
		err = emitter_write(l->emitter, &l->trace, true, why);
	if (!err)
		err = emitter_close(l->emitter, why);
	return err ? err : remove_all(l, why);
}

int verb_stop(const struct options *opts)
{
	struct left l = {.signal_fd = -1};
	struct reason why = {.text = ""};
	int err = pins_open(opts->pin, &l.trace.pins, &why);

	if (!err)
		err = lock(&l, &why);
	if (!err)
		err = pinned_open(l.trace.pins, &l.trace.pinned, &l.session, &why);
	if (!err && l.session.state != SS_PINNED_DETACHED && l.session.state != SS_PINNED_STOPPED) {
		err = remove_rest(&l, &why);
		return close_left(&l, err, &why);
	}
	if (!err)
		err = open_left(&l, opts, true, &why);
	if (!err)
		err = stop(&l, &why);
	return close_left(&l, err, &why);
}
