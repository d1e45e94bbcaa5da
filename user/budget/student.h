/* SPDX-License-Identifier: BSD-2-Clause */
/* Half widths of two-sided 95 % intervals. */
#ifndef SS_BUDGET_STUDENT_H
#define SS_BUDGET_STUDENT_H

/*
 * What a value whose variance was estimated with so many degrees of freedom (at least 1, fractions
 * allowed) may be off by: Student's t times the square root of the variance.
 */
double student_half_width(double variance, double freedom);

/* The same for a variance that is known: 1.96 times its root. */
double normal_half_width(double variance);

/* The half width of a sum of two parts that do not depend on each other. */
double pythagoras(double a, double b);

#endif
