"""Flips one comparison, branch or constant of the policy evaluator at a time and tells which flips no test notices.

`mutate.py [--only FILE] [--lines N,N] [--share 0/2]`; see README.md. Python 3.9 or later, the standard library and the .NET SDK. No source file is changed:
a mutant is compiled from a changed copy of one file into a copy of the built test program.
"""
import argparse, json, os, random, re, resource, shlex, shutil, signal, subprocess, sys, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CORE = os.path.join(ROOT, "src", "ClawPdp.Core")
WORK = os.path.join(ROOT, "artifacts", "mutation")
TESTS = "ClawPdp.Core.Tests"
FILES = ["Grammar/SegmentGlob.cs", "Grammar/GlobLexer.cs", "Grammar/GlobAutomaton.cs", "Grammar/IpNetwork.cs", "Grammar/IpAddress.cs", "Grammar/StarGlob.cs",
         "Policies/PolicyStatement.cs", "Policies/PolicyCondition.cs", "Policies/PolicyNumber.cs", "Policies/PolicyFlag.cs", "Policies/ContextKey.cs",
         "Policies/PolicyQuestion.cs", "Policies/PolicyActions.cs", "Policies/PolicyOutcome.cs", "Policies/WpcV1.cs", "Policies/WpcV2.cs", "Policies/PolicyChain.cs",
         "Policies/ConditionReader.cs", "Policies/WpcV2Reader.cs", "Policies/WpcMembers.cs", "Policies/WpcLoader.cs", "Policies/PolicyHostPattern.cs"]
# Cheap tests first: most mutants fall to the first stage. These are methods; the others are classes.
FIRST = {
    "Glob": ["SegmentGlobTests.Matches_Worked*", "SegmentGlobTests.Matches_Piece*", "SegmentGlobTests.Parse_*"],
    "Ip": ["PolicyConditionTests.*"],
    "Star": ["StarGlobTests.*"],
    "Reader": ["PolicyLoaderTests.*", "PolicyLimitTests.*", "WpcTests.*"],
    "": ["PolicyConditionTests.*", "PolicyTraceTests.*", "PolicyChainTests.*"],
}
SECOND = ["PolicyConditionTests", "PolicyTraceTests", "PolicyChainTests", "ReferenceCaseTests", "PolicyLoaderTests", "PolicyLimitTests", "WpcTests", "AllocationTests",
          "StarGlobTests", "SegmentGlobTests", "HostPatternTests", "HostNameTests"]
THIRD = ["PolicyPropertyTests", "GeneratorTests", "OracleTests", "GrammarPropertyTests"]
# Seconds of the processor, not of the clock: a busy machine must not count as a test that noticed.
CPU_SECONDS_MAX = 200
ENVIRONMENT = dict(os.environ, DOTNET_CLI_TELEMETRY_OPTOUT="1", DOTNET_NOLOGO="1", SUITE_PYTHON=sys.executable, DOTNET_TieredPGO="0")

SWAPS = [  # What is looked for in code alone, and what stands there instead.
    (r"(?<![=!<>])==(?!=)", "!="), (r"!=", "=="), (r"<=(?!>)", "<"), (r"(?<= )<(?= )", "<="), (r">=", ">"), (r"(?<= )>(?= )", ">="),
    (r"&&", "||"), (r"\|\|", "&&"), (r"!(?=[\w(])", ""), (r"\btrue\b", "false"), (r"\bfalse\b", "true"), (r"\.True\b", ".False"), (r"\.False\b", ".True"),
    (r"\.Unresolvable\b", ".True"), (r"\.Unresolvable\b", ".False"), (r"(?<=[\w)\]] )\+(?= )", "-"), (r"(?<=[\w)\]] )-(?= )", "+"), (r"\+\+", "--"),
    (r"<<", ">>"), (r">>", "<<"), (r"(?<= )\|(?= )", "&"), (r"(?<= )&(?= )", "|"), (r"\|=", "&="), (r"(?<= )\^(?= )", "|"), (r"\bis not\b", "is"),
    (r"\bis (?=null|\[|'|\"|\{ \})", "is not "), (r"(?<= )or(?= )", "and"), (r"(?<= )and(?= )", "or"), (r"\.Any\(", ".All("), (r"\.All\(", ".Any("),
    (r"\bEffect\.Allow\b", "Effect.Deny"), (r"\bEffect\.Deny\b", "Effect.Allow"), (r"\bPolicyFailure\.None\b", "PolicyFailure.NotAllowed"),
    (r"\bcontinue;", "break;"), (r"\bbreak;", "continue;"), (r"IgnoreCase\b", ""), (r"(?<=[^\w.\"])(\d[\d_]*)(?=(UL)?[^\w.\"x])", None),
]
STATEMENT = re.compile(r"^ +(?! |return|throw|var |using |namespace|yield|case|default|private|public|internal|const|continue|break)[\w.\[\](), _+*/?!^~-]+?(?:\(.*\)| [|&+-]?= .*|\+\+|--);$", re.M)


def masked(text):
    """Comments, strings and characters as blanks of the same length, so that places agree."""
    return re.sub(r"//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+'", lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def closing(code, start):
    depth = 0
    for at in range(start, len(code)):
        depth += (code[at] == "(") - (code[at] == ")")
        if depth == 0:
            return at
    raise ValueError("a bracket is never closed")


def mutants(text):
    """Gives (start, end, replacement): each comparison, branch, constant and statement once."""
    code = masked(text)
    for pattern, replacement in SWAPS:
        for found in re.finditer(pattern, text if '"' in pattern and "is (" in pattern else code):
            if code[found.start()] == " " and text[found.start()] != " ":
                continue
            yield found.start(), found.end(), replacement if replacement is not None else str(int(found[1].replace("_", "")) + 1)
    for found in re.finditer(r"\b(if|while) \(", code):
        end = closing(code, found.end() - 1)
        yield found.end(), end, f"!({text[found.end():end]})"
    for found in re.finditer(r"(?:=>|=|return|[(,]) ?([^=;,?{}\n]+?) \? ", code):
        if found[1].count("(") == found[1].count(")"):
            yield found.start(1), found.end(1), f"!({text[found.start(1):found.end(1)]})"
    for found in re.finditer(r"^ +: ([^;\n]+?) \? |^ +\? ([^;\n:]+)$", code, re.M):
        if found[1]:
            yield found.start(1), found.end(1), f"!({text[found.start(1):found.end(1)]})"
    for found in STATEMENT.finditer(code):
        yield found.start(), found.end(), ""


def command():
    """The compiler's own command line for the product, with its output redirected."""
    build = subprocess.run(["dotnet", "build", CORE, "-c", "Release", "--no-restore", "--no-incremental", "-v:d", "-p:RunAnalyzers=false",
                            "-p:EnforceCodeStyleInBuild=false"], capture_output=True, text=True, env=ENVIRONMENT, check=True)
    line = next(line for line in build.stdout.splitlines() if re.search(r"/csc(\.dll|\.exe)? /noconfig", line))
    arguments = shlex.split(line)
    start = next(at for at, item in enumerate(arguments) if item == "/noconfig")
    kept = [item for item in arguments[start + 1:] if not re.match(r"/(doc|out|refout|analyzer|embed|sourcelink|warnaserror|keyfile)", item)]
    return arguments[:start], kept


def stages(file):
    name = os.path.basename(file)
    kind = next(kind for kind in FIRST if name.startswith(kind) or (kind == "Glob" and "Glob" in name and "Star" not in name) or (kind == "Reader" and ("Reader" in name or "Loader" in name or "Members" in name or "HostPattern" in name)))
    yield [item for method in FIRST[kind] for item in ("-method", "*" + method)]
    for classes in (SECOND, THIRD):
        yield [item for name in classes for item in ("-class", "*." + name)]


def read(file):
    with open(os.path.join(CORE, file), encoding="utf-8") as source:
        return source.read()


class Bench:
    def __init__(self, worker):
        self.compiler, self.arguments = command()
        self.folder = os.path.join(WORK, str(worker))
        self.program = os.path.join(self.folder, "tests")
        shutil.rmtree(self.program, ignore_errors=True)
        shutil.copytree(os.path.join(ROOT, "artifacts", "bin", TESTS, "release"), self.program)

    def compile(self, file, text):
        changed = os.path.join(self.folder, os.path.basename(file))
        with open(changed, "w", encoding="utf-8") as output:
            output.write(text)
        arguments = [changed if item.replace("\\", "/") == file else item for item in self.arguments]
        response = os.path.join(self.folder, "compile.rsp")
        with open(response, "w", encoding="utf-8") as output:
            output.write("\n".join(f'"{item}"' if not item.startswith("/") or " " in item else item for item in arguments))
            output.write(f'\n/out:"{os.path.join(self.program, "ClawPdp.Core.dll")}"\n')
        done = subprocess.run([*self.compiler, "/noconfig", "/shared:clawpdp-mutation", "/keepalive:120", f"@{response}"], cwd=CORE, capture_output=True, text=True, env=ENVIRONMENT)
        return done.returncode == 0, done.stdout

    def passes(self, filters):
        process = subprocess.Popen([os.path.join(self.program, TESTS), *filters, "-stopOnFail", "-noLogo", "-noColor"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True, env=ENVIRONMENT, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS_MAX, CPU_SECONDS_MAX)))
        output, _ = process.communicate()
        if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            return False, "took too long"
        failed = re.search(r"(\S+\.\w+Tests\.\w+).*\[FAIL\]", output)
        ran = re.search(r"Total: [1-9]", output)
        if process.returncode != 0 and not failed and (ran or process.returncode not in (134, 139, -6, -11)):
            sys.exit(f"the tests did not run: {output[-2000:]}")
        if process.returncode == 0 and not ran:
            sys.exit(f"no test was run by {' '.join(filters)}")
        return process.returncode == 0, failed[1] if failed else "the program crashed"


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", help="a file's name, such as PolicyChain.cs")
    options.add_argument("--lines", help="of a file, these lines alone: 10,12")
    options.add_argument("--share", default="0/1", help="of the mutants, in an order by chance that is always the same, those of one worker: 0/2 or 1/2")
    options = options.parse_args()
    worker, workers = map(int, options.share.split("/"))
    bench = Bench(worker)
    compiled, killer = bench.compile(FILES[0], read(FILES[0]))
    for stage in stages(FILES[0]) if compiled else ():
        passed, killer = bench.passes(stage)
        if not passed:
            sys.exit(f"the tests fail without any mutant: {killer}")
    if not compiled:
        sys.exit(f"nothing compiles: {killer}")
    found = [(file, *mutant) for file in FILES if options.only in (None, os.path.basename(file)) for mutant in sorted(set(mutants(read(file))))]
    random.Random(1).shuffle(found)
    counts, survivors, started = {}, [], time.time()
    for file, start, end, replacement in found[worker::workers]:
        text = read(file)
        line = text.count("\n", 0, start) + 1
        if options.lines and str(line) not in options.lines.split(","):
            continue
        compiled, killer = bench.compile(file, text[:start] + replacement + text[end:])
        kind = "survived" if compiled else "uncompilable"
        for stage in stages(file) if compiled else ():
            passed, killer = bench.passes(stage)
            if not passed:
                kind = "killed"
                break
        counts.setdefault(file, {}).setdefault(kind, 0)
        counts[file][kind] += 1
        was = text[start:end].strip()
        print(json.dumps({"file": file, "line": line, "was": was, "is": replacement, "result": kind, "by": killer if kind == "killed" else ""}), flush=True)
        if kind == "survived":
            survivors.append(f"{file}:{line}: `{was}` -> `{replacement}`: {text.splitlines()[line - 1].strip()}")
    killed, left = (sum(count.get(kind, 0) for count in counts.values()) for kind in ("killed", "survived"))
    for file, count in sorted(counts.items()):
        print(f"{file}: {count}")
    print(f"score: {killed} of {killed + left} mutants are noticed ({100 * killed / max(1, killed + left):.1f} %) in {time.time() - started:.0f} s; survivors:")
    print("\n".join(survivors))


if __name__ == "__main__":
    main()
