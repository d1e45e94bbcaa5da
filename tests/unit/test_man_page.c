// SPDX-License-Identifier: BSD-2-Clause
/* The manual page, --help and the tables of options tell the same: run where docs/ is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/completion.h"
#include "cli/option_words.h"
#include "cli/verbs.h"

#define PAGE_MAX (1 << 20)

static char page[PAGE_MAX];

static int read_page(void **state)
{
	FILE *f = fopen("docs/slicestat.8", "r");
	size_t n = f ? fread(page, 1, sizeof(page) - 1, f) : 0;

	(void)state;
	page[n] = '\0';
	return !f || fclose(f) || n == 0;
}

static bool is_word_byte(char c)
{
	return c == '-' || c == '_' || (c >= '0' && c <= '9') ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Is the word there by itself? */
static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at++)
		if ((at == text || !is_word_byte(at[-1])) && !is_word_byte(at[n]))
			return true;
	return false;
}

/* Does the list of options have one that begins a line like that? */
static bool has_item(const char *form)
{
	size_t n = strlen(form);

	for (const char *at = page; (at = strstr(at, "\n.It ")); at++) {
		const char *end = strchr(at + 1, '\n');

		for (const char *in = at; end && in + n <= end; in++)
			if (!strncmp(in, form, n) && !is_word_byte(in[n]))
				return true;
	}
	return false;
}

static void expect_item(const struct argp_option *o)
{
	char form[64];

	snprintf(form, sizeof(form), "Fl -%s", o->name);
	if (!has_item(form))
		fail_msg("--%s is not in the manual page", o->name);
	if (!completion_letter(o) && o->key != '?')
		return;
	snprintf(form, sizeof(form), "Fl %s%c , Fl -%s", o->key == '?' ? "\\&" : "", o->key,
		 o->name);
	if (!has_item(form))
		fail_msg("-%c, --%s is not in the manual page", o->key, o->name);
}

static void test_options_are_in_page(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct verb *verb = verbs;; verb++) {
		const struct argp_option *o = NULL;

		for (; (o = completion_next(verb, o)); n++)
			expect_item(o);
		if (!verb->name)
			break;
		if (!has_word(page, verb->name))
			fail_msg("%s is not in the manual page", verb->name);
	}
	assert_true(n > 40);
}

static bool is_option(const char *name, size_t n)
{
	for (const struct verb *verb = verbs;; verb++) {
		const struct argp_option *o = NULL;

		while ((o = completion_next(verb, o)))
			if (strlen(o->name) == n && !strncmp(o->name, name, n))
				return true;
		if (!verb->name)
			return false;
	}
}

/* Each long name that begins a paragraph of the list. */
static void test_page_has_no_others(void **state)
{
	size_t items = 0;

	(void)state;
	for (const char *at = page; (at = strstr(at, "\n.It Fl ")); at++) {
		const char *name = strstr(at, "Fl -"), *end = strchr(at + 1, '\n');
		size_t n;

		assert_non_null(end);
		if (!name || name > end)
			fail_msg("a paragraph without a long name: %.40s", at);
		if (!name)
			return;
		name += strlen("Fl -");
		n = strcspn(name, " \n");
		if (!is_option(name, n))
			fail_msg("the manual page has --%.*s, which is no option", (int)n, name);
		items++;
	}
	assert_true(items > 20);
}

static void expect_words(const struct argp_option *o)
{
	const char *const *words = option_words(o->key);

	for (size_t i = 0; words && words[i]; i++) {
		if (!has_word(o->doc, words[i]) && !has_word(o->arg, words[i]))
			fail_msg("--help tells nothing of --%s %s", o->name, words[i]);
		if (!has_word(page, words[i]))
			fail_msg("the manual page tells nothing of --%s %s", o->name, words[i]);
	}
}

/* The values that options take; those of verbs with a name may be told with fewer words. */
static void test_words(void **state)
{
	const struct argp_option *o = NULL;
	const struct verb *verb = verbs;
	size_t n = 0;

	(void)state;
	while (verb->name)
		verb++;
	for (; (o = completion_next(verb, o)); n += !!option_words(o->key))
		expect_words(o);
	assert_true(n > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options_are_in_page),
		cmocka_unit_test(test_page_has_no_others),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, read_page, NULL);
}
