"""A second judge of policies, written from the description of their meaning alone; it shares no code with the product.

Reads JSON lines {"policies": [...], "question": {...}}: the payloads of a chain, what is inherited from first (without `inherits`, since the
order says it), and what is asked. Members of the question, all of them optional but `at`: tool, model, provider, host, agent, at (RFC 3339),
approval, stated (an object), and raw: {action, resource} to hold any text against the patterns instead of the names. Writes a line each:
{"effect", "failure", "action", "link", "sids"}. Needs Python 3.9.5 or later and nothing else.
"""
import decimal, ipaddress, json, re, sys
from datetime import datetime, timezone

TERMINATORS = {0x0A, 0x0D, 0x2028, 0x2029}
SLASH = ord("/")
YES, NO, UNKNOWN = "yes", "no", "unknown"
ACTIONS = ["tool:execute", "model:invoke", "side_effect:network_egress", "side_effect:filesystem_read", "side_effect:filesystem_write",
           "side_effect:external_api_write"]
GUARDED = [ipaddress.ip_network(text) for text in (
    "169.254.0.0/16 fe80::/10 100.100.100.200 168.63.129.16 192.0.0.192 fd00:ec2::/32 fd20:ce::254 fd00:c1::a9fe:a9fe fd00:42::42").split()]
WRAPPINGS = [ipaddress.ip_network(text) for text in ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48")]
GUARDED_NAMES = ("metadata metadata.google.internal metadata.goog metadata.azure.internal metadata.tencentyun.com "
                 "metadata.platformequinix.com metadata.packet.net instance-data instance-data.ec2.internal").split()

def units(text):
    data = text.encode("utf-16-be", "surrogatepass")
    return [data[at] << 8 | data[at + 1] for at in range(0, len(data), 2)]

def pieces(pattern):
    return re.findall(r"(?:(?<=/)|(?<![\s\S]))\*\*/|\*\*|\*|[\s\S]", pattern)

def glob(pattern, text):
    """Walks the pattern from its end; fits[at] tells whether what was walked over matches the text from `at` on."""
    if pattern in ("*", "**"):
        return True
    text = units(text)
    fits = [False] * len(text) + [True]
    for piece in reversed(pieces(pattern)):
        for unit in (reversed(units(piece)) if piece not in ("**/", "**", "*", "?") else [piece]):
            before, inside = fits, False
            fits = [False] * len(text) + [before[-1] and unit in ("**/", "**", "*")]
            for at in range(len(text) - 1, -1, -1):
                here = text[at]
                if unit == "**/":
                    inside = here not in TERMINATORS and (inside or (here == SLASH and before[at + 1]))
                    fits[at] = before[at] or inside
                elif unit == "**":
                    fits[at] = before[at] or (here not in TERMINATORS and fits[at + 1])
                elif unit == "*":
                    fits[at] = before[at] or (here != SLASH and fits[at + 1])
                else:
                    fits[at] = before[at + 1] and (here != SLASH if unit == "?" else here == unit)
    return fits[0]

def number(text):
    return decimal.Decimal(text) if re.fullmatch(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?", text) else None

def flag(text):
    return {"true": True, "false": False}.get(text.lower()) if text.isascii() else None

def address(text):
    """Gives an address, a mapped one as v4; None for what is none. Only v6 addresses stand in brackets, and none has a zone."""
    bracketed = len(text) > 1 and text[0] == "[" and text[-1] == "]"
    try:
        found = ipaddress.IPv6Address(text[1:-1]) if bracketed else ipaddress.ip_address(text)
    except ValueError:
        return None
    if "%" in text:
        return None
    return getattr(found, "ipv4_mapped", None) or found

def block(text):
    start, slash, length = text.partition("/")
    found = address(start)
    return ipaddress.ip_network((found, int(length) if slash else found.max_prefixlen), strict=False)

def split_port(host):
    found = re.fullmatch(r"(\[[^\]]*\]|[^:\[]*)(?::([0-9]+))?", host)
    name, port = found[1], found[2]
    ip = address(name)
    if ip is not None:
        return (f"[{ip.compressed}]" if ip.version == 6 else ip.compressed), port, ip
    return (name[:-1] if name.endswith(".") else name).lower(), port, None

class Question:
    def __init__(self, asked):
        self.asked = asked
        self.name, self.port, self.ip = split_port(asked["host"]) if "host" in asked else (None, None, None)
        at = datetime.fromisoformat(asked["at"].replace("Z", "+00:00")).astimezone(timezone.utc)
        self.facts = {
            "Agent:DID": asked.get("agent"), "Tool:Name": asked.get("tool"), "Model:Name": asked.get("model"),
            "Model:Provider": asked.get("provider"), "SideEffect:TargetDomain": self.name, "SideEffect:TargetPort": self.port,
            "Context:Hour": str(at.hour), "Context:DayOfWeek": str(at.isoweekday() % 7),
            "Request:HasHumanApproval": "true" if asked.get("approval") else "false"}
        self.stated = asked.get("stated", {})

    def dimensions(self):
        if "raw" in self.asked:
            return [(self.asked["raw"]["action"], self.asked["raw"]["resource"])]
        found = [(ACTIONS[0], self.asked.get("tool")), (ACTIONS[1], self.asked.get("model")), (ACTIONS[2], self.name)]
        return [(action, resource) for action, resource in found if resource is not None]

    def value(self, key):
        if key in self.facts:
            return self.facts[key]
        return self.stated.get(key) if key.startswith("Caller:") or key in ("Receipt:ProofTier", "Receipt:GatewayDid") else None

def compare(parse, holds, actual, expected):
    left, right = parse(actual), parse(expected)
    return UNKNOWN if left is None else YES if holds(left, right) else NO

def contains(ip, network):
    return ip.version == network.version and ip in network

def condition(operator, expected, actual):
    if actual is None:
        return UNKNOWN
    if operator.startswith("String"):
        holds = glob(expected, actual) if operator.endswith("Like") else actual == expected
        return YES if holds != ("Not" in operator) else NO
    if operator == "IpAddress":
        ip = address(actual)
        return UNKNOWN if ip is None else YES if contains(ip, block(expected)) else NO
    parse = flag if operator == "Bool" else number
    holds = {"NumericLessThan": lambda a, b: a < b, "NumericGreaterThan": lambda a, b: a > b}.get(operator, lambda a, b: a == b)
    return compare(parse, holds, actual, expected)

def matches(statement, action, resource, question):
    named = statement["effect"] == "Allow" and action == ACTIONS[2] and guarded(resource)
    if not any(glob(pattern, action) for pattern in statement["actions"]) or \
            not any(pattern == resource if named else glob(pattern, resource) for pattern in statement["resources"]):
        return False
    outcomes = {condition(operator, expected, question.value(key))
                for operator, operands in statement.get("conditions", {}).items() for key, expected in operands.items()}
    return outcomes <= ({YES} if statement["effect"] == "Allow" else {YES, UNKNOWN})

def fold(text):
    """ECMAScript's Canonicalize under the flag i, unit by unit."""
    def one(unit):
        upper = chr(unit).upper()
        return unit if len(upper) != 1 or ord(upper) > 0xFFFF or (unit > 127 and ord(upper) < 128) else ord(upper)
    return [one(unit) for unit in units(text)]

def model_fits(pattern, model):
    parts, text, at = [fold(part) for part in pattern.split("*")], fold(model), 0
    if len(parts) == 1:
        return parts[0] == text
    if text[:len(parts[0])] != parts[0] or len(text) < len(parts[0]) + len(parts[-1]) or text[len(text) - len(parts[-1]):] != parts[-1]:
        return False
    at, end = len(parts[0]), len(text) - len(parts[-1])
    for part in parts[1:-1]:
        at = next((start + len(part) for start in range(at, end - len(part) + 1) if text[start:start + len(part)] == part), None)
        if at is None:
            return False
    return True

def guarded(name):
    """Tells whether a host is link-local or gives away a machine's credentials: it must be listed as itself."""
    ip = address(name)
    if ip is None:
        return name in GUARDED_NAMES
    wrapped = ip.version == 6 and (ip.sixtofour or (any(ip in network for network in WRAPPINGS) and ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return any(contains(found, network) for found in (ip, wrapped) if found for network in GUARDED)

def host_fits(pattern, question):
    if guarded(question.name) and ("*" in pattern or ("/" in pattern and block(pattern).num_addresses > 1)):
        return False
    if pattern == "*":
        return True
    if "/" in pattern:
        return question.ip is not None and contains(question.ip, block(pattern))
    name, port, ip = split_port(pattern[2:] if pattern.startswith("*.") else pattern)
    if port is not None and port != question.port:
        return False
    if ip is not None or question.ip is not None:
        return ip == question.ip
    return question.name.endswith("." + name) if pattern.startswith("*.") else question.name == name

def judge_lists(policy, action, resource, question):
    if action == ACTIONS[0]:
        return "allowed", []
    if action == ACTIONS[1]:
        providers, models = policy.get("allowed_providers", []), policy.get("allowed_models", [])
        if providers and question.asked.get("provider") not in providers:
            return "provider", []
        if models and not any(model_fits(pattern, resource) for pattern in models):
            return "model", []
        return ("allowed" if policy.get("minimum_model_identity_tier", "closed_opaque") == "closed_opaque" else "tier"), []
    if question.name is None:
        return "not_judged", []
    hosts = policy.get("egress_allowlist", [])
    return ("allowed" if not hosts or any(host_fits(pattern, question) for pattern in hosts) else "egress"), []

def judge_statements(policy, action, resource, question):
    found = [statement for statement in policy["statements"] if matches(statement, action, resource, question)]
    denying, allowing = ([item["sid"] for item in found if item["effect"] == effect] for effect in ("Deny", "Allow"))
    return ("denied", denying) if denying else ("allowed", allowing) if allowing else ("not_allowed", [])

def judge(policies, question):
    allowed = [set() for _ in policies]
    if not question.dimensions():
        return {"effect": "DENY", "failure": "not_judged", "action": "", "link": 0, "sids": []}
    for action, resource in question.dimensions():
        for link, policy in enumerate(policies):
            verdict, sids = (judge_lists if policy["policy_version"] == "1" else judge_statements)(policy, action, resource, question)
            if verdict != "allowed":
                return {"effect": "DENY", "failure": verdict, "action": action, "link": link, "sids": sids}
            allowed[link] |= set(sids)
    sids = [item["sid"] for link, policy in enumerate(policies) for item in policy.get("statements", []) if item["sid"] in allowed[link]]
    return {"effect": "ALLOW", "failure": "", "action": "", "link": 0, "sids": sids}

for line in sys.stdin.buffer:
    case = json.loads(line)
    print(json.dumps(judge(case["policies"], Question(case["question"]))), flush=True)
