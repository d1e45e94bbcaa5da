// SPDX-License-Identifier: BSD-2-Clause
/* The planner: which functions are wanted, and the sites as data. */
#include "plan/plan.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/arch.h"
#include "plan/code.h"
#include "plan/probes.h"
#include "plan/version.h"
#include "slicestat.h"

static const struct op {
	enum ss_op op;
	const char *func;
	int (*probes)(const struct code *code, const struct callees *callees, struct probes *out,
		      struct reason *why);
} ops_known[] = {
	{SS_OP_GROW, "runtime.growslice", growslice_probes},
	{SS_OP_MAKE, "runtime.makeslice", makeslice_probes},
};

#define OPS_KNOWN (sizeof(ops_known) / sizeof(ops_known[0]))

/* A program in FIPS mode checks its own bytes in this range and dies when they have changed. */
struct forbidden {
	uint64_t start;
	uint64_t end;
};

struct planner {
	const struct gobin *bin;
	const struct plan_arch *arch;
	struct callees callees;
	struct forbidden fips;
	struct plan *plan;
};

static bool is_func(const void *ctx, uint64_t addr, const char *name)
{
	struct gobin_func func;

	return !gobin_func_at(ctx, addr, &func) && func.addr == addr && !strcmp(func.name, name);
}

static uint64_t func_addr(const struct gobin *bin, const char *name)
{
	struct gobin_func func;

	return gobin_find_func(bin, name, &func) ? 0 : func.addr;
}

static int planner_init(struct planner *planner, const struct gobin *bin, struct plan *plan,
			struct reason *why)
{
	int err = version_check(gobin_version(bin), gobin_version_text(bin), why);

	if (err)
		return err;
	*planner = (struct planner){
		.bin = bin,
		.arch = plan_arch_by_id(gobin_arch(bin)),
		.callees = {is_func, bin},
		.fips = {func_addr(bin, "go:textfipsstart"), func_addr(bin, "go:textfipsend")},
		.plan = plan,
	};
	if (!planner->arch)
		return reason_set(why, -ENOTSUP,
				  "no probe plan for %s executables in this build; amd64 has one",
				  gobin_arch_name(bin));
	memset(plan, 0, sizeof(*plan));
	version_word(gobin_version_text(bin), plan->go, sizeof(plan->go));
	snprintf(plan->arch, sizeof(plan->arch), "%s", planner->arch->name);
	return 0;
}

/* Where only one end of the range can be told, everything may lie in it. */
static bool in_fips_text(const struct forbidden *fips, const struct gobin_func *func)
{
	if (!fips->start || !fips->end)
		return fips->start || fips->end;
	return func->addr < fips->end && func->end > fips->start;
}

static int find_func(const struct planner *planner, struct plan_func *func, struct reason *why)
{
	struct gobin_func found;
	int err = gobin_find_func(planner->bin, func->name, &found);

	if (err == -ENOTUNIQ)
		return reason_set(why, err, "two functions of this executable bear the name");
	if (err)
		return reason_set(why, -ENOENT, "not in this executable");
	func->addr = found.addr;
	func->end = found.end;
	if (in_fips_text(&planner->fips, &found))
		return reason_set(why, -EBADMSG,
				  "it lies in the text that a FIPS program checks for changes");
	return 0;
}

static int decode_func(const struct planner *planner, const struct plan_func *func,
		       struct code **out, struct reason *why)
{
	uint64_t len = func->end - func->addr;
	uint8_t *bytes;
	int err;

	if (func->end <= func->addr || len > CODE_LEN_MAX)
		return reason_set(why, -EFBIG, "its 0x%llx bytes of code are not plausible",
				  (unsigned long long)len);
	bytes = malloc(len);
	if (!bytes)
		return reason_set(why, -ENOMEM, "out of memory");
	err = gobin_read(planner->bin, func->addr, bytes, len);
	if (err)
		reason_set(why, err, "its code is not in the file");
	else
		err = code_decode(planner->arch, bytes, len, func->addr, out, why);
	free(bytes);
	return err;
}

static int make_site(const struct planner *planner, const struct code *code,
		     const struct probe *probe, struct plan_site *site, struct reason *why)
{
	const struct insn *insn = code_insn(code, probe->insn);
	int price = planner->arch->price(code_bytes(code, probe->insn), insn->len);

	*site = (struct plan_site){
		.addr = insn->addr,
		.func = planner->plan->nfuncs,
		.point = (uint8_t)probe->point,
		.price = (uint8_t)price,
		.len = insn->len,
	};
	memcpy(site->bytes, code_bytes(code, probe->insn), insn->len);
	code_text(code, probe->insn, site->insn, sizeof(site->insn));
	if (price < 0)
		return reason_set(why, -EBADMSG, "`%s` at +0x%llx takes no probe", site->insn,
				  (unsigned long long)code_offset(code, probe->insn));
	if (gobin_file_offset(planner->bin, insn->addr, &site->offset))
		return reason_set(why, -EBADMSG, "its code is not in the file");
	return 0;
}

/* All sites of the function or none. */
static int add_sites(struct planner *planner, const struct code *code, const struct probes *probes,
		     struct reason *why)
{
	struct plan *plan = planner->plan;

	if (probes->count > PLAN_SITES_MAX - plan->nsites)
		return reason_set(why, -EBADMSG, "it needs %zu probes, more than are left",
				  probes->count);
	for (size_t i = 0; i < probes->count; i++) {
		int err = make_site(planner, code, &probes->at[i], &plan->sites[plan->nsites + i],
				    why);

		if (err) {
			memset(&plan->sites[plan->nsites], 0, (i + 1) * sizeof(plan->sites[0]));
			return err;
		}
	}
	plan->nsites += (uint32_t)probes->count;
	return 0;
}

static int plan_code(struct planner *planner, const struct op *op, const struct code *code,
		     struct plan_func *func, struct reason *why)
{
	struct probes probes = {0};
	int err = op->probes(code, &planner->callees, &probes, why);

	if (!err)
		err = add_sites(planner, code, &probes, why);
	if (err)
		return err;
	if (probes.has_frame)
		planner->plan->grow_frame = probes.frame;
	if (probes.zerobase)
		planner->plan->zerobase = probes.zerobase;
	snprintf(func->note, sizeof(func->note), "%.*s", (int)sizeof(func->note) - 1,
		 probes.note.text);
	return 0;
}

static int plan_func(struct planner *planner, const struct op *op, struct plan_func *func,
		     struct reason *why)
{
	struct code *code = NULL;
	int err;

	func->op = op->op;
	snprintf(func->name, sizeof(func->name), "%s", op->func);
	err = find_func(planner, func, why);
	if (!err)
		err = decode_func(planner, func, &code, why);
	if (!err)
		err = plan_code(planner, op, code, func, why);
	code_free(code);
	return err;
}

/* A function that cannot be planned is an answer; running out of memory is none. */
static int plan_op(struct planner *planner, const struct op *op, int *refusal, struct reason *why)
{
	struct plan_func *func = &planner->plan->funcs[planner->plan->nfuncs];
	struct reason cause;
	int err = plan_func(planner, op, func, &cause);

	if (err == -ENOMEM)
		return reason_set(why, err, "%s", cause.text);
	if (err) {
		func->refused = 1;
		snprintf(func->note, sizeof(func->note), "%.*s", (int)sizeof(func->note) - 1,
			 cause.text);
	}
	if (err && *refusal != -EBADMSG) {
		*refusal = err == -ENOENT ? -ENOENT : -EBADMSG;
		reason_set(why, err, "%s cannot be probed: %s", func->name, cause.text);
	}
	planner->plan->nfuncs++;
	return 0;
}

/* Makes end at runtime.zerobase too, but only growslice's code shows where it lies. */
static void learn_zerobase(struct planner *planner)
{
	struct plan_func func = {.name = "runtime.growslice"};
	struct probes probes = {0};
	struct code *code = NULL;
	struct reason unproved;

	if (!find_func(planner, &func, &unproved) &&
	    !decode_func(planner, &func, &code, &unproved) &&
	    !growslice_probes(code, &planner->callees, &probes, &unproved))
		planner->plan->zerobase = probes.zerobase;
	code_free(code);
}

int plan_make(const struct gobin *bin, uint32_t ops, struct plan *out, struct reason *why)
{
	struct planner planner;
	int refusal = 0;
	int err = planner_init(&planner, bin, out, why);

	for (size_t i = 0; i < OPS_KNOWN && !err; i++)
		if (ops & (1u << ops_known[i].op))
			err = plan_op(&planner, &ops_known[i], &refusal, why);
	if (err)
		return err;
	if (!out->nfuncs)
		return reason_set(why, -EINVAL, "no operation to plan");
	if (!out->zerobase)
		learn_zerobase(&planner);
	return out->nsites ? 0 : refusal;
}
