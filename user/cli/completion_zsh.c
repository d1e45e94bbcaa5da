// SPDX-License-Identifier: BSD-2-Clause
#include "cli/completion.h"
#include "cli/option_words.h"

#define QUOTE "'\\''"

static const char head[] = "#compdef slicestat\n"
			   "# zsh completion for slicestat, printed by `slicestat completion zsh`\n"
			   "\n"
			   "_slicestat_pids() {\n"
			   "	_values -s , pid ${(f)\"$(cd /proc && print -l <1->)\"}\n"
			   "}\n"
			   "\n";

static const char tail[] =
	"\n"
	"_slicestat() {\n"
	"	local verb=\n"
	"\n"
	"	if ((CURRENT > 2)) && (($+functions[_slicestat_verb_$words[2]])); then\n"
	"		verb=$words[2]\n"
	"		words=($words[1] $words[3,-1])\n"
	"		((CURRENT--))\n"
	"	fi\n"
	"	_slicestat_verb_$verb\n"
	"}\n"
	"\n"
	"if [ \"$funcstack[1]\" = _slicestat ]; then\n"
	"	_slicestat \"$@\"\n"
	"else\n"
	"	compdef _slicestat slicestat\n"
	"fi\n";

/* What comes behind an option, ":NAME:ACTION". */
static void print_value(FILE *f, const struct argp_option *o)
{
	const char *const *words = option_words(o->key);

	if (!o->arg)
		return;
	fprintf(f, "':%s:", o->name);
	if (completion_is_pid(o)) {
		fputs("_slicestat_pids", f);
	} else if (completion_is_file(o)) {
		fputs("_files", f);
	} else if (words) {
		fputs(option_takes_list(o->key) ? "_values -s , value " : "(", f);
		completion_words(f, words);
		fputs(option_takes_list(o->key) ? "" : ")", f);
	}
	fputs("'", f);
}

/* Each may be repeated: some are meant to be. */
static void print_option(FILE *f, const struct argp_option *o)
{
	const char *mark = o->arg ? "=" : "";

	fputs("		", f);
	if (completion_letter(o))
		fprintf(f, "'*'{-%c%s,--%s%s}", o->key, o->arg ? "+" : "", o->name, mark);
	else
		fprintf(f, "'*--%s%s'", o->name, mark);
	fputs("'['", f);
	completion_quote(f, o->doc, QUOTE);
	fputs("']'", f);
	print_value(f, o);
	fputs(" \\\n", f);
}

static void print_verbs(FILE *f)
{
	fputs("		'1:verb:((", f);
	for (const struct verb *verb = verbs; verb->name; verb++)
		fprintf(f, "%s%s", verb > verbs ? " " : "", verb->name);
	fputs("))' \\\n", f);
}

static void print_function(FILE *f, const struct verb *verb)
{
	const struct argp_option *o = NULL;

	fprintf(f, "_slicestat_verb_%s() {\n	_arguments -s \\\n", verb->name ? verb->name : "");
	while ((o = completion_next(verb, o)))
		print_option(f, o);
	if (!verb->name)
		print_verbs(f);
	if (verb->options == &options_completion) {
		fputs("		'1:shell:(", f);
		completion_words(f, option_shells);
		fputs(")'\n}\n\n", f);
		return;
	}
	fputs("		'*:file:_files'\n}\n\n", f);
}

void completion_zsh(FILE *f)
{
	const struct verb *verb;

	fputs(head, f);
	for (verb = verbs; verb->name; verb++)
		print_function(f, verb);
	print_function(f, verb);
	fputs(tail, f);
}
