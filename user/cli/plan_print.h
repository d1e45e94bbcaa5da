/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SS_CLI_PLAN_PRINT_H
#define SS_CLI_PLAN_PRINT_H

#include <stdio.h>

#include "parser/parsed.h"
#include "plan/callers.h"
#include "plan/plan.h"

/*
 * Explain the plan made for bin, the executable at path: each site, what it yields and costs, what
 * is refused, and what no site sees. Up to 100 columns wide but for long paths. 0 or -EIO.
 */
int plan_print(FILE *f, const char *path, const struct parsed_info *info, const struct plan *plan,
	       const struct plan_callers *callers);

/* Its parts, which plan_print_scope has too. */
void plan_print_header(FILE *f, const char *path, const struct parsed_info *info,
		       const struct plan *plan);
void plan_print_zerobase(FILE *f, const struct plan *plan);
/* The heading, and a line for each way to get a slice that no operation planned is. */
void plan_print_unseen(FILE *f, const struct parsed_info *info, const struct plan *plan);
void plan_print_unseen_line(FILE *f, const char *what, const char *why);
/* "emulated (1 trap)" */
const char *plan_price_words(enum plan_price price);

#endif
