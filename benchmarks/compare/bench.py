"""Load by `clawpdp bench`: open loop with latency from the intended start, Unix sockets, many tokens, stream and batch."""

import json
import os
import subprocess
import threading

import wire
from subjects import ALLOWED_TOOL, DENIED_TOOL

RELOADS = 4
CALLS = {"batch": ["--call", "batch", "--batch", "64"], "stream": ["--call", "stream", "--in-flight", "8"]}


def is_there(binary):
    """Whether this binary has the load tool."""
    done = subprocess.run([binary, "bench", "run", "--help"], capture_output=True, text=True, check=False)
    return done.returncode == 0 and "--tokens" in done.stdout


def warm_up_of(bench, shape):
    """How long to warm up: with many tokens until each of them was seen, or the measured part is one of first sights."""
    if shape.get("cold"):
        return "200ms"
    return f"{max(bench.warm_up, shape['tokens'] / 1000)}s"


def run(bench, subject, target, shape, rate, seconds):
    """Measures a subject; the tool itself ends with an error when an answer is not the expected one."""
    out = os.path.join(bench.folder, "bench.json")
    command = [bench.binary, "bench", *(ask_ours(bench, shape) if subject.name in ("floor", "clawpdp") else ask_raw(bench, subject)),
               "--server", target if target.startswith("unix:") else f"http://{target}", "--connections", str(shape["callers"]),
               "--seconds", str(seconds), "--warm-up", warm_up_of(bench, shape), "--json", out, "--label", subject.name]
    # An open loop has as many callers as it needs, up to 64 a connection, so that none waits for another's answer.
    command += ["--callers", str(shape["callers"])] if rate is None else ["--rate", str(rate)]
    if bench.cpus:
        command = ["taskset", "-c", bench.cpus, *command]
    reload = None
    if shape.get("reload") and subject.name == "clawpdp":
        reload = threading.Thread(target=activate_in_turns, args=(bench, seconds), daemon=True)
        reload.start()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds * 3 + 60, check=False)
    finally:
        if reload:
            reload.join()
    if done.returncode != 0:
        raise RuntimeError(f"bench: {subject.name}, {shape['name']}: {done.stdout}{done.stderr}")
    with open(out, encoding="utf-8") as text:
        return read(json.load(text))


def ask_ours(bench, shape):
    tokens = os.path.join(bench.folder, f"tokens-{shape['tokens']}.txt")
    if not os.path.exists(tokens):
        with open(tokens, "w", encoding="ascii") as lines:
            lines.writelines(token + "\n" for token in bench.rig.tokens[:shape["tokens"]])
    options = ["run", "--tokens", tokens, "--tool", ALLOWED_TOOL, *CALLS.get(shape.get("call"), [])]
    if shape.get("mix"):
        options += ["--deny-tool", DENIED_TOOL, "--deny-share", "0.5"]
    return options + (["--cold"] if shape.get("cold") else [])


def ask_raw(bench, subject):
    """For a subject of another protocol: its own question, and the part of its answer that says that it is allowed."""
    body = os.path.join(bench.folder, f"{subject.name}.question")
    expected = os.path.join(bench.folder, f"{subject.name}.expected")
    with open(body, "wb") as out:
        out.write(subject.ask(bench.rig.tokens[0], ALLOWED_TOOL))
    with open(expected, "wb") as out:
        out.write(wire.field(1, "invoke") + wire.varint(2 << 3) + wire.varint(wire.ALLOW))
    return ["raw", "--method", subject.path, "--body", body, "--expect-contains", expected]


def activate_in_turns(bench, seconds):
    """Activates the other policy a few times while the load runs; the tokens go on being answered by the one that they are pinned to."""
    pause = threading.Event()
    for turn in range(RELOADS):
        pause.wait(seconds / (RELOADS + 1))
        policy = bench.rig.policies[(turn + 1) % 2]
        done = subprocess.run([bench.sidecar, "policy", "activate", policy, "--overlap", "3600", "--server", "http://127.0.0.1:17080"],
                              check=False, capture_output=True, text=True)
        if done.returncode != 0:
            print(f"  policy activate: {done.stderr}", flush=True)


def read(report):
    """Reads the tool's report: questions, so that a batch counts as what is in it."""
    results = report["results"]
    a_call = report["options"]["questions_per_call"]
    times = results["latency_us"]
    return {
        "calls": results["good"] * a_call,
        "warm_up_calls": results["warm_up_calls"] * a_call,
        "per_second": round(results["questions_per_second"], 1),
        **{f"{name}_us": times[name] for name in ("p50", "p90", "p99", "p999", "max")},
        "service_p50_us": results["service_us"]["p50"],
        "tool_late_p99_us": results["tool_late_us"]["p99"],
        "tool_cpu_us_per_call": results["tool_cpu_us_per_call"],
        "marks": results["marks"],
        "hdr_histogram": report["histogram"]["data"],
    }
