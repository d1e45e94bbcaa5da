// SPDX-License-Identifier: BSD-2-Clause
#include "plan/planner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/trampoline.h"
#include "plan/version.h"

static bool is_func(const void *ctx, uint64_t addr, const char *name)
{
	const struct gobin *bin = ctx;
	struct gobin_func func;
	uint64_t target;

	if (gobin_func_at(bin, addr, &func) || func.addr != addr)
		return false;
	target = trampoline_target(plan_arch_by_id(gobin_arch(bin))->calls, bin, &func);
	if (target && (gobin_func_at(bin, target, &func) || func.addr != target))
		return false;
	return !strcmp(func.name, name);
}

int planner_init(struct planner *planner, const struct gobin *bin, struct plan *plan,
		 struct reason *why)
{
	int err = version_check(gobin_version(bin), gobin_version_text(bin), why);

	if (err)
		return err;
	*planner = (struct planner){
		.bin = bin,
		.arch = plan_arch_by_id(gobin_arch(bin)),
		.callees = {is_func, bin},
		.fips = fips_text_of(bin),
		.plan = plan,
	};
	if (!planner->arch)
		return reason_set(
			why, -ENOTSUP,
			"no probe plan for %s executables in this build; amd64 and arm64 have one",
			gobin_arch_name(bin));
	memset(plan, 0, sizeof(*plan));
	version_word(gobin_version_text(bin), plan->go, sizeof(plan->go));
	snprintf(plan->arch, sizeof(plan->arch), "%s", planner->arch->name);
	return 0;
}

int planner_check_text(const struct planner *planner, const struct plan_func *func,
		       struct reason *why)
{
	if (fips_holds(&planner->fips, func->addr, func->end))
		return reason_set(why, -EBADMSG,
				  "it lies in the text that a FIPS program checks for changes");
	return 0;
}

int planner_decode(const struct planner *planner, const struct plan_func *func,
		   enum planner_decoding decoding, struct code **out, struct reason *why)
{
	const bool open = decoding == PLANNER_START;
	uint64_t len = func->end - func->addr;
	uint8_t *bytes;
	int err;

	if (func->end <= func->addr || len > (open ? CODE_OPEN_LEN_MAX : CODE_LEN_MAX))
		return reason_set(why, -EFBIG, "its 0x%llx bytes of code are not plausible",
				  (unsigned long long)len);
	bytes = malloc(len);
	if (!bytes)
		return reason_set(why, -ENOMEM, "out of memory");
	err = gobin_read(planner->bin, func->addr, bytes, len);
	if (err)
		reason_set(why, err, "its code is not in the file");
	else
		err = (open ? code_decode_open : code_decode)(planner->arch, bytes, len, func->addr,
							      out, why);
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
		.at_check = probe->at_check,
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

int planner_add_sites(struct planner *planner, const struct code *code, const struct probes *probes,
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
