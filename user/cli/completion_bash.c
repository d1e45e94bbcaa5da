// SPDX-License-Identifier: BSD-2-Clause
#include "cli/completion.h"
#include "cli/option_words.h"

static const char head[] =
	"# bash completion for slicestat, printed by `slicestat completion bash`\n"
	"\n"
	"# _slicestat_list WORD...: of a list with commas, its last one.\n"
	"_slicestat_list()\n"
	"{\n"
	"	local last=${cur##*,}\n"
	"\n"
	"	COMPREPLY=($(compgen -P \"${cur%\"$last\"}\" -W \"$*\" -- \"$last\"))\n"
	"	compopt -o nospace\n"
	"}\n"
	"\n"
	"_slicestat_pids()\n"
	"{\n"
	"	_slicestat_list $(cd /proc && echo [0-9]*)\n"
	"}\n"
	"\n"
	"_slicestat_files()\n"
	"{\n"
	"	compopt -o filenames\n"
	"	COMPREPLY=($(compgen -f -- \"$cur\"))\n"
	"}\n"
	"\n"
	"_slicestat()\n"
	"{\n"
	"	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} verb= i\n"
	"\n"
	"	COMPREPLY=()\n"
	"	for ((i = 1; i < COMP_CWORD; i++)); do\n"
	"		[[ ${COMP_WORDS[i]} == -- ]] || continue\n"
	"		if declare -F _command_offset >/dev/null; then\n"
	"			_command_offset $((i + 1))\n"
	"		elif ((i + 1 == COMP_CWORD)); then\n"
	"			COMPREPLY=($(compgen -c -- \"$cur\"))\n"
	"		else\n"
	"			_slicestat_files\n"
	"		fi\n"
	"		return\n"
	"	done\n"
	"	# Bash makes words of --by=site: three of them.\n"
	"	if [[ $cur == '=' ]]; then\n"
	"		cur=\n"
	"	elif [[ $prev == '=' ]]; then\n"
	"		prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
	"	fi\n";

static const char tail[] = "}\n"
			   "complete -F _slicestat slicestat\n";

static void print_names(FILE *f, const struct verb *verb, const struct argp_option *o)
{
	const char *name = verb->name ? verb->name : "";

	if (completion_letter(o))
		fprintf(f, "%s:-%c | ", name, o->key);
	fprintf(f, "%s:--%s", name, o->name);
}

/* What comes behind an option. */
static void print_value(FILE *f, const struct verb *verb, const struct argp_option *o)
{
	const char *const *words = option_words(o->key);

	if (!o->arg)
		return;
	fputs("	", f);
	print_names(f, verb, o);
	if (completion_is_pid(o)) {
		fputs(") _slicestat_pids; return ;;\n", f);
	} else if (completion_is_file(o)) {
		fputs(") _slicestat_files; return ;;\n", f);
	} else if (words && option_takes_list(o->key)) {
		fputs(") _slicestat_list ", f);
		completion_words(f, words);
		fputs("; return ;;\n", f);
	} else if (words) {
		fputs(") COMPREPLY=($(compgen -W '", f);
		completion_words(f, words);
		fputs("' -- \"$cur\")); return ;;\n", f);
	} else {
		fputs(") return ;;\n", f);
	}
}

static void print_options(FILE *f, const struct verb *verb)
{
	const struct argp_option *o = NULL;

	fprintf(f, "	%s:-*) COMPREPLY=($(compgen -W '", verb->name ? verb->name : "");
	while ((o = completion_next(verb, o))) {
		if (completion_letter(o))
			fprintf(f, "-%c ", o->key);
		fprintf(f, "--%s ", o->name);
	}
	fputs("' -- \"$cur\")) ;;\n", f);
}

static void print_verbs(FILE *f, const char *between)
{
	for (const struct verb *verb = verbs; verb->name; verb++)
		fprintf(f, "%s%s", verb > verbs ? between : "", verb->name);
}

static void print_values(FILE *f, const struct verb *verb)
{
	const struct argp_option *o = NULL;

	while ((o = completion_next(verb, o)))
		print_value(f, verb, o);
}

void completion_bash(FILE *f)
{
	const struct verb *verb;

	fputs(head, f);
	fputs("	((COMP_CWORD == 1)) || case ${COMP_WORDS[1]} in\n	", f);
	print_verbs(f, " | ");
	fputs(") verb=${COMP_WORDS[1]} ;;\n	esac\n	case $verb:$prev in\n", f);
	for (verb = verbs; verb->name; verb++)
		print_values(f, verb);
	print_values(f, verb);
	fputs("	completion:completion) COMPREPLY=($(compgen -W '", f);
	completion_words(f, option_shells);
	fputs("' -- \"$cur\")); return ;;\n	esac\n	case $verb:$cur in\n", f);
	for (verb = verbs; verb->name; verb++)
		print_options(f, verb);
	print_options(f, verb);
	fputs("	:*) ((COMP_CWORD > 1)) || COMPREPLY=($(compgen -W '", f);
	print_verbs(f, " ");
	fputs("' -- \"$cur\")) ;;\n	completion:*) ;;\n	*) _slicestat_files ;;\n	"
	      "esac\n",
	      f);
	fputs(tail, f);
}
