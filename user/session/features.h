/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What this kernel and these privileges allow, found by trying, never by version number.
 */
#ifndef SS_SESSION_FEATURES_H
#define SS_SESSION_FEATURES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * uprobe_multi links that filter by process. The first kernels that had them (6.6 to 6.9) filtered
 * by thread and lost most events of a Go program; those count as not having them. The kernel's
 * mend (46ba0e49b642, 6.10) also made a negative pid an error of its own, which tells them apart.
 */
bool features_uprobe_multi(void);

enum feature_state {
	FEATURE_OK,
	FEATURE_FALLBACK, /* missing, but something else does its work */
	FEATURE_MISSING,  /* nothing works without */
};

struct feature {
	const char *name;
	enum feature_state state;
	const char *text; /* what it is for, or when not OK: what it means and the remedy */
};

#define FEATURES_MAX 16

/*
 * The first that is missing of those that nothing works without: false where there is none, else
 * its name and what to do about it in *out, as features_probe has them.
 */
bool features_missing(struct feature *out);

/* Try everything; returns the number of entries written to list. */
size_t features_probe(struct feature list[FEATURES_MAX]);

#endif
