"""Holds our subset of foreign protos to the originals: every message, field, enum value and method that we have is theirs, alike.

usage: same_wire.py OURS THEIRS    (two file descriptor sets)
"""

import sys

from google.protobuf import descriptor_pb2


def read(path):
    """All there is, by full name; of a field what the wire and JSON know of it."""
    files = descriptor_pb2.FileDescriptorSet()
    with open(path, "rb") as file:
        files.ParseFromString(file.read())
    found = {}

    def message(prefix, item):
        name = prefix + "." + item.name
        found[name] = "message"
        for field in item.field:
            oneof = item.oneof_decl[field.oneof_index].name if field.HasField("oneof_index") else ""
            found[name + ":" + field.name] = (field.number, field.type, field.label, field.type_name, oneof)
        for nested in item.nested_type:
            message(name, nested)
        for nested in item.enum_type:
            enum(name, nested)

    def enum(prefix, item):
        found.update({f"{prefix}.{item.name}:{value.name}": value.number for value in item.value})

    for file in files.file:
        if file.package.startswith("google.protobuf"):
            continue
        for item in file.message_type:
            message("." + file.package, item)
        for item in file.enum_type:
            enum("." + file.package, item)
        for service in file.service:
            for method in service.method:
                found[f".{file.package}.{service.name}/{method.name}"] = (method.input_type, method.output_type, method.client_streaming, method.server_streaming)
    return found


OURS, THEIRS = read(sys.argv[1]), read(sys.argv[2])
DIFFERENT = {name: (what, THEIRS.get(name)) for name, what in OURS.items() if THEIRS.get(name) != what}
assert not DIFFERENT, DIFFERENT
assert len(OURS) > 80, len(OURS)
print("same", len(OURS))
