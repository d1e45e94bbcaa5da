// SPDX-License-Identifier: BSD-2-Clause
#include "cli/verbs.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/emit.h"
#include "cli/loop.h"
#include "cli/publish.h"
#include "cli/signal_fd.h"
#include "trace/budget.h"
#include "trace/leave.h"
#include "trace/trace.h"
#include "trace/rights.h"
#include "trace/targets.h"
#include "log/log.h"

static int set_up(struct trace *trace, const sigset_t *mask, int signal_fd, struct reason *why)
{
	int err = trace_pin_make(trace, why);

	if (err)
		return err;
	if (trace->opts->command)
		return trace_command(trace, mask, signal_fd, why);
	err = trace_rights_set_up(trace, why);
	return err ? err : trace_processes(trace, why);
}

/* From here on it counts. */
static int start(struct trace *trace, struct reason *why)
{
	int err = trace_pin(trace, why);

	if (!err)
		err = trace_start(trace, why);
	return err ? err : trace_pin_begin(trace, why);
}

/* Detaching is right in any case; the last report only when the earlier ones could be written. */
static int finish(struct trace *trace, struct emitter *emitter, int err, struct reason *why)
{
	struct reason last;
	int stopped = trace_stop(trace, err ? &last : why);

	if (!err)
		err = stopped;
	if (!err)
		err = emitter_write(emitter, trace, true, why);
	if (!err)
		err = emitter_close(emitter, why);
	return err;
}

/* Our own failure is reported; a reader that left is none. A command is waited for. */
static int conclude(struct trace *trace, int signal_fd, int err, const struct reason *why)
{
	bool failed = err && why->text[0];
	int status;

	if (failed)
		log_error("%s", why->text);
	if (!trace->command)
		return failed ? 1 : 0;
	status = trace_wait_command(trace, signal_fd);
	return failed && status == 0 ? 1 : status;
}

/* A command that cannot be traced does not run on untraced. */
static int give_up(struct trace *trace, int signal_fd, int err, const struct reason *why)
{
	if (err != -EINTR)
		log_error("%s", why->text);
	if (!trace->command)
		return 1;
	command_kill(trace->command, SIGTERM);
	command_release(trace->command);
	return err == -EINTR ? trace_wait_command(trace, signal_fd) : 1;
}

/* Nothing will change any more: the totals are there until a signal is. */
static void linger(int signal_fd, const char *what)
{
	struct pollfd fd = {.fd = signal_fd, .events = POLLIN};

	log_info("%s totals are served until ^C", what);
	while (poll(&fd, 1, -1) < 0 && errno == EINTR)
		;
}

/*
 * Who watches gets the totals of the final report. Where the budget has ended it all, whoever has
 * it run would only begin again, and take more than the budget each time.
 */
static void show_last(const struct trace *trace, struct publisher *publisher, int signal_fd)
{
	if (trace_budget_gave_up(trace->budget))
		linger(signal_fd, "tracing has ended: its");
	else if (!publisher_serves(publisher))
		return;
	else if (trace->command || trace->follow || trace_running(trace))
		publisher_await_scrape(publisher, signal_fd);
	else
		linger(signal_fd, "the processes have ended: their");
}

static int run(struct trace *trace, struct emitter *emitter, struct publisher *publisher,
	       const sigset_t *mask, int signal_fd)
{
	struct reason why = {.text = ""};
	int err = set_up(trace, mask, signal_fd, &why);

	if (!err)
		err = start(trace, &why);
	if (err)
		return give_up(trace, signal_fd, err, &why);
	if (trace->opts->detach)
		return 0;
	err = publisher ? publisher_start(publisher, &why) : 0;
	if (!err)
		err = loop_run(trace, emitter, signal_fd, &why);
	err = finish(trace, emitter, err, &why);
	if (!err && publisher)
		show_last(trace, publisher, signal_fd);
	if (publisher)
		publisher_finish(publisher);
	return conclude(trace, signal_fd, err, &why);
}

static int open_publisher(const struct options *opts, struct emitter *emitter,
			  struct publisher **out, struct reason *why)
{
	int err = options_served(opts) ? publisher_new(opts, out, why) : 0;

	if (!err)
		emitter_publish(emitter, *out);
	return err;
}

int verb_trace(const struct options *opts)
{
	struct trace trace = {.opts = opts};
	struct emitter *emitter = NULL;
	struct publisher *publisher = NULL;
	struct reason why;
	sigset_t before;
	int signal_fd, status = 1;

	signal_fd = signal_fd_new(&before);
	if (signal_fd < 0) {
		log_error("cannot take signals: %s", strerror(-signal_fd));
		return 1;
	}
	if (parser_new(&trace.parser, &why) || emitter_new(opts, signal_fd, &emitter, &why) ||
	    open_publisher(opts, emitter, &publisher, &why))
		log_error("%s", why.text);
	else
		status = run(&trace, emitter, publisher, &before, signal_fd);
	publisher_free(publisher);
	trace_free(&trace);
	emitter_free(emitter);
	close(signal_fd);
	return status;
}
