// SPDX-License-Identifier: BSD-2-Clause
#include "cli/completion.h"
#include "cli/option_words.h"

#define QUOTE "\\'"

/* With the condition under which a line counts: its verb is there, or none is. */
static void begin(FILE *f, const struct verb *verb)
{
	fputs("complete -c slicestat -n '", f);
	if (verb->name) {
		fprintf(f, "__fish_seen_subcommand_from %s'", verb->name);
		return;
	}
	fputs("not __fish_seen_subcommand_from", f);
	for (verb = verbs; verb->name; verb++)
		fprintf(f, " %s", verb->name);
	fputs("'", f);
}

static void print_value(FILE *f, const struct argp_option *o)
{
	const char *const *words = option_words(o->key);

	if (completion_is_file(o)) {
		fputs(" -r -F", f);
	} else if (completion_is_pid(o)) {
		fputs(" -x -a '(__fish_complete_list , __fish_complete_pids)'", f);
	} else if (words && option_takes_list(o->key)) {
		fputs(" -x -a '(__fish_complete_list , \"string join \\\\n ", f);
		completion_words(f, words);
		fputs("\")'", f);
	} else if (words) {
		fputs(" -x -a '", f);
		completion_words(f, words);
		fputs("'", f);
	} else if (o->arg) {
		fputs(" -x", f);
	}
}

static void print_verb(FILE *f, const struct verb *verb)
{
	const struct argp_option *o = NULL;

	if (verb->name) {
		fprintf(f, "complete -c slicestat -n __fish_is_first_arg -f -a %s -d ", verb->name);
		completion_quote(f, verb->options->doc, QUOTE);
		putc('\n', f);
	}
	while ((o = completion_next(verb, o))) {
		begin(f, verb);
		if (completion_letter(o))
			fprintf(f, " -s %c", o->key);
		fprintf(f, " -l %s", o->name);
		print_value(f, o);
		fputs(" -d ", f);
		completion_quote(f, o->doc, QUOTE);
		putc('\n', f);
	}
	if (verb->options == &options_completion) {
		begin(f, verb);
		fputs(" -f -a '", f);
		completion_words(f, option_shells);
		fputs("'\n", f);
	}
}

void completion_fish(FILE *f)
{
	const struct verb *verb;

	fputs("# fish completion for slicestat, printed by `slicestat completion fish`\n", f);
	for (verb = verbs; verb->name; verb++)
		print_verb(f, verb);
	print_verb(f, verb);
}
