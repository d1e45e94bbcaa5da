/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loops that append, run as Go runs them (runtime/slice.go), and what slicestat would count of
 * them. The same loop with a make before it shows what a change saves.
 */
#ifndef SS_TESTS_CHAIN_WORKLOAD_H
#define SS_TESTS_CHAIN_WORKLOAD_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/chains.h"
#include "report/growth.h"
#include "slicestat.h"

#define SITE_ADDR 0x4a5f31

/* A loop to build one slice. */
struct loop {
	uint64_t len;	/* elements at its end */
	uint64_t batch; /* elements that one append adds */
	uint64_t turns; /* then so often s = append(s[1:], x) */
};

struct workload {
	uint64_t size; /* of an element */
	bool header;   /* elements have pointers */
	uint64_t made; /* capacity of the make that loops begin with, 0 nil */
	uint32_t op;   /* that the chains begin with */
	struct chains *chains;
};

static inline uint64_t go_next_cap(uint64_t new_len, uint64_t old_cap)
{
	uint64_t cap = old_cap;

	if (new_len > 2 * old_cap)
		return new_len;
	if (old_cap < 256)
		return 2 * old_cap;
	while (cap < new_len)
		cap += (cap + 768) >> 2;
	return cap;
}

static inline struct chain_end run_loop(const struct workload *w, const struct loop *loop)
{
	struct chain_end end = {.cap = w->made, .chains = 1};
	uint64_t cap = w->made, len = 0;

	for (uint64_t turn = 0; len < loop->len || turn < loop->turns;) {
		uint64_t n = loop->batch ? loop->batch : 1;

		if (len >= loop->len) {
			turn++;
			len--, cap--;
		} else if (n > loop->len - len) {
			n = loop->len - len;
		}
		if (len + n > cap) {
			end.steps++;
			end.copied += len * w->size;
			end.dead += end.cap * w->size;
			cap = go_next_cap(len + n, cap);
			cap = growth_room(cap * w->size, w->header) / w->size;
			end.cap = cap;
			end.len_sum = len + n;
		}
		len += n;
	}
	return end;
}

static inline void run(const struct workload *w, struct loop loop)
{
	struct report_key key = {.addr = SITE_ADDR, .op = w->op};
	struct chain_end end = run_loop(w, &loop);

	chains_add(w->chains, &key, w->size, &end);
}

/* splitmix64 */
static inline uint64_t draw(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

#endif
