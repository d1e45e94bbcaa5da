// SPDX-License-Identifier: BSD-2-Clause
#include "budget/student.h"

#include <stddef.h>

#define NORMAL_T 1.95996

/* The 97.5 % quantile of Student's t; between two lines it is linear in 1/freedom. */
static const struct {
	double freedom, t;
} quantiles[] = {
	{1, 12.7062}, {1.5, 6.0167}, {2, 4.3027},  {3, 3.1824},	 {4, 2.7764},
	{5, 2.5706},  {6, 2.4469},   {8, 2.3060},  {10, 2.2281}, {15, 2.1314},
	{20, 2.0860}, {30, 2.0423},  {60, 2.0003},
};
#define QUANTILES (sizeof(quantiles) / sizeof(quantiles[0]))

static double student_t(double freedom)
{
	double t = NORMAL_T, inverse = 0;

	for (size_t i = QUANTILES; i > 0; i--) {
		double at = 1 / quantiles[i - 1].freedom;

		if (freedom >= quantiles[i - 1].freedom)
			return t +
			       (quantiles[i - 1].t - t) * (1 / freedom - inverse) / (at - inverse);
		t = quantiles[i - 1].t;
		inverse = at;
	}
	return t;
}

/* Newton's, from above, where it falls until the figures end: this spares a library. */
static double root(double x)
{
	double r = x > 1 ? x : 1, next = (r + x / r) / 2;

	if (!(x > 0))
		return 0;
	while (next < r) {
		r = next;
		next = (r + x / r) / 2;
	}
	return r;
}

double student_half_width(double variance, double freedom)
{
	return student_t(freedom) * root(variance);
}

double normal_half_width(double variance)
{
	return NORMAL_T * root(variance);
}

double pythagoras(double a, double b)
{
	return root(a * a + b * b);
}
