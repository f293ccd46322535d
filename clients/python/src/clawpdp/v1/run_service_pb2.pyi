from clawpdp.v1 import reason_pb2 as _reason_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AppendEventRequest(_message.Message):
    __slots__ = ["cst", "event_id", "event_type", "payload_hash_b64u", "run_id", "timestamp"]
    CST_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    cst: str
    event_id: str
    event_type: str
    payload_hash_b64u: str
    run_id: str
    timestamp: str
    def __init__(self, cst: _Optional[str] = ..., run_id: _Optional[str] = ..., event_id: _Optional[str] = ..., event_type: _Optional[str] = ..., timestamp: _Optional[str] = ..., payload_hash_b64u: _Optional[str] = ...) -> None: ...

class AppendEventResponse(_message.Message):
    __slots__ = ["event", "refusal", "replayed"]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    event: RunEvent
    refusal: _reason_pb2.Refusal
    replayed: bool
    def __init__(self, event: _Optional[_Union[RunEvent, _Mapping]] = ..., refusal: _Optional[_Union[_reason_pb2.Refusal, _Mapping]] = ..., replayed: bool = ...) -> None: ...

class FinishRunRequest(_message.Message):
    __slots__ = ["cst", "run_id"]
    CST_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    cst: str
    run_id: str
    def __init__(self, cst: _Optional[str] = ..., run_id: _Optional[str] = ...) -> None: ...

class FinishRunResponse(_message.Message):
    __slots__ = ["refusal", "replayed", "run"]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    refusal: _reason_pb2.Refusal
    replayed: bool
    run: Run
    def __init__(self, run: _Optional[_Union[Run, _Mapping]] = ..., refusal: _Optional[_Union[_reason_pb2.Refusal, _Mapping]] = ..., replayed: bool = ...) -> None: ...

class GetRunRequest(_message.Message):
    __slots__ = ["run_id", "segment"]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    run_id: str
    segment: int
    def __init__(self, run_id: _Optional[str] = ..., segment: _Optional[int] = ...) -> None: ...

class GetRunResponse(_message.Message):
    __slots__ = ["events", "refusal", "run"]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[RunEvent]
    refusal: _reason_pb2.Refusal
    run: Run
    def __init__(self, run: _Optional[_Union[Run, _Mapping]] = ..., refusal: _Optional[_Union[_reason_pb2.Refusal, _Mapping]] = ..., events: _Optional[_Iterable[_Union[RunEvent, _Mapping]]] = ...) -> None: ...

class Run(_message.Message):
    __slots__ = ["agent_did", "decision_count", "event_count", "finished_at", "last_event_hash_b64u", "receipt_count", "refusal_count", "run_id", "segment_count", "started_at"]
    AGENT_DID_FIELD_NUMBER: _ClassVar[int]
    DECISION_COUNT_FIELD_NUMBER: _ClassVar[int]
    EVENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    FINISHED_AT_FIELD_NUMBER: _ClassVar[int]
    LAST_EVENT_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_COUNT_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    agent_did: str
    decision_count: int
    event_count: int
    finished_at: _timestamp_pb2.Timestamp
    last_event_hash_b64u: str
    receipt_count: int
    refusal_count: int
    run_id: str
    segment_count: int
    started_at: _timestamp_pb2.Timestamp
    def __init__(self, run_id: _Optional[str] = ..., agent_did: _Optional[str] = ..., started_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., finished_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., event_count: _Optional[int] = ..., segment_count: _Optional[int] = ..., last_event_hash_b64u: _Optional[str] = ..., receipt_count: _Optional[int] = ..., decision_count: _Optional[int] = ..., refusal_count: _Optional[int] = ...) -> None: ...

class RunEvent(_message.Message):
    __slots__ = ["event_hash_b64u", "event_id", "event_type", "index", "payload_hash_b64u", "prev_hash_b64u", "run_id", "segment", "sequence", "timestamp"]
    EVENT_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    PREV_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    event_hash_b64u: str
    event_id: str
    event_type: str
    index: int
    payload_hash_b64u: str
    prev_hash_b64u: str
    run_id: str
    segment: int
    sequence: int
    timestamp: str
    def __init__(self, event_id: _Optional[str] = ..., run_id: _Optional[str] = ..., event_type: _Optional[str] = ..., timestamp: _Optional[str] = ..., payload_hash_b64u: _Optional[str] = ..., prev_hash_b64u: _Optional[str] = ..., event_hash_b64u: _Optional[str] = ..., segment: _Optional[int] = ..., index: _Optional[int] = ..., sequence: _Optional[int] = ...) -> None: ...

class StartRunRequest(_message.Message):
    __slots__ = ["cst", "run_id"]
    CST_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    cst: str
    run_id: str
    def __init__(self, cst: _Optional[str] = ..., run_id: _Optional[str] = ...) -> None: ...

class StartRunResponse(_message.Message):
    __slots__ = ["refusal", "replayed", "run"]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    refusal: _reason_pb2.Refusal
    replayed: bool
    run: Run
    def __init__(self, run: _Optional[_Union[Run, _Mapping]] = ..., refusal: _Optional[_Union[_reason_pb2.Refusal, _Mapping]] = ..., replayed: bool = ...) -> None: ...
