// SPDX-License-Identifier: BSD-2-Clause
/* cli/config.h, and what serve makes of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/config.h"
#include "cli/options.h"
#include "serve/push.h"
#include "slicestat.h"

static void test_lines(void **state)
{
	char text[] = "# said by people\n\n listen = 127.0.0.1:9469 \r\ntotal\n  #x = y\n"
		      "otlp=http://h/?a=b#c\nempty =";
	struct config_line line = {.number = 0};
	char *at = text;

	(void)state;
	assert_int_equal(config_next(&at, &line), 1);
	assert_int_equal(line.number, 3);
	assert_string_equal(line.name, "listen");
	assert_string_equal(line.value, "127.0.0.1:9469");
	assert_int_equal(config_next(&at, &line), 1);
	assert_int_equal(line.number, 4);
	assert_string_equal(line.name, "total");
	assert_null(line.value);
	assert_int_equal(config_next(&at, &line), 1);
	assert_int_equal(line.number, 6);
	assert_string_equal(line.value, "http://h/?a=b#c");
	assert_int_equal(config_next(&at, &line), 1);
	assert_string_equal(line.value, "");
	assert_int_equal(config_next(&at, &line), 0);
	assert_int_equal(config_next(&at, &line), 0);
}

static void assert_refused(char *text, const char *expected)
{
	static const struct argp_option table[] = {{.name = "top", .key = 'n', .arg = "N"},
						   {.doc = "Heading"},
						   {.name = "total", .key = 't'},
						   {}};
	static const struct argp_option *const tables[] = {table, NULL};
	struct config_line line = {.number = 6};
	const struct argp_option *option;
	struct reason why = {.text = ""};

	assert_int_equal(config_next(&text, &line), 1);
	option = config_option(tables, &line, "f", &why);
	if (expected)
		assert_null(option);
	else
		assert_string_equal(option->name, line.name);
	assert_string_equal(why.text, expected ? expected : "");
}

static void test_options(void **state)
{
	(void)state;
	assert_refused((char[]){"top = 5"}, NULL);
	assert_refused((char[]){"total"}, NULL);
	assert_refused((char[]){"total ="}, NULL);
	assert_refused((char[]){"total = yes"}, "f:7: 'total' takes no value");
	assert_refused((char[]){"top"}, "f:7: 'top' takes a value: name = value");
	assert_refused((char[]){"top ="}, "f:7: 'top' takes a value: name = value");
	assert_refused((char[]){"tops = 5"}, "f:7: there is no option 'tops'");
	assert_refused((char[]){"= 5"}, "f:7: there is no option ''");
}

static char path[] = "/tmp/slicestat-config-XXXXXX";

static void write_config(const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* What comes later is what counts. */
static void test_serve(void **state)
{
	char *argv[] = {"slicestat", "-n", "7", "--config", path, "--budget", "3", NULL};
	struct options o;

	(void)state;
	write_config("listen = 9469\npid = 41,42\ntop = 50\nbudget = off\ninterval = 2.5\nquiet\n"
		     "skip = a.*\nskip = b.*\n");
	options_parse(&options_serve, 7, argv, &o);
	assert_string_equal(o.listen, "9469");
	assert_int_equal(o.npids, 2);
	assert_int_equal(o.pids[1], 42);
	assert_int_equal(o.top, 50);
	assert_true(o.budget == 0.03);
	assert_true(o.interval_s == 2.5);
	assert_int_equal(o.log_level, LOG_WARN);
	assert_int_equal(o.nskip, 2);
	assert_int_equal(o.view, OUTPUT_BY_SITE);
	assert_true(o.no_reports);
	options_free(&o);
}

static void test_defaults(void **state)
{
	char *argv[] = {"slicestat", "--otlp", "http://h/v1/metrics", "-e", "/srv/app", NULL};
	struct options o;

	(void)state;
	options_parse(&options_serve, 5, argv, &o);
	assert_null(o.listen);
	assert_true(o.budget == 0.05);
	assert_true(o.interval_s == 5);
	assert_int_equal(o.top, 100);
	options_free(&o);
}

static void assert_usage(int argc, char **argv, const char *log)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct options o;

		if (!freopen(log, "w", stderr))
			_exit(9);
		options_parse(&options_serve, argc, argv, &o);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 2);
}

static void test_wrong(void **state)
{
	static char *const cases[][8] = {
		{"s", "-p", "1"},
		{"s", "--listen", "9469"},
		{"s", "--listen", "9469", "-p", "1", "--by", "type"},
		{"s", "--listen", "9469", "-p", "1", "--chains=cheap"},
		{"s", "--listen", "9469", "-p", "1", "-n", "0"},
		{"s", "--listen", "9469", "-p", "1", "-o", "folded"},
		{"s", "--listen", "9469", "-p", "1", "5", "7"},
		{"s", "--otlp", "ftp://h/", "-p", "1"},
		{"s", "--otlp", "http://u:p@h/", "-p", "1"},
		{"s", "--otlp", "http://[h/", "-p", "1"},
		{"s", "--listen", "localhost:9469", "-p", "1"},
		{"s", "--listen", "127.0.0.1:99999", "-p", "1"},
		{"s", "--config", "/nonexistent", "-p", "1"},
		{"s", "--config", path, "-p", "1"},
	};

	(void)state;
	write_config("listen = 9469\nconfig = other\n");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int argc = 0;

		while (argc < 8 && cases[i][argc])
			argc++;
		assert_usage(argc, (char **)cases[i], "/dev/null");
	}
}

/* The first line is that. */
static void assert_usage_told(int argc, char *const *argv, const char *expected)
{
	char log[] = "/tmp/slicestat-config-log-XXXXXX";
	char line[512] = "", wanted[512];
	FILE *f;

	assert_int_equal(close(mkstemp(log)), 0);
	assert_usage(argc, (char **)argv, log);
	f = fopen(log, "re");
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	fclose(f);
	unlink(log);
	snprintf(wanted, sizeof(wanted), "s: %s\n", expected);
	assert_string_equal(line, wanted);
}

/* Where is what stands behind the file's name. */
static void assert_told(const char *config, const char *where)
{
	char *const argv[] = {"s", "--config", path, "-p", "1", NULL};
	char expected[512];

	write_config(config);
	snprintf(expected, sizeof(expected), "%s%s", path, where);
	assert_usage_told(5, argv, expected);
}

/* With the place where it stands. */
static void test_told(void **state)
{
	(void)state;
	assert_told("listen = 9469\nbudget = much\nfoo",
		    ":2: --budget: 'much' is neither off nor a percentage from 0.1 to 100");
	assert_told("\n\nops = grow,none",
		    ":3: --ops: 'none' is not an operation; known are grow, "
		    "make, copy, move, nozero, reflect, bytes, string, conv");
	assert_told("output = xml", ":1: -o: 'xml' is not a format; known are table, json, pprof, "
				    "folded");
	assert_told("pid = 1,x", ":1: -p: 'x' is not a number from 1 to 2147483647");
	assert_told("listn = 9469", ":1: there is no option 'listn'");
	assert_told("pid = 1\nlisten = 127.0.0.1:99999",
		    ":2: --listen: '127.0.0.1:99999' is neither PORT nor ADDRESS:PORT, in numbers, "
		    "like 127.0.0.1:9469 or [::1]:9469");
	assert_told("listen = localhost:9469",
		    ":1: --listen: 'localhost:9469' is neither PORT nor ADDRESS:PORT, in numbers, "
		    "like 127.0.0.1:9469 or [::1]:9469");
	assert_told("otlp = h:4318", ":1: --otlp: 'h:4318' is no http:// or https:// URL");
	assert_told("listen = 1\n\notlp = http://u:p@x/v1",
		    ":3: --otlp: a user or password does not belong in the URL: name it by "
		    "OTEL_EXPORTER_OTLP_HEADERS, see slicestat(8)");
	assert_told("listen = 1\nsort = size", ":2: --sort: 'size' is not a key; known are events, "
					       "len, cap, alloc, copied, slack");
	assert_told("listen = 1\ntop = 0", ":2: -n: sites have from 1 to 10000 series");
	assert_told("\nlisten = 9469\n# again\nlisten = 9470\n",
		    ":4: 'listen' is in line 2 already");
	assert_told("exe = /a\nskip = a\nskip = b\nexe = /a", ":4: 'exe' is in line 1 already");
	assert_told("quiet\nquiet", ":2: 'quiet' is in line 1 already");
	assert_told("stacks\nlisten = 1", ":1: metrics tell no stacks: leave --stacks out");
}

/* By the rules of the library that will take it apart. */
static void test_told_url(void **state)
{
	struct reason why = {.text = ""};
	char expected[sizeof(why.text) + 8];

	(void)state;
	assert_int_equal(push_check_url("http://127.0.0.1:4318/v1/metrics", &why), 0);
	assert_int_equal(push_check_url("https://[::1]:4318/v1/metrics", &why), 0);
	assert_int_equal(push_check_url("http://[x/v1", &why), -EINVAL);
	snprintf(expected, sizeof(expected), ":1: %s", why.text);
	assert_told("otlp = http://[x/v1", expected);
}

/* Reports that nobody gets cannot be shaped. */
static void test_reports(void **state)
{
	static char *const cases[][8] = {
		{"s", "--listen", "9469", "-p", "1", "--total"},
		{"s", "--listen", "9469", "-p", "1", "-o", "table"},
		{"s", "--listen", "9469", "-p", "1", "--min-bytes", "5"},
	};
	static const char *const names[] = {"--total", "--output", "--min-bytes"};
	static const char *const lines[] = {"total", "output = json", "min-bytes = 5"};
	char *const config[] = {"s", "--config", path, NULL};
	char *const written[] = {"s", "--config", path, "-w", "/tmp/out", NULL};
	char said[128], text[128];
	struct options o;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		snprintf(said, sizeof(said), "%s is of reports: name their file with -w FILE",
			 names[i]);
		assert_usage_told(i ? 7 : 6, cases[i], said);
		snprintf(text, sizeof(text), "%s\nlisten = 9469\npid = 1", lines[i]);
		write_config(text);
		assert_usage_told(3, config, said);
		options_parse(&options_serve, 5, (char **)written, &o);
		assert_false(o.no_reports);
		options_free(&o);
	}
}

/* All that can be said more than once. */
static void test_repeated(void **state)
{
	char *const argv[] = {"s", "--config", path, "--listen", "9470", NULL};
	struct options o;

	(void)state;
	write_config("listen = 9469\npid = 1\npid = 2\nskip = a\nskip = b\nops = grow\nops = "
		     "copy\nin = a\nin = b\nnot-in = c\nnot-in = d");
	options_parse(&options_serve, 5, (char **)argv, &o);
	assert_string_equal(o.listen, "9470");
	assert_int_equal(o.npids, 2);
	assert_int_equal(o.nskip, 2);
	assert_int_equal(o.request.ops, 1U << SS_OP_GROW | 1U << SS_OP_COPY);
	assert_int_equal(o.scope.nin, 2);
	assert_int_equal(o.scope.nnot_in, 2);
	options_free(&o);
	write_config("listen = 9469\npid = 1\nfunc = main.a\nfunc = main.b:1");
	options_parse(&options_serve, 3, (char **)argv, &o);
	assert_int_equal(o.request.nrecords, 2);
	options_free(&o);
}

/* They are in no file, but the next start has them again. */
static void test_headers(void **state)
{
	char *const argv[] = {"s", "--otlp", "http://h/v1/metrics", "-p", "1", NULL};
	struct options o;

	(void)state;
	setenv("OTEL_EXPORTER_OTLP_HEADERS", "foo", 1);
	assert_usage_told(5, argv, "OTEL_EXPORTER_OTLP_HEADERS: header 1 is not name=value");
	setenv("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "foo=bar", 1);
	options_parse(&options_serve, 5, (char **)argv, &o);
	options_free(&o);
	unsetenv("OTEL_EXPORTER_OTLP_METRICS_HEADERS");
	unsetenv("OTEL_EXPORTER_OTLP_HEADERS");
}

/* What has been written there would be done with the rights of who reads it. */
static void test_others(void **state)
{
	struct reason why;
	char *text;

	(void)state;
	write_config("total\n");
	assert_int_equal(chmod(path, 0602), 0);
	assert_int_equal(config_read(path, &text, &why), -EPERM);
	assert_non_null(strstr(why.text, "can be changed by others"));
	assert_int_equal(chmod(path, 0620), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(path, (uid_t)-1, 1), 0);
	assert_int_equal(config_read(path, &text, &why), -EPERM);
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(config_read(path, &text, &why), 0);
	assert_string_equal(text, "total\n");
	free(text);
}

static int make_file(void **state)
{
	(void)state;
	return close(mkstemp(path));
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),	 cmocka_unit_test(test_options),
		cmocka_unit_test(test_serve),	 cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_wrong),	 cmocka_unit_test(test_told),
		cmocka_unit_test(test_others),	 cmocka_unit_test(test_told_url),
		cmocka_unit_test(test_headers),	 cmocka_unit_test(test_reports),
		cmocka_unit_test(test_repeated),
	};

	return cmocka_run_group_tests_name("config", tests, make_file, remove_file);
}
