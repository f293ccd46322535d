from clawpdp.v1 import reason_pb2 as _reason_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateAgentKeyRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class CreateAgentKeyResponse(_message.Message):
    __slots__ = ["agent_did", "refusal"]
    AGENT_DID_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    agent_did: str
    refusal: _reason_pb2.Refusal
    def __init__(self, agent_did: _Optional[str] = ..., refusal: _Optional[_Union[_reason_pb2.Refusal, _Mapping]] = ...) -> None: ...

class ExportRunRequest(_message.Message):
    __slots__ = ["run_id", "signed_bundles"]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    SIGNED_BUNDLES_FIELD_NUMBER: _ClassVar[int]
    run_id: str
    signed_bundles: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, run_id: _Optional[str] = ..., signed_bundles: _Optional[_Iterable[bytes]] = ...) -> None: ...

class ExportRunResponse(_message.Message):
    __slots__ = ["file", "refusal", "unsigned_bundle"]
    FILE_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    UNSIGNED_BUNDLE_FIELD_NUMBER: _ClassVar[int]
    file: FilePiece
    refusal: _reason_pb2.Refusal
    unsigned_bundle: UnsignedBundle
    def __init__(self, file: _Optional[_Union[FilePiece, _Mapping]] = ..., unsigned_bundle: _Optional[_Union[UnsignedBundle, _Mapping]] = ..., refusal: _Optional[_Union[_reason_pb2.Refusal, _Mapping]] = ...) -> None: ...

class FilePiece(_message.Message):
    __slots__ = ["content", "is_last", "name"]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    IS_LAST_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    is_last: bool
    name: str
    def __init__(self, name: _Optional[str] = ..., content: _Optional[bytes] = ..., is_last: bool = ...) -> None: ...

class UnsignedBundle(_message.Message):
    __slots__ = ["agent_did", "payload_hash_b64u", "payload_json", "segment"]
    AGENT_DID_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_JSON_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    agent_did: str
    payload_hash_b64u: str
    payload_json: bytes
    segment: int
    def __init__(self, segment: _Optional[int] = ..., payload_json: _Optional[bytes] = ..., payload_hash_b64u: _Optional[str] = ..., agent_did: _Optional[str] = ...) -> None: ...
