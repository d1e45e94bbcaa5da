// SPDX-License-Identifier: BSD-2-Clause
/* The verb `plan` with --in or --not-in. */
#include "cli/plan_print_scope.h"

#include <errno.h>

#include "cli/plan_print.h"
#include "plan/scope_names.h"

/* By enum plan_scope_form. What an instruction behind the call adds is the base. */
static const struct form {
	const char *func;
	const char *meaning;
	const char *fields;
} forms[] = {
	[SCOPE_GROW] = {"runtime.growslice", "every growth, before it happens",
			"type, old and new len, old cap in registers; new cap computed"},
	[SCOPE_GROW_BUF] = {"runtime.growsliceBuf",
			    "the same, where the buffer on the stack does not last",
			    "as above, and the buffer's length"},
	[SCOPE_MAKE] = {"runtime.makeslice", "every make, before it happens",
			"type, len, cap in registers"},
	[SCOPE_COPY] = {"runtime.makeslicecopy", "every make with its copy, before it happens",
			"type, len, which is cap, elements copied in registers"},
};

#define FORMS (sizeof(forms) / sizeof(forms[0]))

static void print_form(FILE *f, const struct plan_scope *scope, size_t form)
{
	size_t n = 0, dynamic = 0;

	for (size_t i = 0; i < scope->ncalls; i++) {
		n += scope->calls[i].form == form;
		dynamic += scope->calls[i].form == form && !scope->calls[i].type;
	}
	if (!n)
		return;
	fprintf(f, "\n%-24s %6zu calls, each %s\n", forms[form].func, n,
		plan_price_words(PLAN_EMULATED));
	fprintf(f, "  %s\n  %s\n", forms[form].meaning, forms[form].fields);
	if (dynamic)
		fprintf(f, "  %zu of them pass a type that only the run knows%s\n", dynamic,
			form <= SCOPE_GROW_BUF ? ": its size is read there" : "");
}

static bool any_grows(const struct plan_scope *scope)
{
	for (size_t i = 0; i < scope->ncalls; i++)
		if (scope->calls[i].form <= SCOPE_GROW_BUF)
			return true;
	return false;
}

static void print_capacity(FILE *f, const struct plan_scope *scope)
{
	if (!any_grows(scope))
		return;
	fprintf(f,
		"\nNew cap: twice the old one below 256 elements, then a quarter and 192 more at a "
		"time;\n"
		"  or new len, where that is larger; in bytes rounded up to what the heap hands "
		"out%s\n",
		scope->has_headers
			? ",\n  less 8 of those with pointers that are larger than 512 (Go 1.22+)"
			: "");
}

static void print_bases(FILE *f, const struct plan_scope *scope)
{
	size_t none = plan_scope_rets(scope, CALLSITE_NO_PROBE);

	fprintf(f,
		"\nBase: with --by base only, from a probe on an instruction behind each call;\n"
		"  of these %zu are %s, %zu are %s\n",
		plan_scope_rets(scope, PLAN_EMULATED), plan_price_words(PLAN_EMULATED),
		plan_scope_rets(scope, PLAN_STEPPED), plan_price_words(PLAN_STEPPED));
	if (none)
		fprintf(f,
			"  %zu calls have none that can be probed: they are left out --by base\n",
			none);
}

static void print_left_out(FILE *f, const struct plan_scope *scope)
{
	if (scope->fips || scope->undecided)
		fprintf(f, "\nLeft out:\n");
	if (scope->fips)
		fprintf(f, "  %zu calls in the text that a FIPS program checks for changes\n",
			scope->fips);
	if (scope->undecided)
		fprintf(f, "  %zu that may be calls, behind bytes that do not decode\n",
			scope->undecided);
}

int plan_print_scope(FILE *f, const char *path, const struct parsed_info *info,
		     const struct plan *plan, const struct plan_patterns *patterns,
		     const struct plan_scope *scope)
{
	char names[256];

	scope_names_describe(patterns, names, sizeof(names));
	plan_print_header(f, path, info, plan);
	fprintf(f,
		"\nIn %s:\n"
		"  %zu calls are probed, and nothing else: all other code runs at full speed\n",
		names, scope->ncalls);
	for (size_t form = 0; form < FORMS; form++)
		print_form(f, scope, form);
	print_capacity(f, scope);
	print_bases(f, scope);
	print_left_out(f, scope);
	plan_print_zerobase(f, plan);
	plan_print_unseen(f, info, plan);
	plan_print_unseen_line(f, "what functions in scope call",
			       "counts by its own function's name, inlined or not;");
	plan_print_unseen_line(f, "", "reflect.Append by that of one of reflect's");
	return fflush(f) || ferror(f) ? -EIO : 0;
}
