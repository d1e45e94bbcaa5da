/* SPDX-License-Identifier: BSD-2-Clause */
/* The maps that are not shared by a session's programs: what is known of one executable's code. */
#ifndef SS_SESSION_OWN_MAPS_H
#define SS_SESSION_OWN_MAPS_H

#include "session/programs.h"

bool own_maps_has(const struct slicestat_bpf *skel, const struct bpf_map *map);
/* Before the object is loaded, and behind. 0 or a negative errno. */
int own_maps_size(const struct slicestat_bpf *skel, const struct programs_sites *sites,
		  const struct programs_mode *mode);
int own_maps_fill(const struct slicestat_bpf *skel, const struct programs_sites *sites,
		  const struct programs_mode *mode);

#endif
