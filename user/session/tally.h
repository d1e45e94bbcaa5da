/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A window that is never drained: nobody but the programs writes to it, and any number of readers
 * tell what came since they looked last, each by what it remembers.
 */
#ifndef SS_SESSION_TALLY_H
#define SS_SESSION_TALLY_H

#include "session/windows.h"

struct tally;

/* maps as for windows_new; of the fds only the first counts, the fds stay the caller's. NULL: no
 * memory. */
struct tally *tally_new(const struct windows_maps *maps);
void tally_free(struct tally *t);

/*
 * Hand over what came to each entry since the last call: all of it, in the sum of the calls, once.
 * While programs run, parts of an event may come with the next call. 0 or a negative errno.
 */
int tally_read(struct tally *t, windows_entry_fn fn, void *ctx);

/* Wait until all programs that run now have ended. 0 or a negative errno; needs to write. */
int tally_settle(const struct tally *t);

#endif
