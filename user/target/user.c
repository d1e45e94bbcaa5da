// SPDX-License-Identifier: BSD-2-Clause
#include "target/user.h"

#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "target/proc.h"

/*
 * As /etc/passwd has it. getpwuid_r asks what nsswitch.conf names, libraries that a static program
 * cannot load, and that a privileged one had better not.
 */
static bool find_name(uid_t uid, char *name, size_t size)
{
	FILE *f = fopen("/etc/passwd", "re");
	struct passwd entry, *found = NULL;
	bool is_known = false;
	char names[1024];

	while (f && !is_known && !fgetpwent_r(f, &entry, names, sizeof(names), &found)) {
		is_known = found->pw_uid == uid;
		if (is_known)
			snprintf(name, size, "%s", found->pw_name);
	}
	if (f)
		fclose(f);
	return is_known;
}

void user_describe(int proc_fd, char *text, size_t size)
{
	char name[256];
	uint64_t uid;

	text[0] = '\0';
	if (proc_read_status(proc_fd, "Uid:", &uid))
		return;
	if (find_name((uid_t)uid, name, sizeof(name)))
		snprintf(text, size, " (user %s)", name);
	else
		snprintf(text, size, " (uid %llu)", (unsigned long long)uid);
}
