/* SPDX-License-Identifier: BSD-2-Clause */
/* The maps that are not shared by a session's programs: what is known of one executable's code. */
#ifndef SS_SESSION_OWN_MAPS_H
#define SS_SESSION_OWN_MAPS_H

#include "session/programs.h"

bool own_maps_has(const struct slicestat_bpf *skel, const struct bpf_map *map);

struct own_maps_room {
	uint64_t text_size; /* bytes of Go's text */
	size_t calls;	    /* whose types the programs must know */
	size_t scoped;	    /* calls in scope */
};

struct own_maps_room own_maps_room(const struct programs_sites *sites,
				   const struct programs_mode *mode);
/* Before the object is loaded, and behind: what is filled in must have room. 0 or -errno. */
int own_maps_size(const struct slicestat_bpf *skel, const struct own_maps_room *room);
int own_maps_fill(const struct slicestat_bpf *skel, const struct programs_sites *sites,
		  const struct programs_mode *mode);

#endif
