"""Ratios within each round, their medians and spread, and the table of them."""

import statistics

METRICS = {"p50_us": "p50", "p99_us": "p99", "per_second": "rate", "cpu_us_per_call": "CPU per call"}
QUICK = ["**A quick run**: one round of one second on whatever else the machine was doing. It shows that everything works, and no more.", ""]
PINNED = {"split": ", pinned"}
PINS = {
    "free": "Servers and load tool on all cores",
    "split": "Servers on one half of the cores, load tool on the other (taskset)",
}


def print_run(name, result):
    recorded = f"  recorded {result['recorded_share']:.0%}" if "recorded_share" in result else ""
    print(f"  {name:<16}{result['per_second']:>9.0f}/s  p50 {result['p50_us']:>6.0f}  p99 {result['p99_us']:>7.0f}  p99.9 {result['p999_us']:>7.0f}"
          f"  max {result['max_us']:>7.0f} µs  CPU {result['cpu_us_per_call']:>6.1f} µs  {result['rss_mib']:>6.1f} MiB{recorded}", flush=True)


def grouped(rows):
    """{(pin, shape): {subject: {round: row}}}, in the order of measuring."""
    groups = {}
    for row in rows:
        if row["kind"] == "run":
            groups.setdefault((row["pin"], row["shape"]), {}).setdefault(row["subject"], {})[row["round"]] = row
    return groups


def ratios(rows):
    """Each subject against the floor, and the peers against ClawPdp; each round against itself, so that drift cancels."""
    for (pin, shape), by_subject in grouped(rows).items():
        pairs = [(name, "floor") for name in by_subject if name != "floor"] + [(name, "clawpdp") for name in by_subject if name.startswith("cerbos")]
        for name, base in pairs:
            for metric in METRICS:
                each = [round(own[metric] / by_subject[base][number][metric], 3)
                        for number, own in by_subject[name].items()
                        if number in by_subject.get(base, {}) and by_subject[base][number][metric]]
                if each:
                    yield {"kind": "ratio", "pin": pin, "shape": shape, "subject": name, "to": base, "metric": metric, "rounds": each,
                           "median": round(statistics.median(each), 3), "min": min(each), "max": max(each)}


def cell(found):
    if found is None:
        return "–"
    return f"{found['median']:.2f} ({found['min']:.2f}–{found['max']:.2f})" if len(found["rounds"]) > 1 else f"{found['median']:.2f}"


def median_of(rounds, metric):
    values = [row[metric] for row in rounds.values() if metric in row]
    return statistics.median(values) if values else None


def number(value, form):
    return "–" if value is None else format(value, form)


def table(lines, rows, pin, base):
    found = {(row["shape"], row["subject"], row["metric"]): row for row in rows if row["kind"] == "ratio" and row["pin"] == pin and row["to"] == base}
    lines += ["| shape | subject | " + " | ".join(METRICS.values()) + " |", "| --- | --- |" + " --- |" * len(METRICS)]
    for shape, subject in dict.fromkeys((shape, subject) for shape, subject, _ in found):
        lines.append(f"| {shape} | {subject} | " + " | ".join(cell(found.get((shape, subject, metric))) for metric in METRICS) + " |")
    lines.append("")


def summary(rows):
    """The short table of docs/performance.md: ClawPdp against the floor, and each peer against ClawPdp."""
    about = next(row for row in rows if row["kind"] == "machine")
    found = {(row["pin"], row["shape"], row["subject"], row["to"], row["metric"]): row for row in rows if row["kind"] == "ratio"}
    lines = [f"{about['cores']} cores of {about['processor']}, Linux {about['kernel']}, commit `{about['commit']}`, {about['at']}; "
             f"{about['rounds']} rounds of {about['seconds']} s.", ""]
    lines += QUICK if about["quick"] else []
    for subject, base, words in (("clawpdp", "floor", "ClawPdp / floor"), ("cerbos", "clawpdp", "Cerbos / ClawPdp"),
                                 ("cerbos-audit", "clawpdp", "Cerbos with its audit log / ClawPdp"), ("cerbos-no-token", "clawpdp", "Cerbos spared the token / ClawPdp")):
        places = list(dict.fromkeys((pin, shape) for pin, shape, own, to, _ in found if (own, to) == (subject, base)))
        if places:
            lines += [f"| {words} | " + " | ".join(METRICS.values()) + " |", "| --- |" + " --- |" * len(METRICS)]
            lines += [f"| {shape}{PINNED.get(pin, '')} | " + " | ".join(cell(found.get((pin, shape, subject, base, metric))) for metric in METRICS) + " |"
                      for pin, shape in places]
            lines.append("")
    if not about["bench"]:
        lines += ["The binary had no `clawpdp bench`: open loop, many tokens, stream and batch were not measured.", ""]
    return "\n".join(lines)


def put_between(path, name, text):
    """Replaces what stands between two marks of a document."""
    begin, end = f"<!-- {name}:begin, generated -->\n", f"<!-- {name}:end -->"
    with open(path, encoding="utf-8") as document:
        before, _, rest = document.read().partition(begin)
    _, mark, after = rest.partition(end)
    if not mark:
        raise RuntimeError(f"{path} has no marks for {name}")
    with open(path, "w", encoding="utf-8") as document:
        document.write(f"{before}{begin}\n{text.strip()}\n\n{end}{after}")


def absolutes(lines, rows, pin):
    lines += ["| shape | subject | rate, 1/s | p50, µs | p90 | p99 | p99.9 | max | CPU per call, µs | resident, MiB | recorded |",
              "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"]
    for (own_pin, shape), by_subject in grouped(rows).items():
        if own_pin != pin:
            continue
        for subject, rounds in by_subject.items():
            cells = [number(median_of(rounds, metric), form) for metric, form in (
                ("per_second", ",.0f"), ("p50_us", ",.0f"), ("p90_us", ",.0f"), ("p99_us", ",.0f"), ("p999_us", ",.0f"), ("max_us", ",.0f"),
                ("cpu_us_per_call", ".1f"), ("rss_mib", ".0f"), ("recorded_share", ".0%"))]
            lines.append(f"| {shape} | {subject} | " + " | ".join(cells) + " |")
    lines.append("")


def markdown(rows):
    about = next(row for row in rows if row["kind"] == "machine")
    ratio_rows = [row for row in rows if row["kind"] == "ratio"]
    lines = [
        "# Comparison", "",
        f"Generated by `benchmarks/compare.sh` at {about['at']}, commit `{about['commit']}`"
        + (f" with {about['changed_files']} changed files" if about["changed_files"] else "") + ".",
        f"{about['cores']} cores of {about['processor']}, Linux {about['kernel']}, load average {about['load_average']:.1f} at the start; "
        f"{about['rounds']} rounds of {about['seconds']} s.",
        f"ClawPdp {about['clawpdp']}; Cerbos {about['cerbos']}; {about['h2load']}.", "",
        "Medians over the rounds, in brackets the least and the most of any round. For p50, p99 and CPU less than 1 is better than",
        "what it is held against; for the rate more than 1 is better.", "",
    ]
    lines += QUICK if about["quick"] else []
    if not about["bench"]:
        lines += ["The binary had no `clawpdp bench`: open loop, many tokens, stream and batch were **not** measured.", ""]
    for pin in dict.fromkeys(row["pin"] for row in rows if row["kind"] == "run"):
        lines += [f"## {PINS[pin]}", "", "### Against the floor", ""]
        table(lines, ratio_rows, pin, "floor")
        if any(row["to"] == "clawpdp" and row["pin"] == pin for row in ratio_rows):
            lines += ["### Peers against ClawPdp", ""]
            table(lines, ratio_rows, pin, "clawpdp")
        lines += ["### As measured", ""]
        absolutes(lines, rows, pin)
    return "\n".join(lines)
