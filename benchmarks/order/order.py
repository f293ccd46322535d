"""Writes the order in which the compiler lays out the sidecar's methods: those of every call side by side, then those of the start, then what the demo reaches.

A page of the executable is in memory as soon as one method on it was called, and the kernel maps its neighbours with it. By default methods lie by name,
so the few that run are spread over all pages. Usage: python3 -B benchmarks/order/order.py [--binary FILE] [--symbols FILE] [--out FILE]
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "compare"))

from servers import stop_all, stop_on_signals  # noqa: E402
from subjects import ALLOWED_TOOL, Rig, listen_on  # noqa: E402
from tracer import Tracer  # noqa: E402

PORT = 17380
CONNECTIONS = 8
FIRST_CALLS = 3_000
CALLS = 60_000
IDLE_SECONDS = 2.5


def arguments():
    parser = argparse.ArgumentParser(prog="order.py", description="Write the order of the sidecar's methods.")
    publish = "ClawPdp.Server/release_linux-x64"
    parser.add_argument("--binary", default=os.path.join(ROOT, "artifacts/publish", publish, "clawpdp"), help="the published sidecar")
    parser.add_argument("--symbols", default=os.path.join(ROOT, "artifacts/bin", publish, "native/clawpdp.dbg"), help="its symbols")
    parser.add_argument("--load", default=os.path.join(ROOT, "artifacts/bin/ClawPdp.Load/release/ClawPdp.Load"), help="the built ClawPdp.Load")
    parser.add_argument("--out", default=os.path.join(ROOT, "src/ClawPdp.Server/method-order.txt"), help="the file to write")
    return parser.parse_args()


def lines_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def methods(binary, symbols):
    """Every compiled method's names by its address; methods of the same code share one."""
    section = next(line.replace("[ ", "[").split() for line in lines_of("readelf", "--section-headers", "--wide", binary) if " __managedcode " in line)
    begin, size = int(section[3], 16), int(section[5], 16)
    names = {}
    for line in lines_of("nm", symbols):
        address, kind, name = line.strip().split(None, 2) if line[0] != " " else ("0", "", "")
        # What unpacks a boxed value before the method itself has no name for the compiler.
        if kind in ("t", "T") and begin <= int(address, 16) < begin + size and not name.startswith("unbox_"):
            names.setdefault(int(address, 16), []).append(name)
    return names


def is_up():
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", PORT)) == 0


def is_over(seconds):
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def load(options, folder, tracer, calls):
    tokens = os.path.join(folder, "tokens.txt")
    command = [options.binary, "bench", "run", "--server", f"http://127.0.0.1:{PORT}", "--tokens", tokens, "--tool", ALLOWED_TOOL, "--warm-up", "0s",
               "--count", str(calls), "--callers", str(CONNECTIONS), "--connections", str(CONNECTIONS)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    if tracer.run(lambda: process.pid in tracer.exits) is not None or tracer.exits[process.pid] != 0:
        raise RuntimeError("the load failed")


def install(options, folder):
    rig = Rig([options.load], options.binary, folder, tokens=3)
    rig.start()
    return rig.folder, listen_on(rig.folder, PORT)


def trace(options, names, folder):
    """Gives the groups of methods in the order in which they are to lie."""
    installation, config = install(options, folder)
    log = os.open(os.path.join(folder, "traced.log"), os.O_CREAT | os.O_WRONLY)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    tracer = Tracer([options.binary, "serve", "--config", config], names, log)
    if tracer.run(is_up) is not None:
        raise RuntimeError("the sidecar did not start")
    tracer.run(is_over(1))
    start = tracer.take()
    load(options, installation, tracer, FIRST_CALLS)
    first = tracer.take()
    tracer.arm()
    load(options, installation, tracer, CALLS)
    tracer.run(is_over(IDLE_SECONDS))
    calls = tracer.take()
    os.kill(tracer.pid, signal.SIGTERM)
    tracer.run(lambda: False)
    stop = tracer.take()
    demo = Tracer([options.binary, "demo", "--once"], names, log)
    if demo.run(lambda: False) != 0:
        raise RuntimeError("the demo failed")
    return {"calls": calls, "start": start, "first calls": first, "stop": stop, "demo": demo.take()}


def main():
    options = arguments()
    stop_on_signals()
    names = methods(options.binary, options.symbols)
    with tempfile.TemporaryDirectory(prefix="clawpdp-order-") as folder:
        try:
            groups = trace(options, names, folder)
        finally:
            stop_all()
    ordered = dict.fromkeys(address for group in groups.values() for address in group)
    with open(options.out, "w", encoding="ascii") as out:
        for address in ordered:
            print("\n".join(names[address]), file=out)
    print(f"{len(names)} methods; " + ", ".join(f"{name} {len(group)}" for name, group in groups.items()) + f"; {len(ordered)} ordered")


if __name__ == "__main__":
    main()
