#!/usr/bin/env python3
"""Writes the bill of materials of what was published, as CycloneDX 1.6 JSON: the three files with their hashes, and every package that
the executable was made of, from the lock file, with version, licence and hash. Nothing in it depends on when or where it is made.

usage: eng/sbom.py --binary-dir DIR --rid RID --version V --commit ID --commit-time SECONDS [--packages FOLDER] --out FILE
"""
import argparse
import base64
import datetime
import hashlib
import json
import os
import pathlib
import re
import sys
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOCK = ROOT / "src/ClawPdp.Server/packages.lock.json"

# What builds and is not in what is built.
BUILD_ONLY = {"meziantou.analyzer", "microsoft.codeanalysis.bannedapianalyzers", "microsoft.dotnet.ilcompiler", "microsoft.net.illink.tasks"}


def fail(message):
    sys.exit(f"sbom: {message}")


def locked(rid):
    """Gives the packages of the lock file for a platform: name, version, names that it depends on."""
    frameworks = json.loads(LOCK.read_text(encoding="utf-8"))["dependencies"]
    found = {}
    for framework in ("net10.0", f"net10.0/{rid}"):
        for name, entry in frameworks[framework].items():
            key = name.lower()
            is_compiler = key.startswith("runtime.") and key.endswith(".microsoft.dotnet.ilcompiler")
            if entry["type"] != "Project" and key not in BUILD_ONLY and not is_compiler:
                found[key] = (name, entry["resolved"], sorted(entry.get("dependencies", {}), key=str.lower))
    return found


def runtime_packs(rid):
    """Gives the packs that are linked in: the runtime and the class libraries, of the version of the compiler that is locked."""
    frameworks = json.loads(LOCK.read_text(encoding="utf-8"))["dependencies"]
    version = frameworks["net10.0"]["Microsoft.DotNet.ILCompiler"]["resolved"]
    return [
        (f"Microsoft.NETCore.App.Runtime.NativeAOT.{rid}", version),
        (f"Microsoft.AspNetCore.App.Runtime.{rid}", version),
    ]


def package(folder, name, version):
    """Describes a package from what the package manager unpacked."""
    place = folder / name.lower() / version
    description = next(place.glob("*.nuspec"), None)
    digest = next(place.glob("*.nupkg.sha512"), None)
    if description is None or digest is None:
        fail(f"{place} is not there; publish first")
    metadata = next(iter(xml.etree.ElementTree.parse(description).getroot()))
    texts = {child.tag.rsplit("}", 1)[-1]: child for child in metadata}
    purl = f"pkg:nuget/{name}@{version}"
    component = {"type": "library", "bom-ref": purl, "name": name, "version": version}
    if "authors" in texts and texts["authors"].text:
        component["authors"] = [{"name": texts["authors"].text.strip()}]
    component["scope"] = "required"
    component["hashes"] = [{"alg": "SHA-512", "content": base64.b64decode(digest.read_text(encoding="ascii")).hex()}]
    licence = texts.get("license")
    expression = licence.text if licence is not None and licence.get("type") == "expression" else None
    if expression is None:
        fail(f"{name} {version} has no licence expression")
    component["licenses"] = [{"expression": expression}] if " " in expression else [{"license": {"id": expression}}]
    component["purl"] = purl
    return component


def file_of(folder, name):
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    return {"type": "file", "bom-ref": f"file:{name}", "name": name, "hashes": [{"alg": "SHA-256", "content": digest}]}


def sqlite_version(folder):
    """Reads SQLite's own version, which is not that of the package that carries it."""
    found = set(re.findall(rb"(?<![0-9.])(3\.\d{1,3}\.\d{1,3})(?=\0)", (folder / "libe_sqlite3.so").read_bytes()))
    if len(found) != 1:
        fail(f"libe_sqlite3.so names {len(found)} versions")
    return found.pop().decode("ascii")


def native(folder, libsodium_version):
    sqlite = sqlite_version(folder)
    return [
        {"type": "library", "bom-ref": f"pkg:generic/sqlite@{sqlite}", "name": "sqlite", "version": sqlite, "scope": "required",
         "licenses": [{"license": {"id": "blessing"}}], "purl": f"pkg:generic/sqlite@{sqlite}"},
        {"type": "library", "bom-ref": f"pkg:generic/libsodium@{libsodium_version}", "name": "libsodium", "version": libsodium_version, "scope": "required",
         "licenses": [{"license": {"id": "ISC"}}], "purl": f"pkg:generic/libsodium@{libsodium_version}"},
    ]


def bill(options):
    folder = pathlib.Path(options.binary_dir)
    packages = locked(options.rid)
    components = [package(pathlib.Path(options.packages), name, version) for name, version, _ in packages.values()]
    packs = [package(pathlib.Path(options.packages), name, version) for name, version in runtime_packs(options.rid)]
    natives = native(folder, packages["libsodium"][1])
    files = [file_of(folder, name) for name in ("clawpdp", "libe_sqlite3.so", "libsodium.so")]
    reference = {key: f"pkg:nuget/{name}@{version}" for key, (name, version, _) in packages.items()}
    itself = f"pkg:generic/clawpdp@{options.version}?arch={options.rid}"
    graph = [{"ref": itself, "dependsOn": sorted(entry["bom-ref"] for entry in files)}]
    graph.append({"ref": "file:clawpdp", "dependsOn": sorted([*reference.values(), *(pack["bom-ref"] for pack in packs)])})
    graph.append({"ref": "file:libe_sqlite3.so", "dependsOn": [natives[0]["bom-ref"]]})
    graph.append({"ref": "file:libsodium.so", "dependsOn": [natives[1]["bom-ref"]]})
    for key, (_, _, needed) in packages.items():
        graph.append({"ref": reference[key], "dependsOn": sorted({reference[name.lower()] for name in needed if name.lower() in reference})})
    time = datetime.datetime.fromtimestamp(int(options.commit_time), datetime.timezone.utc)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application", "bom-ref": itself, "name": "clawpdp", "version": options.version,
                "licenses": [{"license": {"id": "Apache-2.0"}}], "purl": itself,
                "properties": [{"name": "clawpdp:commit", "value": options.commit}, {"name": "clawpdp:platform", "value": options.rid}],
            },
        },
        "components": sorted([*components, *packs, *natives, *files], key=lambda entry: entry["bom-ref"].lower()),
        "dependencies": sorted(graph, key=lambda entry: entry["ref"].lower()),
    }


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for name in ("--binary-dir", "--rid", "--version", "--commit", "--commit-time", "--out"):
        parser.add_argument(name, required=True)
    parser.add_argument("--packages", default=os.environ.get("NUGET_PACKAGES") or str(pathlib.Path.home() / ".nuget/packages"))
    options = parser.parse_args()
    text = json.dumps(bill(options), indent=2, ensure_ascii=False) + "\n"
    pathlib.Path(options.out).write_text(text, encoding="utf-8")


main()
