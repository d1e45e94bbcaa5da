// SPDX-License-Identifier: BSD-2-Clause
#include "output/sink.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "output/utf8.h"

/* errno tells only right behind the failed call; a stream may also fail without one. */
static void note(struct sink *s, bool failed)
{
	if (failed && !s->err)
		s->err = errno ? -errno : -EIO;
}

void sink_write(struct sink *s, const char *bytes, size_t n)
{
	if (s->err)
		return;
	errno = 0;
	note(s, fwrite(bytes, 1, n, s->file) != n);
}

void sink_puts(struct sink *s, const char *text)
{
	sink_write(s, text, strlen(text));
}

void sink_text(struct sink *s, const char *text)
{
	while (*text) {
		size_t control = utf8_control(text);

		sink_write(s, control ? "?" : text, 1);
		text += control ? control : 1;
	}
}

void sink_printf(struct sink *s, const char *fmt, ...)
{
	va_list ap;

	if (s->err)
		return;
	errno = 0;
	va_start(ap, fmt);
	note(s, vfprintf(s->file, fmt, ap) < 0);
	va_end(ap);
}

int sink_finish(struct sink *s)
{
	if (!s->err) {
		errno = 0;
		note(s, fflush(s->file) != 0);
		errno = 0;
		note(s, ferror(s->file) != 0);
	}
	return s->err;
}
