"""What was measured on, and what was measured."""

import datetime
import os
import platform
import subprocess


def text_of(*command, cwd=None):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip().splitlines()[0] if done.stdout or done.stderr else ""


def commit(here):
    return text_of("git", "rev-parse", "--short", "HEAD", cwd=here) or "unknown"


def result_name(here):
    return f"{datetime.date.today().isoformat()}-{commit(here)}"


def processor():
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as lines:
        return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def split():
    """Cores for the servers and cores for the load tool, as taskset writes them."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise RuntimeError("`split` needs two cores")
    half = (len(cores) + 1) // 2
    return ",".join(map(str, cores[:half])), ",".join(map(str, cores[half:]))


def describe(here, options):
    return {
        "at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "commit": commit(here),
        "changed_files": len(subprocess.run(["git", "status", "--porcelain", "--untracked-files=no"], cwd=here, capture_output=True, text=True, check=False).stdout.splitlines()),
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "load_average": os.getloadavg()[0],
        "clawpdp": text_of(options.binary, "--version"),
        "clawpdp_bytes": os.path.getsize(options.binary),
        "cerbos": text_of(options.cerbos, "--version") if options.cerbos else "not measured",
        "h2load": text_of("h2load", "--version"),
        "rounds": options.rounds,
        "seconds": options.seconds,
        "tokens": options.tokens,
        "quick": options.quick,
    }
