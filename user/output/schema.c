// SPDX-License-Identifier: BSD-2-Clause
#include "output/schema.h"

#include <stddef.h>
#include <string.h>

/* Made of the files when slicestat is built. */
static const struct {
	const char *name;
	const char *text;
} schemas[] = {
#include "schemas.h"
};

const char *output_schema(const char *name)
{
	for (size_t i = 0; i < sizeof(schemas) / sizeof(schemas[0]); i++) {
		if (!strcmp(schemas[i].name, name))
			return schemas[i].text;
	}
	return NULL;
}
