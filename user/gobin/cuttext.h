/* SPDX-License-Identifier: BSD-2-Clause */
/* Text that is put together in a buffer of the caller's, cut to its size, always terminated. */
#ifndef SS_GOBIN_CUTTEXT_H
#define SS_GOBIN_CUTTEXT_H

#include <stdbool.h>
#include <stddef.h>

struct cuttext {
	char *buf;
	size_t size;
	size_t len;
};

/* size is at least 1. */
struct cuttext cuttext_begin(char *buf, size_t size);
/* Nothing put in will be seen any more. */
bool cuttext_is_full(const struct cuttext *text);
/* Room before it is full. */
size_t cuttext_room(const struct cuttext *text);
void cuttext_put(struct cuttext *text, const char *bytes, size_t n);
void cuttext_put_string(struct cuttext *text, const char *string);
/* Put a string in before what lies at the offset, which is at most len. */
void cuttext_insert(struct cuttext *text, size_t offset, const char *string);

#endif
