"""Load by `clawpdp bench`: open loop with latency from the intended start, Unix sockets, many tokens, stream and batch."""

import json
import os
import subprocess
import threading

import histogram
import wire
from subjects import ALLOWED_TOOL, DENIED_TOOL

RELOADS = 4
MODES = {"batch": ["--batch", "64"], "stream": ["--in-flight", "8"]}


def is_there(binary):
    """Whether this binary has the load tool."""
    done = subprocess.run([binary, "bench", "run", "--help"], capture_output=True, text=True, check=False)
    return done.returncode == 0 and "--tokens" in done.stdout


def run(bench, subject, target, shape, rate, seconds):
    """Measures a subject; the tool itself ends with an error when an answer is not the expected one."""
    out = os.path.join(bench.folder, "bench.json")
    command = [bench.binary, "bench", *(ask_ours(bench, shape) if subject.name in ("floor", "clawpdp") else ask_raw(bench, subject)),
               "--server", target if target.startswith("unix:") else f"http://{target}",
               "--rate", "closed" if rate is None else str(rate), "--connections", str(min(shape["callers"], 8)), "--callers", str(shape["callers"]),
               "--seconds", str(seconds), "--warm-up", "0", "--json", out, "--label", subject.name]
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
        raise RuntimeError(f"bench: {done.stdout}{done.stderr}")
    with open(out, encoding="utf-8") as text:
        return read(json.load(text))


def ask_ours(bench, shape):
    tokens = os.path.join(bench.folder, f"tokens-{shape['tokens']}.txt")
    if not os.path.exists(tokens):
        with open(tokens, "w", encoding="ascii") as lines:
            lines.writelines(token + "\n" for token in bench.rig.tokens[:shape["tokens"]])
    options = ["run", "--tokens", tokens, "--tool", ALLOWED_TOOL]
    if shape.get("mix"):
        options += ["--deny-tool", DENIED_TOOL, "--deny-share", "0.5"]
    if shape.get("mode"):
        options += ["--call", shape["mode"], *MODES[shape["mode"]]]
    if shape.get("cold"):
        options += ["--cold"]
    return options


def ask_raw(bench, subject):
    """For a subject of another protocol: its own question, and the part of its answer that says that it is allowed."""
    body = os.path.join(bench.folder, f"{subject.name}.body")
    expected = os.path.join(bench.folder, f"{subject.name}.expected")
    with open(body, "wb") as out:
        out.write(subject.ask(bench.rig.tokens[0], ALLOWED_TOOL))
    with open(expected, "wb") as out:
        out.write(wire.field(1, "invoke") + wire.varint(2 << 3) + wire.varint(wire.ALLOW))
    return ["raw", "--method", subject.path, "--body", body, "--expect-contains", expected]


def activate_in_turns(bench, seconds):
    """Activates the other policy a few times while the load runs; the tokens go on being answered by the one that they are pinned to."""
    stop = threading.Event()
    for turn in range(RELOADS):
        stop.wait(seconds / (RELOADS + 1))
        policy = bench.rig.policies[(turn + 1) % 2]
        subprocess.run([bench.binary, "policy", "activate", policy, "--overlap", "3600", "--server", "http://127.0.0.1:17080"], check=True, capture_output=True)


def read(result):
    """Reads what the tool wrote."""
    raise NotImplementedError
