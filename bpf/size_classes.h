/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sizes of Go's small objects, Go 1.19 to 1.27 (src/runtime/sizeclasses.go, since 1.25
 * src/internal/runtime/gc/sizeclasses.go), and what surrounds them.
 */
#ifndef SS_SIZE_CLASSES_H
#define SS_SIZE_CLASSES_H

/* clang-format off */
static const __u16 size_classes[] = {
	8,     16,    24,    32,    48,    64,    80,    96,    112,   128,   144,   160,
	176,   192,   208,   224,   240,   256,   288,   320,   352,   384,   416,   448,
	480,   512,   576,   640,   704,   768,   896,   1024,  1152,  1280,  1408,  1536,
	1792,  2048,  2304,  2688,  3072,  3200,  3456,  4096,  4864,  5376,  6144,  6528,
	6784,  6912,  8192,  9472,  9728,  10240, 10880, 12288, 13568, 14336, 16384, 18432,
	19072, 20480, 21760, 24576, 27264, 28672, 32768,
};
/* clang-format on */

#define SIZE_CLASSES (sizeof(size_classes) / sizeof(size_classes[0]))

/* Larger objects are whole pages. */
#define SMALL_SIZE_MAX 32768
#define HEAP_PAGE_SIZE 8192

/* Since Go 1.22, of objects that have pointers and are larger than HEADER_MIN_SIZE. */
#define HEADER_SIZE	8
#define HEADER_MIN_SIZE 512

/* Capacities below double. */
#define DOUBLING_BELOW 256

#endif
