"""Draws how cost grows, as SVG, from what ClawPdp.Benchmarks and ClawPdp.Load's `scale` wrote. Plain Python 3: python3 plots.py FOLDER [--docs]."""

import csv
import glob
import json
import math
import os
import statistics
import sys
from xml.sax.saxutils import escape

import report

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 86, 24, 64, 66
COLOURS = ("#0b6e99", "#c2410c", "#4d7c0f", "#7e22ce", "#92400e", "#be185d")

# file, title, axis in words, parameter, [(legend, type, method, other parameters)]
PARTS = (
    ("scope-items", "A warm decision by the size of the token's scope", "items in the token's scope", "ScopeItems",
     [(f"{what}, {count} statement{'s' if count > 1 else ''}", "WarmDecision", what, {"Statements": str(count)}) for what in ("Allow", "Deny") for count in (1, 64)]),
    ("statements", "A warm decision by the size of the policy", "statements in the policy (the last one matches)", "Statements",
     [(f"{what}, {count} scope item{'s' if count > 1 else ''}", "WarmDecision", what, {"ScopeItems": str(count)}) for what in ("Allow", "Deny") for count in (1, 64)]),
    ("tokens", "A decision by the number of tokens that come in turns", "live tokens (32,768 are remembered at most)", "Tokens", [("one decision", "ManyTokens", "InTurns", {})]),
    ("revocations", "A warm decision by what is revoked of others", "revocations", "Revocations", [("one decision", "RevokedDecision", "Warm", {})]),
    ("mapping", "The scope mapping by its number of groups", "groups in the mapping (10,000 at most)", "Entries",
     [("resolving one user's groups", "MappingEvaluation", "Resolve", {}), ("loading the file", "MappingEvaluation", "Load", {})]),
)
# What is expected, and why; it stands beside what was measured.
EXPECTED = {
    "scope-items": "at most linear, 64 items at most: exact names are one look-up, patterns are tried one by one",
    "statements": "linear, 64 at most: no order among statements, and a deny anywhere counts, so every one is looked at",
    "tokens": "constant by the hash of the text; one verification each time once more live than the two generations of 16,384 hold",
    "revocations": "constant: a look-up in a set for each trait of the token; memory is linear",
    "mapping": "resolving constant: a look-up for each of the user's groups; loading linear",
    "connections": "constant time a call, linear memory; more sockets share one event loop, so batching is lost",
    "records": "Authorize constant; SignReceipt logarithmic: a handful of B-tree insertions by rising keys, and one flush for all that wait",
}
SOCKET = (
    ("connections", "Through the socket, 8 callers, by open connections", "open connections", ("Authorize",)),
    ("records", "Through the socket, 8 callers, by records in the ledger", "records in the ledger", ("Authorize", "SignReceipt")),
)


def parts(folder):
    """{(type, method): [(parameters, median ns, bytes)]} from BenchmarkDotNet's JSON."""
    found = {}
    for path in sorted(glob.glob(os.path.join(folder, "parts", "results", "*-report-brief-compressed.json"))):
        with open(path, encoding="utf-8") as text:
            for one in json.load(text)["Benchmarks"]:
                if one.get("Statistics"):
                    parameters = dict(pair.split("=", 1) for pair in one["Parameters"].split("&") if pair)
                    memory = (one.get("Memory") or {}).get("BytesAllocatedPerOperation")
                    found.setdefault((one["Type"], one["Method"]), []).append((parameters, one["Statistics"]["Median"], memory))
    return found


def socket_rows(folder):
    """{(axis, what): {count: [row]}} from the JSON Lines of `scale`."""
    found = {}
    path = os.path.join(folder, "scale.jsonl")
    if not os.path.exists(path):
        return found
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            where, what = row["what"].split(": ")
            axis, count = where.split("=")
            found.setdefault((axis, what), {}).setdefault(int(count), []).append(row)
    return found


def position(value, zero):
    """Where a count lies on the logarithmic axis; nought has a place of its own before the first."""
    return (0.0 if value == 0 else math.log10(value) + (1.0 if zero else 0.0))


def nice(nanoseconds):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:g} {unit}"
    return f"{nanoseconds:g} ns"


def draw(path, title, axis, series):
    """One chart; series is [(legend, [(count, nanoseconds)])]. Both axes are logarithmic."""
    counts = sorted({count for _, points in series for count, _ in points})
    values = [value for _, points in series for _, value in points]
    zero = counts[0] == 0
    first, last = position(counts[0], zero), max(position(counts[-1], zero), position(counts[0], zero) + 1)
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    high = max(high, low + 1)
    wide, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(count):
        return LEFT + wide * (position(count, zero) - first) / (last - first)

    def y(value):
        return TOP + tall * (1 - (math.log10(value) - low) / (high - low))

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13" role="img">',
           f"<title>{escape(title)}</title>", f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
           f'<text x="{LEFT}" y="24" font-size="16" font-weight="bold">{escape(title)}</text>']
    for power in range(low, high + 1):
        for step in range(1, 10 if power < high else 2):
            value = step * 10 ** power
            colour, width = ("#94a3b8", 1) if step == 1 else ("#e2e8f0", 0.6)
            out.append(f'<line x1="{LEFT}" y1="{y(value):.1f}" x2="{WIDTH - RIGHT}" y2="{y(value):.1f}" stroke="{colour}" stroke-width="{width}"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y(10 ** power) + 4:.1f}" text-anchor="end">{nice(10 ** power)}</text>')
    for count in counts:
        out.append(f'<line x1="{x(count):.1f}" y1="{TOP}" x2="{x(count):.1f}" y2="{HEIGHT - BOTTOM}" stroke="#e2e8f0"/>')
    written = -1e9
    for count in counts:
        # Counts that stand too close share one label: the earlier one's.
        if x(count) - written >= 44 or count == counts[-1]:
            row = 18 if x(count) - written >= 44 else 33
            out.append(f'<text x="{x(count):.1f}" y="{HEIGHT - BOTTOM + row}" text-anchor="middle">{count:,}</text>')
            written = x(count)
    out.append(f'<text x="{LEFT + wide / 2}" y="{HEIGHT - 12}" text-anchor="middle">{escape(axis)}, logarithmic</text>')
    out.append(f'<text transform="translate(16 {TOP + tall / 2}) rotate(-90)" text-anchor="middle">time, median, logarithmic</text>')
    at = LEFT
    for index, (legend, points) in enumerate(series):
        colour = COLOURS[index % len(COLOURS)]
        line = " ".join(f"{x(count):.1f},{y(value):.1f}" for count, value in points)
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x(count):.1f}" cy="{y(value):.1f}" r="3.5" fill="{colour}"><title>{escape(legend)}: {count:,} – {nice(float(f"{value:.3g}"))}</title></circle>'
                for count, value in points]
        out.append(f'<rect x="{at}" y="38" width="12" height="12" fill="{colour}"/><text x="{at + 17}" y="49">{escape(legend)}</text>')
        at += 34 + 7.2 * len(legend)
    out.append("</svg>\n")
    with open(path, "w", encoding="utf-8") as svg:
        svg.write("\n".join(out))


def write_markdown(folder, rows):
    """The table of docs/performance.md, into scale.md and, with --docs, into the document itself."""
    lines = ["| by | expected | measured, median |", "| --- | --- | --- |"]
    for axis in dict.fromkeys(row[0] for row in rows):
        told = []
        for legend in dict.fromkeys(row[1] for row in rows if row[0] == axis):
            points = [row for row in rows if row[0] == axis and row[1] == legend]
            told.append(f"{legend}: " + ", ".join(f"{count:,}: {nice(float(f'{value:.3g}'))}" for _, _, count, value, _ in (points[0], points[-1])))
        lines.append(f"| {axis} | {EXPECTED[axis]} | {'; '.join(told)} |")
    with open(os.path.join(folder, "scale.md"), "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    if "--docs" in sys.argv:
        here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        report.put_between(os.path.join(here, "docs", "performance.md"), "scale", "\n".join(lines))


def main(folder):
    rows, measured, through = [], parts(folder), socket_rows(folder)
    for name, title, axis, parameter, lines in PARTS:
        series = []
        for legend, kind, method, others in lines:
            points = sorted((int(own[parameter]), median, memory) for own, median, memory in measured.get((kind, method), [])
                            if all(own.get(key) == value for key, value in others.items()))
            rows += [(name, legend, count, round(median, 1), memory) for count, median, memory in points]
            if points:
                series.append((legend, [(count, median) for count, median, _ in points]))
        if series:
            draw(os.path.join(folder, f"scale-{name}.svg"), title, axis, series)
    for name, title, axis, kinds in SOCKET:
        series = []
        for what in kinds:
            for metric in ("p50_us", "p99_us"):
                points = [(count, statistics.median(row[metric] for row in own) * 1000) for count, own in sorted(through.get((name, what), {}).items())]
                rows += [(name, f"{what}, {metric[:3]}", count, round(median, 1), "") for count, median in points]
                if points:
                    series.append((f"{what}, {metric[:3]}", points))
        if series:
            draw(os.path.join(folder, f"scale-{name}.svg"), title, axis, series)
    write_markdown(folder, rows)
    with open(os.path.join(folder, "scale.csv"), "w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("axis", "series", "count", "median_ns", "allocated_bytes"))
        table.writerows(rows)
    print(f"{len(rows)} points in {folder}")


if __name__ == "__main__":
    main(sys.argv[1])
