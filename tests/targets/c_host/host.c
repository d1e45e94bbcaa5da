// SPDX-License-Identifier: BSD-2-Clause
/* A C program whose work is done by a Go library, which it is linked to. */

void Run(void);

int main(void)
{
	Run();
	return 0;
}
