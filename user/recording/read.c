// SPDX-License-Identifier: BSD-2-Clause
/* From a file's bytes to a message in memory, within bounds whatever the bytes are. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "recording/inside.h"
#include "recording/stream.h"

/*
 * A million rows with all their fields take some 100 MB; what deflates 1000 to 1 must not fill the
 * memory.
 */
#define INFLATED_MAX (256U << 20)
/* Of the message in memory: an empty row is two bytes in the file and 200 here. */
#define UNPACKED_MAX (1ULL << 30)
#define PIECE	     (256U << 10)

struct bytes {
	uint8_t *data;
	size_t len, room;
};

static int make_room(struct bytes *b)
{
	uint8_t *more;

	if (b->len < b->room)
		return 0;
	b->room = b->room ? 2 * b->room : PIECE;
	more = realloc(b->data, b->room);
	if (!more)
		return -ENOMEM;
	b->data = more;
	return 0;
}

/* Why gzread failed, in err and words. */
static int explain(gzFile gz, const char *path, int system, struct reason *why)
{
	int zlib;

	gzerror(gz, &zlib);
	if (zlib == Z_BUF_ERROR)
		return reason_set(why, -EINVAL, "%s is cut off: its end is missing", path);
	if (zlib == Z_ERRNO && system)
		return reason_set(why, -system, "cannot read %s: %s", path, strerror(system));
	if (zlib == Z_MEM_ERROR)
		return reason_set(why, -ENOMEM, "out of memory");
	return reason_set(why, -EINVAL, "%s is damaged: it does not decompress", path);
}

static int inflate_all(gzFile gz, const char *path, struct bytes *b, struct reason *why)
{
	int n;

	do {
		if (make_room(b))
			return reason_set(why, -ENOMEM, "out of memory");
		errno = 0;
		n = gzread(gz, b->data + b->len, (unsigned int)(b->room - b->len));
		if (n < 0)
			return explain(gz, path, errno, why);
		if (gzdirect(gz))
			return reason_set(why, -EINVAL,
					  "%s is no recording: slicestat record -O FILE makes one",
					  path);
		b->len += (size_t)n;
		if (b->len > INFLATED_MAX)
			return reason_set(why, -EFBIG, "%s is too large: over %u MiB", path,
					  INFLATED_MAX >> 20);
	} while (n > 0);
	/* A stream that ends early reads as one that ends. */
	gzerror(gz, &n);
	return n == Z_OK || n == Z_STREAM_END ? 0 : explain(gz, path, errno, why);
}

int recording_read(int fd, const char *path, struct recording **out, struct reason *why)
{
	struct bytes b = {.len = 0};
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0), err;
	gzFile gz = own < 0 ? NULL : gzdopen(own, "rb");

	if (!gz) {
		if (own >= 0)
			close(own);
		return reason_set(why, -ENOMEM, "cannot read %s: out of memory", path);
	}
	err = inflate_all(gz, path, &b, why);
	gzclose_r(gz);
	if (!err)
		err = recording_parse(b.data, b.len, path, out, why);
	free(b.data);
	return err;
}

struct purse {
	uint64_t left;
	bool empty;
};

/* What is given back is not counted: the parts of a message stay until its end. */
static void *take(void *ctx, size_t size)
{
	struct purse *purse = ctx;

	if (size > purse->left) {
		purse->empty = true;
		return NULL;
	}
	purse->left -= size;
	return malloc(size);
}

static void give_back(void *ctx, void *bytes)
{
	(void)ctx;
	free(bytes);
}

/* Field 1 with the schema, field 2 with the version: what a recording begins with. */
static int check_begin(const uint8_t *bytes, size_t len, const char *path, struct reason *why)
{
	static const char begin[] = "\x0a\x13" RECORDING_SCHEMA "\x10";
	const size_t n = sizeof(begin) - 1;
	uint32_t version;

	_Static_assert(sizeof(RECORDING_SCHEMA) - 1 == 0x13, "the schema's length");
	if (len <= n || memcmp(bytes, begin, n) != 0 || !bytes[n])
		return reason_set(why, -EINVAL,
				  "%s is no recording: slicestat record -O FILE makes one", path);
	/* A version of several bytes is a newer one too. */
	version = bytes[n];
	if (version <= RECORDING_VERSION)
		return 0;
	return reason_set(why, -EINVAL,
			  "%s was recorded by a newer slicestat (format %u, this one reads %d): "
			  "read it with that one",
			  path, version, RECORDING_VERSION);
}

/* Texts end with the bytes: a copy of each has its terminator. */
static int make_texts(struct recording *r)
{
	const Slicestat__Recording *file = r->file;

	r->texts = calloc(file->n_texts + 1, sizeof(*r->texts));
	if (!r->texts)
		return -ENOMEM;
	for (size_t i = 0; i < file->n_texts; i++) {
		const ProtobufCBinaryData *text = &file->texts[i];

		r->texts[i] = text->len ? strndup((const char *)text->data, text->len) : strdup("");
		if (!r->texts[i])
			return -ENOMEM;
	}
	return 0;
}

/* "" stands for what is not known. */
static const char *text_or_null(const struct recording *r, uint32_t text)
{
	return text ? r->texts[text] : NULL;
}

static struct output_count *make_counts(const struct recording *r, size_t n,
					Slicestat__RecordingCount **from)
{
	struct output_count *counts = calloc(n + 1, sizeof(*counts));

	for (size_t i = 0; counts && i < n; i++)
		counts[i] = (struct output_count){r->texts[from[i]->name], from[i]->value};
	return counts;
}

static void fill_targets(struct recording *r)
{
	const Slicestat__Recording *file = r->file;

	for (size_t i = 0; i < file->n_processes; i++) {
		const Slicestat__RecordingProcess *p = file->processes[i];

		r->targets[i] = (struct output_target){.forgotten = p->forgotten};
		if (p->forgotten)
			continue;
		r->targets[i] = (struct output_target){
			.pid = (int)p->pid,
			.exe = r->texts[p->path],
			.go = r->texts[p->go],
			.arch = r->texts[p->arch],
			.cgroup = text_or_null(r, p->cgroup),
			.stripped = p->stripped,
			.text_start = p->text_start,
			.text_limit = p->text_limit,
			.text_offset = p->text_offset,
			.build_id = r->texts[p->build_id],
		};
	}
	for (size_t i = 0; i < file->n_exes; i++)
		r->exes[i] = text_or_null(r, file->exes[i]->path);
}

static int make_plain(struct recording *r)
{
	const Slicestat__Recording *file = r->file;
	const Slicestat__RecordingHead *head = file->head;

	r->targets = calloc(file->n_processes + 1, sizeof(*r->targets));
	r->exes = calloc(file->n_exes + 1, sizeof(*r->exes));
	r->counts = make_counts(r, head->n_counts, head->counts);
	r->chain_counts = make_counts(r, head->n_chain_counts, head->chain_counts);
	r->ests = calloc(head->n_estimates + 1, sizeof(*r->ests));
	if (!r->targets || !r->exes || !r->counts || !r->chain_counts || !r->ests)
		return -ENOMEM;
	fill_targets(r);
	for (size_t i = 0; i < head->n_estimates; i++) {
		const Slicestat__RecordingEstimate *e = head->estimates[i];

		r->ests[i] = (struct output_est){r->texts[e->name], e->total, e->error};
	}
	return 0;
}

static int unpack(struct recording *r, const uint8_t *bytes, size_t len, const char *path,
		  struct reason *why)
{
	struct purse purse = {.left = UNPACKED_MAX};
	ProtobufCAllocator allocator = {take, give_back, &purse};
	struct reason wrong = {""};
	int err;

	r->file = slicestat__recording__unpack(&allocator, len, bytes);
	if (!r->file && purse.empty)
		return reason_set(why, -EFBIG, "%s is too large: over %llu MiB in memory", path,
				  UNPACKED_MAX >> 20);
	if (!r->file)
		return reason_set(why, -EINVAL, "%s is damaged: it is no message of this format",
				  path);
	if (make_texts(r))
		return reason_set(why, -ENOMEM, "out of memory");
	err = recording_check(r, &wrong);
	if (err)
		return reason_set(why, err, "%s is damaged: %s", path, wrong.text);
	return make_plain(r) ? reason_set(why, -ENOMEM, "out of memory") : 0;
}

int recording_parse(const uint8_t *bytes, size_t len, const char *path, struct recording **out,
		    struct reason *why)
{
	struct recording *r;
	int err = check_begin(bytes, len, path, why);

	if (err)
		return err;
	r = calloc(1, sizeof(*r));
	if (!r)
		return reason_set(why, -ENOMEM, "out of memory");
	err = unpack(r, bytes, len, path, why);
	if (err)
		recording_free(r);
	else
		*out = r;
	return err;
}

void recording_free(struct recording *r)
{
	/* Freed as it was allocated, with the purse long gone. */
	ProtobufCAllocator allocator = {take, give_back, NULL};

	if (!r)
		return;
	for (size_t i = 0; r->texts && i < r->file->n_texts; i++)
		free(r->texts[i]);
	free(r->texts);
	free(r->targets);
	free(r->exes);
	free(r->counts);
	free(r->chain_counts);
	free(r->ests);
	if (r->file)
		slicestat__recording__free_unpacked(r->file, &allocator);
	free(r);
}
