/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages to the user: one line each on stderr, `slicestat: ` before it. errno is left alone. */
#ifndef SS_LOG_LOG_H
#define SS_LOG_LOG_H

enum log_level {
	LOG_ERROR, /* why it failed and what helps */
	LOG_WARN,  /* goes on, but the user should know */
	LOG_INFO,  /* what is being traced; off with -q */
	LOG_DEBUG, /* only with -v */
};

void log_set_level(enum log_level level);

typedef void (*log_fn)(void *ctx, enum log_level level, const char *line);
/* Have messages go there instead of stderr, while a screen is drawn; NULL: to stderr again. */
void log_divert(log_fn take, void *ctx);
void log_print(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_print(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log_print(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_print(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_print(LOG_DEBUG, __VA_ARGS__)

#endif
