# SPDX-License-Identifier: BSD-2-Clause
#
#   make            build/slicestat
#   make static     build/slicestat-static, which needs no libraries
#   make cross      install what is missing, build both for the other architecture
#   make demo       install what is missing, build, trace a real Go program for ten seconds
#   make test       install what is missing, run all tests
#   make test-long  what takes longer: 10^8 bases, 1000 attach and detach cycles
#   make test-matrix    the live tests on other kernels and arm64, emulated; MATRIX=--full for all
#   make faults     kills, stops, full maps and disks, crowds: what docs/faults.md tells
#   make fuzz       fuzz what reads executables, a minute a target; FUZZ_SECONDS=600 for ten
#   make bench      what tracing costs, as ratios: build/bench.json; BENCH='events maps' for some
#   make deb        build/deb/slicestat_*.deb, for Debian 12 and 13
#   make test-container  build the image, run it as Kubernetes does, and trace another container
#   make test-deb   install it in clean trees of both, and trace from there
#   make lint       formatting, static analysis, sizes of files and functions
#   make install    PREFIX=/usr/local, DESTDIR=
#   V=1 shows commands, DEBUG=1 builds for a debugger, SAN=1 with ASan and UBSan
#   ARCH=arm64 (or x86_64) builds for that architecture, into build/arm64

PREFIX ?= /usr/local
CC ?= gcc
CLANG ?= clang
BPFTOOL ?= $(or $(shell command -v bpftool 2>/dev/null),/usr/sbin/bpftool)
PKG_CONFIG ?= pkg-config
PROTOC ?= protoc-c

# As Debian, GNU and the kernel's BPF headers call them.
NAMES_x86_64 := amd64 x86_64 x86
NAMES_arm64 := arm64 aarch64 arm64
HOST_ARCH := $(patsubst aarch64,arm64,$(shell uname -m))
ARCH ?= $(HOST_ARCH)
NAMES := $(NAMES_$(ARCH))
ifeq ($(NAMES),)
$(error slicestat is for x86_64 and arm64, not $(ARCH))
endif
BPF_ARCH := $(word 3,$(NAMES))

V ?= 0
ifeq ($(V),0)
Q := @
say = @printf '  %-6s %s\n' $(1) $(patsubst $(OUT)/%,%,$(2))
endif

OUT := build
ifneq ($(ARCH),$(HOST_ARCH))
OUT := build/$(ARCH)
GNU := $(word 2,$(NAMES))-linux-gnu
SYSROOT := $(shell tools/sysroot.sh $(word 1,$(NAMES)))
CC := $(GNU)-gcc
AR := $(GNU)-ar
LIB_PATH := $(SYSROOT)/usr/lib/$(GNU)
CROSS_CFLAGS := --sysroot=$(SYSROOT) -isystem $(SYSROOT)/usr/include/$(GNU) \
	-isystem $(SYSROOT)/usr/include
CROSS_LDFLAGS := --sysroot=$(SYSROOT) -B$(LIB_PATH) -L$(LIB_PATH) -L$(SYSROOT)/lib/$(GNU) -Wl,-rpath-link=$(LIB_PATH) \
	-Wl,-rpath-link=$(SYSROOT)/lib/$(GNU)
PKG_CONFIG := PKG_CONFIG_SYSROOT_DIR=$(SYSROOT) PKG_CONFIG_LIBDIR=$(LIB_PATH)/pkgconfig $(PKG_CONFIG)
endif
OPT := -O2 -g
ifeq ($(DEBUG),1)
OUT := build/debug
OPT := -O0 -g3
endif
ifeq ($(SAN),1)
OUT := build/san
OPT := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
endif

VERSION := $(shell cat VERSION)
LIBS := libbpf libelf capstone jansson libseccomp libcap libprotobuf-c zlib ncursesw
WERROR ?= -Werror
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wmissing-field-initializers -Wpointer-arith -Wvla -Wundef $(WERROR)
CPPFLAGS := -D_GNU_SOURCE -include $(OUT)/gen/version.h -Iuser -Ibpf -I$(OUT)/gen
CFLAGS := -std=gnu11 $(OPT) $(WARN) $(CROSS_CFLAGS)
LDFLAGS += $(CROSS_LDFLAGS)
LIB_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(LIBS))
LDLIBS = $(shell $(PKG_CONFIG) --libs $(LIBS))
# The package for Debian 12 and 13, which have different ones, brings these. The links libz.so and
# libcap.so lead out of the other architecture's sysroot: libz.a and libcap.a would be taken.
OWN_LIBS := libbpf capstone
OWN_LDLIBS = -Wl,-Bstatic $(shell $(PKG_CONFIG) --libs $(OWN_LIBS)) -Wl,-Bdynamic \
	$(patsubst -lcap,-l:libcap.so.2,$(patsubst -lz,-l:libz.so.1,\
		$(shell $(PKG_CONFIG) --libs $(filter-out $(OWN_LIBS),$(LIBS)))))
STATIC_LDLIBS = $(shell $(PKG_CONFIG) --static --libs $(LIBS))
BPF_CFLAGS := -std=gnu11 -target bpf -mcpu=v3 -O2 -g -Wall -Wextra $(WERROR) -Wno-unused-parameter \
	-D__TARGET_ARCH_$(BPF_ARCH) -Ivmlinux/$(BPF_ARCH) -Ibpf

SRCS := $(sort $(wildcard user/*/*.c))
MAIN := user/cli/main.c
PROTOS := $(sort $(wildcard user/*/*.proto))
PROTO_H := $(PROTOS:user/%.proto=$(OUT)/gen/%.pb-c.h)
SCHEMAS := $(sort $(wildcard user/*/*.schema.json))
SCHEMA_H := $(OUT)/gen/schemas.h
PROTO_OBJS := $(PROTOS:user/%.proto=$(OUT)/obj/gen/%.pb-c.o)
OBJS := $(SRCS:%.c=$(OUT)/obj/%.o) $(PROTO_OBJS)
# What speaks HTTP by libraries that it opens, which a static program cannot: absent/ stands for it.
NETWORK_OBJS := $(addprefix $(OUT)/obj/user/serve/,\
	http.o push.o push_setup.o library.o libcurl.o libmicrohttpd.o)
ABSENT_OBJ := $(OUT)/obj/user/serve/absent/absent.o
LIB_OBJS := $(filter-out $(OUT)/obj/$(MAIN:.c=.o),$(OBJS))
SKEL := $(foreach name,slicestat maps follow pinned,$(OUT)/gen/$(name).skel.h)
LIVE := $(patsubst tests/live/%.c,$(OUT)/tests/%,$(sort $(wildcard tests/live/*.c)))
UNIT := $(patsubst tests/unit/%.c,$(OUT)/tests/%,$(sort $(wildcard tests/unit/test_*.c)))
BENCH_BPF := $(patsubst tests/bench/%.bpf.c,$(OUT)/gen/bench/%.skel.h,\
	$(sort $(wildcard tests/bench/*.bpf.c)))
BENCH_OBJS := $(patsubst %.c,$(OUT)/obj/%.o,\
	$(sort $(filter-out %.bpf.c,$(wildcard tests/bench/*.c))))
BENCH_PROGRAMS := $(addprefix $(OUT)/bench/,drain floor held maps summary watched)
BIN := $(OUT)/slicestat
WHOLE := demo test test-long test-deb test-container test-matrix faults fuzz bench

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all static cross live unit tests bench-programs lint install deb clean $(WHOLE)

# These take the whole machine, one at a time. What they build is built by all processors, unless
# there is a -j already; make 4.3 knows the special target for a whole file alone.
ifneq ($(filter $(WHOLE),$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif
JOBS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

all: $(BIN)

$(BIN): $(OBJS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

static: $(BIN)-static

$(BIN)-static: $(filter-out $(NETWORK_OBJS),$(OBJS)) $(ABSENT_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) -static $(LDFLAGS) -o $@ $^ $(STATIC_LDLIBS)

$(BIN)-packaged: $(OBJS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(OWN_LDLIBS)

cross:
	$(Q)tools/deps.sh cross
	$(Q)$(MAKE) --no-print-directory $(JOBS) ARCH=$(filter-out $(HOST_ARCH),x86_64 arm64) all static live

# A changed version or flag set rebuilds what was compiled with the old one.
FLAGS = $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(CLANG) $(BPF_CFLAGS)
$(OUT)/obj/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS)' | cmp -s - $@ || echo '$(FLAGS)' > $@
FORCE:

$(OUT)/gen/version.h: VERSION
	@mkdir -p $(@D)
	$(Q)printf '#define SLICESTAT_VERSION "%s"\n' '$(VERSION)' > $@

# Each JSON schema as {"NAME", "TEXT"},
$(SCHEMA_H): $(SCHEMAS)
	$(call say,SCHEMA,$@)
	@mkdir -p $(@D)
	$(Q)for f in $^; do \
		printf '{"%s",\n' "$$(basename "$$f" .schema.json)"; \
		sed 's/[\\"]/\\&/g; s/.*/"&\\n"/' "$$f"; echo '},'; \
	done > $@

$(OUT)/gen/%.pb-c.c $(OUT)/gen/%.pb-c.h &: user/%.proto
	$(call say,PROTO,$@)
	@mkdir -p $(@D)
	$(Q)$(PROTOC) --proto_path=user --c_out=$(OUT)/gen $<

$(OUT)/obj/gen/%.pb-c.o: $(OUT)/gen/%.pb-c.c $(OUT)/obj/flags
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LIB_CFLAGS) -c -o $@ $<

$(OUT)/obj/%.o: %.c $(OUT)/obj/flags $(OUT)/gen/version.h | $(SKEL) $(PROTO_H) $(SCHEMA_H)
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LIB_CFLAGS) -MMD -MP -c -o $@ $<

define bpf_object
	$(call say,BPF,$@)
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) -MMD -MP -c -o $@.tmp -MT $@ -MF $(@:.o=.d) $<
	$(Q)$(BPFTOOL) gen object $@ $@.tmp && rm -f $@.tmp
endef

define bpf_skeleton
	$(call say,SKEL,$@)
	@mkdir -p $(@D)
	$(Q){ echo "/* NOLINTBEGIN */"; $(BPFTOOL) gen skeleton $< name $*_bpf && \
		echo "/* NOLINTEND */"; } > $@
endef

$(OUT)/obj/bpf/%.bpf.o: bpf/%.bpf.c $(OUT)/obj/flags
	$(bpf_object)

$(OUT)/gen/%.skel.h: $(OUT)/obj/bpf/%.bpf.o
	$(bpf_skeleton)

# All but main, for tests to link what they call of it.
LIB := $(OUT)/obj/slicestat.a
$(LIB): $(LIB_OBJS)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcsT $@ $^

$(OUT)/tests/test_%: $(OUT)/obj/tests/unit/test_%.o $(LIB)
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

# The programs that live tests compare with.
$(LIVE): $(OUT)/tests/%: $(OUT)/obj/tests/live/%.o $(LIB)
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# What `make bench` measures with.
$(OUT)/obj/tests/bench/%.bpf.o: tests/bench/%.bpf.c $(OUT)/obj/flags
	$(bpf_object)

$(OUT)/gen/bench/%.skel.h: $(OUT)/obj/tests/bench/%.bpf.o
	$(bpf_skeleton)

$(BENCH_OBJS): | $(BENCH_BPF)
$(OUT)/bench/drain $(OUT)/bench/floor: $(LIB)
$(OUT)/bench/maps: $(OUT)/obj/tests/bench/map_kind.o
$(OUT)/bench/summary: $(addprefix $(OUT)/obj/tests/bench/,series.o summary_print.o)
$(OUT)/bench/%: $(OUT)/obj/tests/bench/%.o
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lm

unit: $(UNIT)
live: $(LIVE)
tests: $(BIN) $(BIN)-static $(UNIT) $(LIVE)

demo:
	$(Q)tools/deps.sh demo
	$(Q)$(MAKE) --no-print-directory $(JOBS) all
	$(Q)tools/demo.sh

test:
	$(Q)tools/deps.sh test
	$(Q)$(MAKE) --no-print-directory $(JOBS) lint
	$(Q)$(MAKE) --no-print-directory $(JOBS) tests
	$(Q)$(MAKE) --no-print-directory $(JOBS) SAN=1 unit
	$(Q)$(MAKE) --no-print-directory $(JOBS) cross
	$(Q)tests/run.sh

MATRIX :=
test-matrix:
	$(Q)tools/deps.sh matrix
	$(Q)$(MAKE) --no-print-directory $(JOBS) tests
	$(Q)$(MAKE) --no-print-directory $(JOBS) cross
	$(Q)tests/matrix/run.sh $(MATRIX)

# FAULT_PERCENT=10 tries a tenth of it.
faults:
	$(Q)tools/deps.sh test
	$(Q)$(MAKE) --no-print-directory $(JOBS) tests
	$(Q)tests/build-targets.sh 1.24/default
	$(Q)tests/faults/run.sh

FUZZ_SECONDS := 60
fuzz:
	$(Q)tools/deps.sh test
	$(Q)tests/build-targets.sh
	$(Q)tools/fuzz.sh build
	$(Q)tools/fuzz.sh replay
	$(Q)tools/fuzz.sh run $(FUZZ_SECONDS)

test-long: tests
	$(Q)SLICESTAT_CASE_SECONDS=7200 SLICESTAT_WEEKS=1 SLICESTAT_CYCLES=1000 \
		SLICESTAT_PATIENCE=600 tests/run.sh weeks cycles

bench-programs: $(BENCH_PROGRAMS)

bench:
	$(Q)tools/deps.sh bench
	$(Q)$(MAKE) --no-print-directory $(JOBS) all bench-programs
	$(Q)tools/bench.sh $(BENCH)

lint: $(SKEL) $(PROTO_H) $(SCHEMA_H) $(BENCH_BPF) $(OUT)/gen/version.h
	$(Q)tools/lint.sh '$(CPPFLAGS) $(LIB_CFLAGS)'

# What prints the completions: a program for this machine.
ifneq ($(ARCH),$(HOST_ARCH))
COMPLETER := build/slicestat
$(COMPLETER): FORCE
	$(Q)$(MAKE) --no-print-directory $(JOBS) ARCH=$(HOST_ARCH) LDFLAGS= all
else
COMPLETER := $(BIN)
endif

# What is installed; the package has another.
PROGRAM := $(BIN)
SHARE = $(DESTDIR)$(PREFIX)/share
UNITS = $(PREFIX)/lib/systemd/system
install: $(PROGRAM) $(COMPLETER)
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/sbin/slicestat
	install -D -m 644 docs/slicestat.8 $(DESTDIR)$(PREFIX)/share/man/man8/slicestat.8
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/slicestat $(SCHEMAS)
	$(COMPLETER) completion bash | install -D -m 644 /dev/stdin \
		$(SHARE)/bash-completion/completions/slicestat
	$(COMPLETER) completion zsh | install -D -m 644 /dev/stdin \
		$(SHARE)/zsh/vendor-completions/_slicestat
	$(COMPLETER) completion fish | install -D -m 644 /dev/stdin \
		$(SHARE)/fish/vendor_completions.d/slicestat.fish
	install -D -m 644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/slicestat/LICENSE
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/slicestat/examples \
		deploy/systemd/slicestat.conf
	sed 's,/usr/sbin/,$(PREFIX)/sbin/,' deploy/systemd/slicestat.service | install -D -m 644 \
		/dev/stdin $(DESTDIR)$(UNITS)/slicestat.service

deb:
	$(Q)tools/deps.sh deb
	$(Q)tools/deb.sh $(word 1,$(NAMES))

# In bare trees of Debian 12 and 13.
test-deb:
	$(Q)tools/deps.sh test
	$(Q)$(MAKE) --no-print-directory $(JOBS) tests
	$(Q)$(MAKE) --no-print-directory deb
	$(Q)tests/build-targets.sh 1.24/default
	$(Q)tests/package.sh build/deb/slicestat_$(VERSION)_$(word 1,$(NAMES)).deb

# By podman; and by containerd, with the rights of deploy/kubernetes.
test-container:
	$(Q)tools/deps.sh test
	$(Q)tools/deps.sh container
	$(Q)$(MAKE) --no-print-directory $(JOBS) live
	$(Q)tests/build-targets.sh 1.24/default
	$(Q)tests/container.sh

clean:
	$(Q)rm -rf build

-include $(OBJS:.o=.d) $(ABSENT_OBJ:.o=.d) $(UNIT:$(OUT)/tests/%=$(OUT)/obj/tests/unit/%.d)
-include $(BENCH_OBJS:.o=.d) $(BENCH_BPF:$(OUT)/gen/bench/%.skel.h=$(OUT)/obj/tests/bench/%.bpf.d)
-include $(OUT)/obj/bpf/slicestat.bpf.d $(OUT)/obj/bpf/maps.bpf.d $(OUT)/obj/bpf/follow.bpf.d $(OUT)/obj/bpf/pinned.bpf.d $(LIVE:$(OUT)/tests/%=$(OUT)/obj/tests/live/%.d)
