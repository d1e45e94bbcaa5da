// SPDX-License-Identifier: BSD-2-Clause
#include "session/calibrate_sites.h"

#if defined(__x86_64__)

/* `call rel32` is emulated by the kernel, `ret` is stepped. */
__asm__(".pushsection .text\n"
	".globl calibrate_emulated, calibrate_stepped\n"
	".globl calibrate_emulated_site, calibrate_stepped_site\n"
	".type calibrate_emulated, @function\n"
	".type calibrate_stepped, @function\n"
	"calibrate_emulated:\n"
	"	sub $0x28, %rsp\n"
	"	mov %rdi, 0x8(%rsp)\n"
	"	movq $1, 0x10(%rsp)\n"
	"	movq $2, 0x18(%rsp)\n"
	"calibrate_emulated_site:\n"
	"	call 1f\n"
	"	add $0x28, %rsp\n"
	"	ret\n"
	"1:	ret\n"
	"calibrate_stepped:\n"
	"	push %rbx\n"
	"	mov %rdi, %rax\n"
	"	mov $1, %ebx\n"
	"	mov $2, %ecx\n"
	"	call calibrate_stepped_site\n"
	"	pop %rbx\n"
	"	ret\n"
	"calibrate_stepped_site:\n"
	"	ret\n"
	".popsection\n");

#else
#error "no calibration code for this architecture"
#endif
