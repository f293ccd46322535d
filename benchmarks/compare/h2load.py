"""Closed-loop load by h2load of nghttp2: one question again and again over as many connections as there are callers."""

import os
import re
import subprocess
import tempfile

import histogram

# What the varints of an answer (times, epoch) may differ by from the answer that was decoded before.
SIZE_SLACK_BYTES = 12


def run(target, path, body_file, answer_size, callers, seconds, cpus=None):
    """Measures. Raises unless every answer was 200 with a body of the size of the decoded answer."""
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "log")
        where = ["-B", target, f"http://localhost{path}"] if target.startswith("unix:") else [f"http://{target}{path}"]
        command = ["h2load", "-t", "1", "-c", str(callers), "-m", "1", "-D", str(seconds), "-d", body_file, "--log-file", log,
                   "-H", "content-type: application/grpc", "-H", "te: trailers", *where]
        if cpus:
            command = ["taskset", "-c", cpus, *command]
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds * 3 + 30, check=True)
        return parse(done.stdout, log, answer_size, seconds)


def parse(text, log, answer_size, seconds):
    ok = int(re.search(r"status codes: (\d+) 2xx, 0 3xx, 0 4xx, 0 5xx", text).group(1))
    failed = int(re.search(r"(\d+) failed", text).group(1))
    # nghttp2 1.52 counts only succeeded streams as done; body bytes of streams that were cut off at the end may be among the traffic.
    data = int(re.search(r"\((\d+)\) data", text).group(1))
    if ok == 0 or failed:
        raise RuntimeError(f"h2load: {text}")
    mean = data / ok
    if abs(mean - (answer_size + 5)) > SIZE_SLACK_BYTES:
        raise RuntimeError(f"h2load: an answer has {mean:.1f} bytes, not {answer_size + 5}")
    times = []
    with open(log, encoding="ascii") as lines:
        for line in lines:
            _, status, elapsed = line.split("\t")
            if status != "200":
                raise RuntimeError(f"h2load: status {status}")
            times.append(int(elapsed))
    buckets = histogram.of(times)
    return {"calls": ok, "per_second": ok / seconds, "mean_answer_bytes": round(mean, 2), **histogram.summary(buckets), "histogram": histogram.pack(buckets)}
