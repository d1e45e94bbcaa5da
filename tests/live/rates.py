#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# rates.py URL: what the recording rules have given in the Prometheus there is computed anew from the
# samples that it has, as its documentation of rate() and increase() says, and must be the same. A line
# for each rule, or status 1 and the difference.

import json
import sys
import urllib.parse
import urllib.request

WINDOW_S = 300
SITE = ("exe", "op", "elem", "func", "file", "line")
TRIES = 5  # points of a rule: a scrape may have come to an end after the rule looked at what there was


def ask(query, time=None):
    args = {"query": query} | ({"time": repr(time)} if time else {})
    url = f"{sys.argv[1]}/api/v1/query?{urllib.parse.urlencode(args)}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)["data"]["result"]


def increase(samples, end):
    """Over the window, times in ms; of a counter that was never reset."""
    (first_t, first), (last_t, last) = samples[0], samples[-1]
    sampled, risen = last_t - first_t, last - first
    between = sampled / (len(samples) - 1)
    before, after = first_t - (end - 1000 * WINDOW_S), end - last_t
    before = between / 2 if before >= 1.1 * between else before
    after = between / 2 if after >= 1.1 * between else after
    if risen > 0:
        before = min(before, sampled * first / risen)
    return risen * (sampled + before + after) / sampled


def total(metric, end, labels, per_s=True):
    """Sums of its series over the window, by the values of these labels."""
    sums = {}
    for series in ask(f"{metric}[{WINDOW_S}s]", end):
        key = tuple(series["metric"].get(label, "") for label in labels)
        samples = [(round(1000 * t), float(v)) for t, v in series["values"]]
        if len(samples) > 1:
            risen = increase(samples, round(1000 * end)) / (WINDOW_S if per_s else 1)
            sums[key] = sums.get(key, 0) + risen
    return sums


def ratio(above, below):
    return {key: above[key] / below[key] for key in above if below.get(key, 0) > 0}


def slices(figure, labels=("instance",), match=""):
    return lambda end: total(f"slicestat_slice_{figure}_total{match}", end, labels)


def share(above, below):
    return lambda end: ratio(above(end), below(end))


def seconds(what):
    return lambda end: total(f"slicestat_{what}_cpu_seconds_total", end, ("instance",))


def exposure(end):
    shares = share(seconds("traced"), seconds("useful"))(end)
    return {key: min(max(value, 0.001), 1) for key, value in shares.items()}


def estimate(figure, labels, match):
    """Sums over instances, each by its exposure."""
    def compute(end):
        exposures, sums = exposure(end), {}
        for key, rate in slices(figure, INSTANCE + labels, match)(end).items():
            if key[:1] in exposures:
                sums[key[1:]] = sums.get(key[1:], 0) + rate / exposures[key[:1]]
        return sums
    return compute


OWN, OTHER = '{site!="other"}', '{site="other"}'
INSTANCE = ("instance",)
ALLOCATED = slices("allocated_bytes")
RULES = {
    "instance:slicestat_slice_events:rate5m": (INSTANCE, slices("events")),
    "instance:slicestat_slice_allocated_bytes:rate5m": (INSTANCE, ALLOCATED),
    "instance:slicestat_slice_copied_bytes:rate5m": (INSTANCE, slices("copied_bytes")),
    "instance:slicestat_slice_slack_bytes:rate5m": (INSTANCE, slices("slack_bytes")),
    "site:slicestat_slice_allocated_bytes:rate5m": (SITE, slices("allocated_bytes", SITE, OWN)),
    "site:slicestat_slice_copied_bytes:rate5m": (SITE, slices("copied_bytes", SITE, OWN)),
    "elem:slicestat_slice_allocated_bytes:rate5m":
        (("exe", "elem"), slices("allocated_bytes", ("exe", "elem"), OWN)),
    "instance:slicestat_slice_slack:ratio_rate5m":
        (INSTANCE, share(slices("slack_bytes"), ALLOCATED)),
    "instance:slicestat_slice_other_sites:ratio_rate5m":
        (INSTANCE, share(slices("allocated_bytes", INSTANCE, OTHER), ALLOCATED)),
    "instance:slicestat_cost:ratio_rate5m":
        (INSTANCE, share(seconds("cost"), seconds("targets"))),
    "instance:slicestat_exposure:ratio_rate5m": (INSTANCE, exposure),
    "instance:slicestat_slice_slack_bytes:estimate_rate5m":
        (INSTANCE, share(slices("slack_bytes"), exposure)),
    "site:slicestat_slice_copied_bytes:estimate_rate5m":
        (SITE, estimate("copied_bytes", SITE, OWN)),
    "instance:slicestat_events_lost:increase5m":
        (INSTANCE, lambda end: total('slicestat_events_total{fate=~"lost_.*"}', end, INSTANCE, False)),
}


def differences(record, labels, expected, end):
    got = {tuple(s["metric"].get(label, "") for label in labels): float(s["value"][1])
           for s in ask(record, end)}
    wanted = expected(end)
    if not wanted or got.keys() != wanted.keys():
        return [f"{len(got)} series, expected {len(wanted)}"]
    return [f"{key}: expected {wanted[key]} got {got[key]}" for key in wanted
            if abs(got[key] - wanted[key]) > 1e-9 * abs(wanted[key])]


for rule, (by, compute) in RULES.items():
    points = ask(f"{{__name__=\"{rule}\"}}[30s]")
    ends = sorted({float(t) for series in points for t, _ in series["values"]})[-TRIES:]
    found = [differences(f"{{__name__=\"{rule}\"}}", by, compute, end) for end in ends]
    if not found or all(found):
        sys.exit(f"{rule}: {found[-1] if found else 'nothing was recorded'}")
    print(f"{rule}: {len(compute(ends[-1]))} series, to nine digits")
