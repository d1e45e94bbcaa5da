/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Executables are untrusted, and read in processes that have nothing to lose: a small one, made
 * before there is anything in this one, makes another for each file. That one has the file, a
 * socket and no rights; it returns flat data. One that is led astray takes its own file's answers
 * with it.
 */
#ifndef SS_PARSER_PARSER_H
#define SS_PARSER_PARSER_H

#include <stdbool.h>

#include "log/reason.h"

struct parser;

/*
 * To be called while this process has no other threads. Signals that are blocked stay so in the
 * parser. 0 or a negative errno with why set.
 */
int parser_new(struct parser **out, struct reason *why);
/* Processes for files end when they are closed, whether this one is there or not. NULL is ok. */
void parser_free(struct parser *p);

/* The process of one file. */
struct parser_child {
	int socket; /* -1: none */
	int pidfd;
	bool filtered; /* a kernel without seccomp filters has it go on without */
};

/* fd stays the caller's. 0 or a negative errno with why set. */
int parser_start(struct parser *p, int fd, struct parser_child *out, struct reason *why);
/* End it, whatever it does. */
void parser_end(struct parser_child *child);

/* Try it on a file of no meaning: 0 with *filtered set, or a negative errno with why set. */
int parser_try(bool *filtered, struct reason *why);

/* gobin_is_likely, in a process of its own. */
bool parser_is_likely(struct parser *p, int fd);

#endif
