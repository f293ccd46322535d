"""Two published sidecars, such as of two commits, in turns: what does a change cost a call, the start, and the memory?

Both run at once, each on a copy of one installation; short loads alternate between them, and each ratio is of two loads that follow each other, so that
what moves slowly on the machine moves both. Usage: python3 -B benchmarks/compare/turns.py OLD NEW [--starts N] [--bursts N] [--results FILE]
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time

import machine
from servers import Server, stop_all, stop_on_signals
from subjects import ALLOWED_TOOL, Rig, listen_on

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PORTS = {"old": 17180, "new": 17280}
CALLERS = {1: 12_000, 8: 30_000, 64: 60_000}
CONNECTIONS_MAX = 8


def arguments():
    parser = argparse.ArgumentParser(prog="turns.py", description="Measure two published sidecars in turns.")
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--starts", type=int, default=4, help="how often both are started anew (4)")
    parser.add_argument("--bursts", type=int, default=6, help="how many loads of each size and sidecar a start sees (6)")
    parser.add_argument("--load", default=os.path.join(ROOT, "artifacts/bin/ClawPdp.Load/release/ClawPdp.Load"), help="the built ClawPdp.Load")
    parser.add_argument("--results", help="the file for the rows")
    options = parser.parse_args()
    if not 1 <= options.starts <= 20 or not 1 <= options.bursts <= 50:
        parser.error("1 to 20 starts, 1 to 50 bursts")
    return options


def install(rig, folder, name):
    """A copy of the installation on ports of its own."""
    copy = os.path.join(folder, name)
    shutil.copytree(rig.folder, copy)
    return listen_on(copy, PORTS[name])


def start(name, binary, config):
    """Starts a sidecar, and gives it with the milliseconds until it took connections."""
    begin = time.perf_counter()
    server = Server(name, [binary, "serve", "--config", config], f"127.0.0.1:{PORTS[name]}", log=config + ".log").start()
    return server, (time.perf_counter() - begin) * 1000


def burst(tool, server, tokens, callers, folder):
    out = os.path.join(folder, "bench.json")
    before = server.cpu_seconds()
    subprocess.run([tool, "bench", "run", "--server", "http://" + server.target, "--tokens", tokens, "--tool", ALLOWED_TOOL, "--warm-up", "0s",
                    "--count", str(CALLERS[callers]), "--callers", str(callers), "--connections", str(min(callers, CONNECTIONS_MAX)), "--json", out],
                   check=True, capture_output=True, timeout=120)
    cpu = server.cpu_seconds() - before
    with open(out, encoding="utf-8") as text:
        results = json.load(text)["results"]
    return {"cpu_us": cpu * 1e6 / CALLERS[callers], "p50_us": results["latency_us"]["p50"], "p99_us": results["latency_us"]["p99"], "per_second": results["questions_per_second"]}


def measure(options, folder, write):
    rig = Rig([options.load], options.old, folder, tokens=1)
    rig.start()
    tokens = os.path.join(rig.folder, "tokens.txt")
    binaries = {"old": options.old, "new": options.new}
    configs = {name: install(rig, folder, name) for name in binaries}
    for turn in range(options.starts):
        servers = {}
        for name in binaries if turn % 2 else reversed(binaries):
            servers[name], milliseconds = start(name, binaries[name], configs[name])
            write({"what": "start", "turn": turn, "name": name, "ms": round(milliseconds, 1), "resident_mib": round(servers[name].resident_mib(), 1)})
        for callers in CALLERS:
            # The first of each warms up.
            for number in range(options.bursts + 1):
                for name in servers if number % 2 else reversed(servers):
                    row = burst(options.new, servers[name], tokens, callers, folder)
                    if number:
                        write({"what": "burst", "turn": turn, "number": number, "name": name, "callers": callers, **{key: round(value, 1) for key, value in row.items()}})
        for name, server in servers.items():
            write({"what": "end", "turn": turn, "name": name, "resident_mib": round(server.resident_mib(), 1)})
            server.stop()


def summary(rows):
    def of(name, key, **where):
        return [row[key] for row in rows if row["name"] == name and all(row.get(field) == value for field, value in where.items())]

    def line(title, key, **where):
        old, new = of("old", key, **where), of("new", key, **where)
        ratio = statistics.median(b / a for a, b in zip(old, new))
        print(f"{title:<34} old {statistics.median(old):>9.1f}   new {statistics.median(new):>9.1f}   new / old {ratio:.3f}")

    for callers in CALLERS:
        for key, title in (("cpu_us", "processor time a call, µs"), ("p50_us", "p50, µs"), ("p99_us", "p99, µs")):
            line(f"{callers:>2} callers: {title}", key, what="burst", callers=callers)
    line("start to the first connection, ms", "ms", what="start")
    line("memory after the start, MiB", "resident_mib", what="start")
    line("memory after all calls, MiB", "resident_mib", what="end")


def main():
    options = arguments()
    stop_on_signals()
    rows = []
    with tempfile.TemporaryDirectory(prefix="clawpdp-turns-") as folder:
        lines = open(options.results, "w", encoding="utf-8") if options.results else None

        def write(row):
            rows.append(row)
            if lines:
                print(json.dumps(row), file=lines, flush=True)

        if lines:
            versions = {name: re.sub(r"\s+", " ", machine.text_of(binary, "--version")) for name, binary in (("old", options.old), ("new", options.new))}
            print(json.dumps({"what": "machine", "processor": machine.processor(), "cores": len(os.sched_getaffinity(0)), "load_average": os.getloadavg()[0],
                              "commit": machine.commit(HERE), **versions}), file=lines, flush=True)
        try:
            measure(options, folder, write)
        finally:
            stop_all()
    summary(rows)


if __name__ == "__main__":
    main()
