"""Servers that are started and stopped by their own process ids, with the processor time and memory that they take."""

import os
import signal
import socket
import subprocess
import time

RUNNING = []
TICKS = os.sysconf("SC_CLK_TCK")
STOP_MAX_SECONDS = 20


class Server:
    """One server process."""

    def __init__(self, name, command, target, unix=None, cwd=None, log=None, stdin=None):
        self.name = name
        self.command = command
        self.target = target
        self.unix = unix
        self.cwd = cwd
        self.log = log
        self.stdin = stdin
        self.process = None

    def start(self, wait_seconds=60):
        output = open(self.log, "ab") if self.log else subprocess.DEVNULL
        self.process = subprocess.Popen(self.command, cwd=self.cwd, stdin=self.stdin, stdout=output, stderr=output)
        RUNNING.append(self)
        deadline = time.monotonic() + wait_seconds
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} did not start; see {self.log}")
            time.sleep(0.02)
        return self

    def answers(self):
        unix = self.target.startswith("unix:")
        probe = socket.socket(socket.AF_UNIX if unix else socket.AF_INET, socket.SOCK_STREAM)
        with probe:
            probe.settimeout(1)
            host, _, port = self.target.rpartition(":")
            try:
                probe.connect(self.target[5:] if unix else (host, int(port)))
                return True
            except OSError:
                return False

    def stop(self):
        if self in RUNNING:
            RUNNING.remove(self)
        if self.process is None or self.process.poll() is not None:
            return
        if self.process.stdin:
            self.process.stdin.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_MAX_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def cpu_seconds(self):
        """User and system time of the whole process so far."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii", errors="replace") as stat:
            after_name = stat.read().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / TICKS

    def resident_mib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii", errors="replace") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:")) / 1024

    def pin(self, cpus):
        """Puts every thread on these processors, as taskset writes them."""
        subprocess.run(["taskset", "-a", "-p", "-c", cpus, str(self.process.pid)], check=True, capture_output=True)


def stop_all(*_):
    for server in list(RUNNING):
        server.stop()


def stop_on_signals():
    def end(number, _):
        stop_all()
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)
