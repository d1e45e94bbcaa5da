/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of functions as the linker spells them: "path/pkg.Func", "path/pkg.(*Type).Method",
 * "path/pkg.Type.Method", literals with ".func1" behind them; behind what is generic its type
 * arguments in brackets, as shapes or, by older linkers, as "[...]".
 */
#ifndef SS_PLAN_FUNCNAME_H
#define SS_PLAN_FUNCNAME_H

#include <stdbool.h>

/*
 * Whether a user who writes this name means the function: it is the same, or it is the same but for
 * type arguments, which the user's name leaves out or has as "[...]".
 */
bool funcname_matches(const char *func, const char *name);

/* The name without type arguments, in buf, which has room for all of func. */
void funcname_strip(const char *func, char *buf);

/* Whether it is a method whose receiver is a pointer, as the name tells. */
bool funcname_has_pointer(const char *func);

/*
 * A generic function's body is told of its type arguments by a pointer to a dictionary, among its
 * arguments behind the receiver (callShaped in cmd/compile/internal/noder/reader.go).
 */
enum funcname_dictionary {
	DICTIONARY_NONE,	   /* not generic */
	DICTIONARY_FIRST,	   /* no receiver */
	DICTIONARY_BEHIND_POINTER, /* behind a receiver of one word */
	DICTIONARY_BEHIND_VALUE,   /* behind a receiver of unknown size */
	DICTIONARY_UNKNOWN,	   /* a literal, say, which has it in its closure */
};

enum funcname_dictionary funcname_dictionary(const char *func);

#endif
