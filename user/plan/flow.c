// SPDX-License-Identifier: BSD-2-Clause
#include "plan/flow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gobin/bytes.h"

/* Words read in search of a function's jump tables; untrusted files have more. */
#define TABLE_WORDS_MAX 65536
/* Read at a time: more than most tables have. */
#define TABLE_BYTES 256
#define WORD	    sizeof(uint64_t)

static int reserve(struct flow *flow, size_t len)
{
	if (len <= flow->capacity)
		return 0;
	flow_free(flow);
	flow->bytes = malloc(len);
	flow->marks = malloc(len);
	if (!flow->bytes || !flow->marks)
		return -ENOMEM;
	flow->capacity = len;
	return 0;
}

static void note_step(struct flow *flow, size_t at, const struct step *step)
{
	const uint64_t to = step->target - flow->text.addr;

	flow->marks[at] |= FLOW_START;
	if (step->kind != STEP_ON && step->kind != STEP_BRANCH)
		flow->marks[at] |= FLOW_BREAK;
	if ((step->kind == STEP_BRANCH || step->kind == STEP_JUMP) && to < flow->text.len)
		flow->marks[to] |= FLOW_ENTERED;
	if (step->kind == STEP_INDIRECT) {
		flow->marks[at] |= FLOW_INDIRECT;
		flow->indirect++;
	}
}

static void read_steps(struct flow *flow, const struct calls_arch *arch)
{
	struct step steps[STEPS_AT_ONCE];
	size_t n;

	memset(flow->marks, 0, flow->text.len);
	flow->decoded = 0;
	flow->indirect = 0;
	do {
		n = arch->steps(&flow->text, flow->decoded, steps);
		for (size_t i = 0; i < n; i++) {
			note_step(flow, flow->decoded, &steps[i]);
			flow->decoded += steps[i].len;
		}
	} while (n == STEPS_AT_ONCE);
}

/* Words at addr: how many could be read, one at least unless it is not in the file. */
static size_t read_words(const struct gobin *bin, uint64_t addr, uint8_t words[TABLE_BYTES])
{
	if (!gobin_read(bin, addr, words, TABLE_BYTES))
		return TABLE_BYTES / WORD;
	return gobin_read(bin, addr, words, WORD) ? 0 : 1;
}

/*
 * Mark the goals in the jump table at addr: words with addresses of instructions. Whether there are
 * any; *left is what may still be looked at.
 */
static bool read_table(struct flow *flow, const struct gobin *bin, uint64_t addr, size_t *left)
{
	uint8_t words[TABLE_BYTES];
	size_t n = 0, i = 0;
	bool found = false;

	for (; *left; addr += WORD, i++) {
		uint64_t to;

		--*left;
		if (i == n) {
			n = read_words(bin, addr, words);
			i = 0;
		}
		if (!n)
			break;
		to = get_le64(words + i * WORD) - flow->text.addr;
		if (to >= flow->text.len || !(flow->marks[to] & FLOW_START))
			break;
		flow->marks[to] |= FLOW_ENTERED;
		found = true;
	}
	return found;
}

/* The start of the instruction before the one at offset at: false at the function's start. */
static bool step_back(const struct flow *flow, size_t *at)
{
	while (*at > 0)
		if (flow->marks[--*at] & FLOW_START)
			return true;
	return false;
}

/* The table of the jump at offset at: its address is the nearest constant before the jump. */
static bool find_table(struct flow *flow, const struct calls_arch *arch, const struct gobin *bin,
		       size_t at, size_t *left)
{
	while (step_back(flow, &at) && !(flow->marks[at] & FLOW_BREAK)) {
		uint64_t addr;
		uint8_t reg;
		size_t first;

		if (arch->load(&flow->text, at, &reg, &addr, &first) && addr % WORD == 0 &&
		    read_table(flow, bin, addr, left))
			return true;
	}
	return false;
}

/* The compiler jumps by a table of addresses where a switch has many cases. */
static bool find_tables(struct flow *flow, const struct calls_arch *arch, const struct gobin *bin)
{
	size_t left = TABLE_WORDS_MAX;

	for (size_t at = 0; flow->indirect && at < flow->decoded; at++)
		if (flow->marks[at] & FLOW_INDIRECT && !find_table(flow, arch, bin, at, &left))
			return false;
	return left > 0;
}

/* The part of the text, all of which it must have; NULL where it has not. */
static const uint8_t *bytes_at(const struct text *text, uint64_t addr, size_t len)
{
	if (!text || addr < text->addr || len > text->len || addr - text->addr > text->len - len)
		return NULL;
	return text->bytes + (addr - text->addr);
}

int flow_read_from(struct flow *flow, const struct calls_arch *arch, const struct gobin *bin,
		   const struct gobin_func *func, const struct text *near)
{
	const uint64_t len = func->end - func->addr;
	const uint8_t *bytes;
	int err;

	if (len > FLOW_LEN_MAX)
		return -EFBIG;
	err = reserve(flow, len);
	if (err)
		return err;
	bytes = bytes_at(near, func->addr, len);
	if (!bytes) {
		err = gobin_read(bin, func->addr, flow->bytes, len);
		bytes = flow->bytes;
	}
	if (err)
		return err;
	flow->text = (struct text){.bytes = bytes, .len = len, .addr = func->addr};
	read_steps(flow, arch);
	flow->whole = flow->decoded == len && find_tables(flow, arch, bin);
	return 0;
}

int flow_read(struct flow *flow, const struct calls_arch *arch, const struct gobin *bin,
	      const struct gobin_func *func)
{
	return flow_read_from(flow, arch, bin, func, NULL);
}

void flow_free(struct flow *flow)
{
	free(flow->bytes);
	free(flow->marks);
	*flow = (struct flow){0};
}

/* Whether control can come between the start of the instruction first and that of last. */
static bool is_entered(const struct flow *flow, size_t first, size_t last)
{
	for (size_t at = first + 1; at <= last; at++)
		if (flow->marks[at] & FLOW_ENTERED)
			return true;
	return false;
}

bool flow_constant(const struct flow *flow, const struct calls_arch *arch, size_t at, uint8_t reg,
		   uint64_t *value)
{
	const size_t last = at;

	if (!flow->whole)
		return false;
	while (step_back(flow, &at) && !(flow->marks[at] & FLOW_BREAK)) {
		uint8_t loaded;
		size_t first;

		if (arch->load(&flow->text, at, &loaded, value, &first) && loaded == reg)
			return !is_entered(flow, first, last);
		if (!arch->keeps(&flow->text, at, reg))
			return false;
	}
	return false;
}
