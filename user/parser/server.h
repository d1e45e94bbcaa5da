/* SPDX-License-Identifier: BSD-2-Clause */
/* The parser's side: one process for one file, which reads it and answers. */
#ifndef SS_PARSER_SERVER_H
#define SS_PARSER_SERVER_H

/* Answer what comes from the socket about the file until the other end is closed. */
void server_run(int socket, int file);

#endif
