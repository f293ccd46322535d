"""Latency histograms: microseconds at three significant digits, kept as compressed text."""

import base64
import json
import math
import zlib


def bucket(microseconds):
    """Rounds down to three significant digits, so that a bucket is at most 1 % wide."""
    step = 1
    while microseconds // step >= 1000:
        step *= 10
    return microseconds // step * step


def of(values):
    counts = {}
    for value in values:
        key = bucket(value)
        counts[key] = counts.get(key, 0) + 1
    return sorted(counts.items())


def quantile(buckets, share):
    total = sum(count for _, count in buckets)
    rank = max(1, math.ceil(share * total - 1e-9))
    seen = 0
    for value, count in buckets:
        seen += count
        if seen >= rank:
            return value
    return float("nan")


def summary(buckets):
    names = {"p50_us": 0.5, "p90_us": 0.9, "p99_us": 0.99, "p999_us": 0.999, "max_us": 1.0}
    return {name: quantile(buckets, share) for name, share in names.items()}


def pack(buckets):
    """base64(zlib(JSON list of [microseconds, count]))."""
    return base64.b64encode(zlib.compress(json.dumps(buckets, separators=(",", ":")).encode(), 9)).decode()


def unpack(text):
    return [tuple(pair) for pair in json.loads(zlib.decompress(base64.b64decode(text)))]
