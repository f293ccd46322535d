"""Measures the floor, ClawPdp and its peers in turns, and keeps what came out. Started by compare.sh; README.md says how."""

import argparse
import json
import os
import shutil
import sys
import tempfile

import bench
import machine
import report
import servers
import shapes
import subjects
from measure import Bench

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def arguments():
    parser = argparse.ArgumentParser(prog="compare.sh", description="Measure the floor, ClawPdp and Cerbos in one run, in turns.")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (3)")
    parser.add_argument("--seconds", type=int, default=4, help="how long each measurement takes (4)")
    parser.add_argument("--quick", action="store_true", help="one round of one second each, and fewer shapes: to see that all works")
    parser.add_argument("--tokens", type=int, default=10_000, help="how many tokens are issued (10,000)")
    parser.add_argument("--binary", required=True, help="the published sidecar")
    parser.add_argument("--floor", required=True, help="the published floor")
    parser.add_argument("--cerbos", help="Cerbos; left out when not given")
    parser.add_argument("--load", required=True, help="the built ClawPdp.Load")
    parser.add_argument("--bench-binary", help="the binary whose `bench` loads; the published sidecar when not given")
    parser.add_argument("--pins", default="free,split", help="`free`: everybody on every core; `split`: servers and load tool on cores of their own")
    parser.add_argument("--results", help="the folder for the results")
    parser.add_argument("--docs", action="store_true", help="put the short table into docs/performance.md")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds = 1, 1
    if not 1 <= options.rounds <= 50 or not 1 <= options.seconds <= 120:
        parser.error("1 to 50 rounds of 1 to 120 seconds")
    return options


class Run:
    """The whole comparison."""

    def __init__(self, options, folder, out):
        self.options = options
        self.folder = folder
        self.out = out
        self.rows = []
        self.capacity = {}
        self.rig = subjects.Rig([options.load], options.binary, folder, options.tokens)
        self.bench_binary = options.bench_binary or options.binary
        self.has_bench = bench.is_there(self.bench_binary)

    def write(self, row):
        self.rows.append(row)
        with open(os.path.join(self.out, "compare.jsonl"), "a", encoding="utf-8") as lines:
            lines.write(json.dumps(row, separators=(",", ":")) + "\n")

    def all(self):
        self.write({"kind": "machine", **machine.describe(HERE, self.options), "bench": self.has_bench})
        self.rig.start()
        for pin in self.options.pins.split(","):
            self.group(pin)
        for ratio in report.ratios(self.rows):
            self.write(ratio)

    def group(self, pin):
        """All shapes with one way of sharing the cores; the servers run through it."""
        server_cpus, load_cpus = machine.split() if pin == "split" else (None, None)
        compared = subjects.make(HERE, self.folder, self.rig, self.options.binary, self.options.floor, self.options.cerbos, server_cpus)
        surroundings = Bench(self.rig, self.folder, self.bench_binary, self.options.binary, self.options.seconds, 1, load_cpus)
        started = []
        try:
            for server in {id(server): server for subject in compared for server in subject.servers.values()}.values():
                started.append(server.start())
            self.rig.put_second_policy(self.options.binary)
            for round_number in range(1, self.options.rounds + 1):
                for one in self.shapes():
                    turns = [subject for subject in compared if shapes.measures(one, subject)]
                    start = (round_number - 1) % len(turns)
                    self.round(round_number, {**one, "pin": pin}, turns[start:] + turns[:start], surroundings)
        finally:
            for server in started:
                server.stop()

    def shapes(self):
        yield from shapes.of_h2load(self.options.quick)
        if self.has_bench:
            yield from shapes.of_bench(self.options.quick)

    def round(self, number, one, turns, surroundings):
        rate = self.rate(one)
        if one["open"] and rate is None:
            return
        print(f"round {number} of {self.options.rounds}, {one['pin']}: {one['name']}", flush=True)
        for subject in turns:
            if one.get("cold"):
                # A start forgets every token that was seen.
                subject.server(one["transport"]).stop()
                subject.server(one["transport"]).start()
            result = surroundings.measure(subject, one, rate)
            self.write({"kind": "run", "round": number, "subject": subject.name, "shape": one["name"], "pin": one["pin"], "rate": rate, **result})
            report.print_run(subject.name, result)
            if subject.name == "floor" and one["tool"] == "bench" and one["open"] is None and "call" not in one and one["tokens"] == 1 and not one.get("mix"):
                self.capacity[(one["pin"], one["transport"], one["callers"])] = result["per_second"]

    def rate(self, one):
        """How many questions arrive a second in an open loop: a share of what the floor answered in the closed loop of the same shape."""
        capacity = self.capacity.get((one["pin"], one["transport"], one["callers"]))
        if one["open"] is None or capacity is None:
            return None
        rate = max(1, int(capacity * one["open"]))
        return min(rate, self.options.tokens // max(1, self.options.seconds)) if one.get("cold") else rate


def main():
    options = arguments()
    servers.stop_on_signals()
    out = options.results or os.path.join(HERE, "results", machine.result_name(HERE))
    os.makedirs(out, exist_ok=True)
    path = os.path.join(out, "compare.jsonl")
    if os.path.exists(path):
        os.replace(path, path + ".before")
    folder = tempfile.mkdtemp(prefix="clawpdp-compare-")
    run = Run(options, folder, out)
    try:
        run.all()
    finally:
        servers.stop_all()
        shutil.rmtree(folder, ignore_errors=True)
    text = report.markdown(run.rows)
    with open(os.path.join(out, "compare.md"), "w", encoding="utf-8") as table:
        table.write(text)
    if options.docs:
        report.put_between(os.path.join(os.path.dirname(HERE), "docs", "performance.md"), "compare", report.summary(run.rows))
    print(text)
    print(f"kept in {out}")


if __name__ == "__main__":
    sys.exit(main())
