/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SS_PARSER_TIMEOUT_H
#define SS_PARSER_TIMEOUT_H

/*
 * How long a question may take, with all that is asked back until its answer is there. The slowest
 * known takes 16 s: 64 instantiations of a function of a megabyte each, in a file made for that.
 */
#define PARSER_TIMEOUT_MS 60000

#endif
