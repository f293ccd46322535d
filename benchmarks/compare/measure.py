"""One measurement: warm-up, load, and what it cost the server."""

import os
import time

import bench
import h2load
import wire
from subjects import ALLOWED_TOOL

QUIET_MAX_SECONDS = 8


def settle(server):
    """Waits until a server has finished what it does behind its answers, such as writing records; bounded. Gives its processor time then."""
    before = server.cpu_seconds()
    for _ in range(int(QUIET_MAX_SECONDS / 0.25)):
        time.sleep(0.25)
        now = server.cpu_seconds()
        if now - before <= 0.011:
            return now
        before = now
    return before


class Bench:
    """What a measurement needs of its surroundings."""

    def __init__(self, rig, folder, binary, sidecar, seconds, warm_up, cpus):
        self.rig = rig
        self.sidecar = sidecar
        self.folder = folder
        self.binary = binary
        self.seconds = seconds
        self.warm_up = warm_up
        self.cpus = cpus

    def measure(self, subject, shape, rate):
        """Measures a subject in a shape. Gives the numbers; raises when an answer was not the expected one."""
        transport = shape["transport"]
        server = subject.server(transport)
        size = subject.check(transport, self.rig.tokens[0])
        run = self.prepare(subject, shape, rate, size)
        # Our own tool warms up by itself, over the connections that it measures, and says with how many calls.
        if shape["tool"] == "h2load":
            run(self.warm_up)
        cpu_before = settle(server)
        records_before = self.rig.records() if subject.name == "clawpdp" else 0
        result = run(self.seconds)
        cpu = settle(server) - cpu_before
        asked = result["calls"] + result.get("warm_up_calls", 0)
        result["cpu_us_per_call"] = round(cpu * 1e6 / asked, 2)
        result["rss_mib"] = round(server.resident_mib(), 1)
        if subject.name == "clawpdp":
            # More may be recorded than was counted as answered: calls that were cut off at the end.
            result["recorded_share"] = round((self.rig.records() - records_before) / asked, 4)
        return result

    def prepare(self, subject, shape, rate, size):
        transport = shape["transport"]
        target = subject.target(transport)
        if shape["tool"] == "h2load":
            body = os.path.join(self.folder, f"{subject.name}.body")
            with open(body, "wb") as out:
                out.write(wire.frame(subject.ask(self.rig.tokens[0], ALLOWED_TOOL)))
            return lambda seconds: h2load.run(target, subject.path, body, size, shape["callers"], seconds, self.cpus)
        return lambda seconds: bench.run(self, subject, target, shape, rate, seconds)
