"""The shapes of load. `open` is the share of the floor's own capacity at which questions arrive; None asks as fast as it is answered."""

CALLERS = (1, 8, 64)


def shape(name, tool, transport="tcp", callers=8, tokens=1, only=(), **more):
    return {"name": name, "tool": tool, "transport": transport, "callers": callers, "tokens": tokens, "only": only, "open": None, **more}


def of_h2load(quick):
    for transport in ("tcp", "unix"):
        for callers in CALLERS:
            if not quick or (transport, callers) in (("tcp", 1), ("tcp", 8), ("unix", 8)):
                yield shape(f"h2load, {transport}, {callers} callers, closed", "h2load", transport, callers)


def of_bench(quick):
    ours = ("floor", "clawpdp")
    for transport in ("tcp", "unix"):
        for callers in CALLERS:
            if not quick or callers == 8:
                yield shape(f"bench, {transport}, {callers} callers, closed", "bench", transport, callers)
    yield shape("bench, tcp, 8 callers, open at 0.05 of the floor", "bench", open=0.05)
    yield shape("bench, tcp, 8 callers, open at 0.3 of the floor", "bench", open=0.3)
    yield shape("bench, unix, 8 callers, open at 0.3 of the floor", "bench", "unix", open=0.3)
    yield shape("bench, tcp, 64 callers, open at 0.6 of the floor", "bench", callers=64, open=0.6)
    yield shape("bench, tcp, 8 callers, closed, 100 tokens", "bench", tokens=100, only=ours)
    yield shape("bench, tcp, 8 callers, closed, 10,000 tokens", "bench", tokens=10_000, only=ours)
    yield shape("bench, tcp, 8 callers, open at 0.1 of the floor, each token seen for the first time", "bench", tokens=10_000, only=ours, cold=True, open=0.1)
    yield shape("bench, tcp, 8 callers, closed, half of them denied", "bench", only=("clawpdp",), mix=True)
    yield shape("bench, tcp, 8 callers, closed, stream", "bench", only=ours, call="stream")
    yield shape("bench, tcp, 8 callers, closed, batches of 64", "bench", only=ours, call="batch")
    yield shape("bench, tcp, 8 callers, open at 0.3 of the floor, policy activated 4 times", "bench", only=ours, open=0.3, reload=True)


def measures(one, subject):
    """Whether a subject takes part in a shape."""
    if one["only"] and subject.name not in one["only"]:
        return False
    return not (subject.name == "cerbos-audit" and one["transport"] == "unix")
