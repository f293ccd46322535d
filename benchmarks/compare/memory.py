"""What holds a published sidecar's memory, after its start and after many calls, by kind? Several sidecars, or one with other settings, in turns.

Usage: python3 -B benchmarks/compare/memory.py [--turns N] [--calls N] [--results FILE] NAME=BINARY[,VARIABLE=VALUE...]...
A variable goes into that sidecar's environment, such as DOTNET_GCGen0MaxBudget=100000 (hexadecimal) or MALLOC_ARENA_MAX=1.
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
PORT = 17380
CONNECTIONS = 8
SETTLE_SECONDS = 0.8
ARENA_SIZE = 64 << 20
MAPPING = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ *(.*)")


def arguments():
    parser = argparse.ArgumentParser(prog="memory.py", description="Split the memory of published sidecars by kind.")
    parser.add_argument("sidecars", nargs="+", metavar="NAME=BINARY[,VARIABLE=VALUE...]")
    parser.add_argument("--turns", type=int, default=3, help="how often each is started (3)")
    parser.add_argument("--calls", type=int, default=100_000, help="how many calls each gets, of 8 connections (100,000)")
    parser.add_argument("--load", default=os.path.join(ROOT, "artifacts/bin/ClawPdp.Load/release/ClawPdp.Load"), help="the built ClawPdp.Load")
    parser.add_argument("--results", help="the file for the rows")
    options = parser.parse_args()
    if not 1 <= options.turns <= 20 or not 1 <= options.calls <= 1_000_000:
        parser.error("1 to 20 turns, 1 to 1,000,000 calls")
    return options


def kind(binary, begin, end, rights, name):
    if name == binary:
        return "code" if "x" in rights else "data of the executable"
    if name.startswith("/"):
        return "libraries and files"
    if name == "[heap]" or (not name and begin % ARENA_SIZE == 0 and end - begin <= ARENA_SIZE):
        return "C heap"
    # The runtime's tables, which it unpacks from the executable at the start, lie in what the loader keeps for its variables.
    return "managed heap, runtime's tables, stacks"


def resident(server, binary):
    """MiB by kind, and of all."""
    kinds = {}
    with open(f"/proc/{server.process.pid}/smaps", encoding="utf-8") as smaps:
        for line in smaps:
            mapping = MAPPING.match(line)
            if mapping:
                current = kind(binary, int(mapping[1], 16), int(mapping[2], 16), mapping[3], mapping[4].strip())
            elif line.startswith("Rss:"):
                kinds[current] = kinds.get(current, 0) + int(line.split()[1]) / 1024
    return {"all": round(server.resident_mib(), 1), **{key: round(value, 1) for key, value in sorted(kinds.items())}}


def parse(sidecar):
    name, _, rest = sidecar.partition("=")
    binary, *variables = rest.split(",")
    return name, os.path.realpath(binary), variables


def measure(options, rig, folder, sidecar, turn):
    name, binary, variables = sidecar
    copy = os.path.join(folder, name)
    if not os.path.exists(copy):
        shutil.copytree(rig.folder, copy)
    path = listen_on(copy, PORT)
    server = Server(name, ["env", *variables, binary, "serve", "--config", path], f"127.0.0.1:{PORT}", log=path + ".log").start()
    time.sleep(SETTLE_SECONDS)
    start, before = resident(server, binary), server.cpu_seconds()
    tokens = os.path.join(rig.folder, "tokens.txt")
    subprocess.run([options.bench, "bench", "run", "--server", "http://" + server.target, "--tokens", tokens, "--tool", ALLOWED_TOOL, "--warm-up", "0s",
                    "--count", str(options.calls), "--callers", str(CONNECTIONS), "--connections", str(CONNECTIONS)], check=True, capture_output=True, timeout=300)
    row = {"turn": turn, "name": name, "variables": variables, "cpu_us": round((server.cpu_seconds() - before) * 1e6 / options.calls, 1),
           "start_mib": start, "calls_mib": resident(server, binary)}
    server.stop()
    return row


def summary(rows):
    for name in dict.fromkeys(row["name"] for row in rows):
        of_name = [row for row in rows if row["name"] == name]
        print(f"{name}: processor time a call {statistics.median(row['cpu_us'] for row in of_name):.1f} µs; MiB after the start, after the calls:")
        for key in dict.fromkeys(key for row in of_name for key in row["calls_mib"]):
            start, calls = ([row[when].get(key, 0) for row in of_name] for when in ("start_mib", "calls_mib"))
            print(f"  {key:<40} {statistics.median(start):6.1f} {statistics.median(calls):6.1f} ({min(calls):.1f} to {max(calls):.1f})")


def main():
    options = arguments()
    stop_on_signals()
    sidecars = [parse(sidecar) for sidecar in options.sidecars]
    options.bench = sidecars[0][1]
    rows = []
    with tempfile.TemporaryDirectory(prefix="clawpdp-memory-") as folder, open(options.results or os.devnull, "w", encoding="utf-8") as lines:
        versions = {name: machine.text_of(binary, "--version").strip() for name, binary, _ in sidecars}
        print(json.dumps({"what": "machine", "processor": machine.processor(), "cores": len(os.sched_getaffinity(0)), "commit": machine.commit(HERE), **versions}), file=lines)
        try:
            rig = Rig([options.load], sidecars[0][1], folder, tokens=1)
            rig.start()
            for turn in range(options.turns):
                for sidecar in sidecars if turn % 2 else reversed(sidecars):
                    rows.append(measure(options, rig, folder, sidecar, turn))
                    print(json.dumps(rows[-1]), file=lines, flush=True)
        finally:
            stop_all()
    summary(rows)


if __name__ == "__main__":
    main()
