/* SPDX-License-Identifier: BSD-2-Clause */
/* The operations' names, as on the command line and in reports. */
#ifndef SS_REPORT_OPS_H
#define SS_REPORT_OPS_H

#include <stdint.h>

/* "grow"; "?" for a number that is none. */
const char *op_name(uint32_t op);
/* enum ss_op, SS_OP_NONE where no operation has the name. */
uint32_t op_by_name(const char *name);

#endif
