/* SPDX-License-Identifier: BSD-2-Clause */
/* What a session and its programs tell each other while they run: the maps `control` and `wake`. */
#ifndef SS_SESSION_CONTROL_H
#define SS_SESSION_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

struct control;

/* The gate is closed; at half of so many entries the loader is woken. 0 or a negative errno. */
int control_new(int control_fd, int wake_fd, uint32_t max_entries, struct control **out);
/* That of another session, which its loader has left. */
int control_reopen(int control_fd, int wake_fd, bool readonly, struct control **out);
void control_free(struct control *c);

void control_open_gate(struct control *c);
void control_close_gate(struct control *c);
bool control_is_open(const struct control *c);

/* Readable when woken. */
int control_wake_fd(const struct control *c);
/* Not readable any more, until woken again. */
void control_wake_later(const struct control *c);

/* Whether as many entries came since they were counted last as wake the loader. */
bool control_is_filling(const struct control *c);
/* Count entries anew. */
void control_clear_fill(struct control *c);
/* Another snapshot of chains: arrays made from here on are newer. */
void control_next_epoch(struct control *c);

#endif
