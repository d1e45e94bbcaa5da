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

#elif defined(__aarch64__)

/* `bl` is simulated by the kernel, `add` is stepped. */
__asm__(".pushsection .text\n"
	".globl calibrate_emulated, calibrate_stepped\n"
	".globl calibrate_emulated_site, calibrate_stepped_site\n"
	".type calibrate_emulated, %function\n"
	".type calibrate_stepped, %function\n"
	"calibrate_emulated:\n"
	"	sub sp, sp, #0x30\n"
	"	mov x1, #1\n"
	"	mov x2, #2\n"
	"	stp x0, x1, [sp, #0x8]\n"
	"	str x2, [sp, #0x18]\n"
	"	str x30, [sp, #0x28]\n"
	"calibrate_emulated_site:\n"
	"	bl 1f\n"
	"	ldr x30, [sp, #0x28]\n"
	"	add sp, sp, #0x30\n"
	"	ret\n"
	"1:	ret\n"
	"calibrate_stepped:\n"
	"	mov x1, #1\n"
	"	mov x2, #2\n"
	"calibrate_stepped_site:\n"
	"	add x3, x2, #1\n"
	"	ret\n"
	".popsection\n");

#else
#error "no calibration code for this architecture"
#endif
