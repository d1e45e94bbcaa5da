/* SPDX-License-Identifier: BSD-2-Clause */
/* What JSON outputs look like, as JSON schemas: one file NAME.schema.json each. */
#ifndef SS_OUTPUT_SCHEMA_H
#define SS_OUTPUT_SCHEMA_H

/* The text of that schema ("report"), NULL where there is none. */
const char *output_schema(const char *name);

#endif
