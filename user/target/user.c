// SPDX-License-Identifier: BSD-2-Clause
#include "target/user.h"

#include <pwd.h>
#include <stdint.h>
#include <stdio.h>

#include "target/proc.h"

void user_describe(int proc_fd, char *text, size_t size)
{
	char names[1024];
	struct passwd entry, *found = NULL;
	uint64_t uid;

	text[0] = '\0';
	if (proc_read_status(proc_fd, "Uid:", &uid))
		return;
	if (getpwuid_r((uid_t)uid, &entry, names, sizeof(names), &found) == 0 && found)
		snprintf(text, size, " (user %s)", found->pw_name);
	else
		snprintf(text, size, " (uid %llu)", (unsigned long long)uid);
}
