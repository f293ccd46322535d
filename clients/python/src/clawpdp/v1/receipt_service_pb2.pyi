from clawpdp.v1 import reason_pb2 as _reason_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
EFFECT_CLASS_EXTERNAL_API_WRITE: EffectClass
EFFECT_CLASS_FILESYSTEM_WRITE: EffectClass
EFFECT_CLASS_NETWORK_EGRESS: EffectClass
EFFECT_CLASS_UNSPECIFIED: EffectClass
PHASE_EXECUTION: Phase
PHASE_OBSERVATION: Phase
PHASE_PLANNING: Phase
PHASE_REASONING: Phase
PHASE_REFLECTION: Phase
PHASE_SETUP: Phase
PHASE_TEARDOWN: Phase
PHASE_UNSPECIFIED: Phase
RECEIPT_TYPE_DELEGATION: ReceiptType
RECEIPT_TYPE_GATEWAY: ReceiptType
RECEIPT_TYPE_HUMAN_APPROVAL: ReceiptType
RECEIPT_TYPE_SIDE_EFFECT: ReceiptType
RECEIPT_TYPE_TOOL: ReceiptType
RECEIPT_TYPE_UNSPECIFIED: ReceiptType
RESULT_STATUS_DENIED: ResultStatus
RESULT_STATUS_ERROR: ResultStatus
RESULT_STATUS_SUCCESS: ResultStatus
RESULT_STATUS_TIMEOUT: ResultStatus
RESULT_STATUS_UNSPECIFIED: ResultStatus

class GetReceiptRequest(_message.Message):
    __slots__ = ["receipt_id", "run_nonce"]
    RECEIPT_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_NONCE_FIELD_NUMBER: _ClassVar[int]
    receipt_id: str
    run_nonce: RunNonce
    def __init__(self, receipt_id: _Optional[str] = ..., run_nonce: _Optional[_Union[RunNonce, _Mapping]] = ...) -> None: ...

class GetReceiptResponse(_message.Message):
    __slots__ = ["receipt", "refusal"]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    receipt: SignedReceipt
    refusal: _reason_pb2.Refusal
    def __init__(self, receipt: _Optional[_Union[SignedReceipt, _Mapping]] = ..., refusal: _Optional[_Union[_reason_pb2.Refusal, _Mapping]] = ...) -> None: ...

class ModelCall(_message.Message):
    __slots__ = ["latency_ms", "model", "provider", "request_hash_b64u", "response_hash_b64u", "tokens_input", "tokens_output"]
    LATENCY_MS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    RESPONSE_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    TOKENS_INPUT_FIELD_NUMBER: _ClassVar[int]
    TOKENS_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    latency_ms: int
    model: str
    provider: str
    request_hash_b64u: str
    response_hash_b64u: str
    tokens_input: int
    tokens_output: int
    def __init__(self, provider: _Optional[str] = ..., model: _Optional[str] = ..., request_hash_b64u: _Optional[str] = ..., response_hash_b64u: _Optional[str] = ..., tokens_input: _Optional[int] = ..., tokens_output: _Optional[int] = ..., latency_ms: _Optional[int] = ...) -> None: ...

class RunNonce(_message.Message):
    __slots__ = ["nonce", "run_id"]
    NONCE_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    nonce: str
    run_id: str
    def __init__(self, run_id: _Optional[str] = ..., nonce: _Optional[str] = ...) -> None: ...

class SideEffect(_message.Message):
    __slots__ = ["bytes_written", "capability_id", "effect_class", "host", "latency_ms", "request_hash_b64u", "response_hash_b64u", "response_status", "target_hash_b64u", "target_text", "tool_name", "vendor_id"]
    BYTES_WRITTEN_FIELD_NUMBER: _ClassVar[int]
    CAPABILITY_ID_FIELD_NUMBER: _ClassVar[int]
    EFFECT_CLASS_FIELD_NUMBER: _ClassVar[int]
    HOST_FIELD_NUMBER: _ClassVar[int]
    LATENCY_MS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    RESPONSE_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    RESPONSE_STATUS_FIELD_NUMBER: _ClassVar[int]
    TARGET_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    TARGET_TEXT_FIELD_NUMBER: _ClassVar[int]
    TOOL_NAME_FIELD_NUMBER: _ClassVar[int]
    VENDOR_ID_FIELD_NUMBER: _ClassVar[int]
    bytes_written: int
    capability_id: str
    effect_class: EffectClass
    host: str
    latency_ms: int
    request_hash_b64u: str
    response_hash_b64u: str
    response_status: ResultStatus
    target_hash_b64u: str
    target_text: str
    tool_name: str
    vendor_id: str
    def __init__(self, effect_class: _Optional[_Union[EffectClass, str]] = ..., host: _Optional[str] = ..., tool_name: _Optional[str] = ..., target_text: _Optional[str] = ..., target_hash_b64u: _Optional[str] = ..., request_hash_b64u: _Optional[str] = ..., response_hash_b64u: _Optional[str] = ..., vendor_id: _Optional[str] = ..., response_status: _Optional[_Union[ResultStatus, str]] = ..., latency_ms: _Optional[int] = ..., bytes_written: _Optional[int] = ..., capability_id: _Optional[str] = ...) -> None: ...

class SignReceiptBatchRequest(_message.Message):
    __slots__ = ["requests"]
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[SignReceiptRequest]
    def __init__(self, requests: _Optional[_Iterable[_Union[SignReceiptRequest, _Mapping]]] = ...) -> None: ...

class SignReceiptBatchResponse(_message.Message):
    __slots__ = ["responses"]
    RESPONSES_FIELD_NUMBER: _ClassVar[int]
    responses: _containers.RepeatedCompositeFieldContainer[SignReceiptResponse]
    def __init__(self, responses: _Optional[_Iterable[_Union[SignReceiptResponse, _Mapping]]] = ...) -> None: ...

class SignReceiptRequest(_message.Message):
    __slots__ = ["approvals", "audience", "context", "cst", "decision_id", "event_hash_b64u", "event_type", "model_call", "nonce", "parent_span_id", "phase", "policy_hash", "run_id", "side_effect", "span_id", "tool_call", "tool_span_id"]
    class ContextEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    APPROVALS_FIELD_NUMBER: _ClassVar[int]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    CST_FIELD_NUMBER: _ClassVar[int]
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    EVENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    MODEL_CALL_FIELD_NUMBER: _ClassVar[int]
    NONCE_FIELD_NUMBER: _ClassVar[int]
    PARENT_SPAN_ID_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    SIDE_EFFECT_FIELD_NUMBER: _ClassVar[int]
    SPAN_ID_FIELD_NUMBER: _ClassVar[int]
    TOOL_CALL_FIELD_NUMBER: _ClassVar[int]
    TOOL_SPAN_ID_FIELD_NUMBER: _ClassVar[int]
    approvals: _containers.RepeatedScalarFieldContainer[bytes]
    audience: str
    context: _containers.ScalarMap[str, str]
    cst: str
    decision_id: str
    event_hash_b64u: str
    event_type: str
    model_call: ModelCall
    nonce: str
    parent_span_id: str
    phase: Phase
    policy_hash: str
    run_id: str
    side_effect: SideEffect
    span_id: str
    tool_call: ToolCall
    tool_span_id: str
    def __init__(self, cst: _Optional[str] = ..., run_id: _Optional[str] = ..., event_hash_b64u: _Optional[str] = ..., nonce: _Optional[str] = ..., decision_id: _Optional[str] = ..., policy_hash: _Optional[str] = ..., model_call: _Optional[_Union[ModelCall, _Mapping]] = ..., tool_call: _Optional[_Union[ToolCall, _Mapping]] = ..., side_effect: _Optional[_Union[SideEffect, _Mapping]] = ..., span_id: _Optional[str] = ..., parent_span_id: _Optional[str] = ..., tool_span_id: _Optional[str] = ..., phase: _Optional[_Union[Phase, str]] = ..., approvals: _Optional[_Iterable[bytes]] = ..., context: _Optional[_Mapping[str, str]] = ..., event_type: _Optional[str] = ..., audience: _Optional[str] = ...) -> None: ...

class SignReceiptResponse(_message.Message):
    __slots__ = ["epoch", "receipt", "refusal", "replayed"]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    epoch: int
    receipt: SignedReceipt
    refusal: _reason_pb2.Refusal
    replayed: bool
    def __init__(self, receipt: _Optional[_Union[SignedReceipt, _Mapping]] = ..., refusal: _Optional[_Union[_reason_pb2.Refusal, _Mapping]] = ..., replayed: bool = ..., epoch: _Optional[int] = ...) -> None: ...

class SignedReceipt(_message.Message):
    __slots__ = ["decision_id", "envelope_json", "event_hash_b64u", "nonce", "payload_hash_b64u", "policy_hash_b64u", "receipt_id", "receipt_type", "run_id", "sequence", "signed_at", "signer_did", "span_id", "token_scope_hash_b64u"]
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    ENVELOPE_JSON_FIELD_NUMBER: _ClassVar[int]
    EVENT_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    NONCE_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_ID_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_TYPE_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    SIGNED_AT_FIELD_NUMBER: _ClassVar[int]
    SIGNER_DID_FIELD_NUMBER: _ClassVar[int]
    SPAN_ID_FIELD_NUMBER: _ClassVar[int]
    TOKEN_SCOPE_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    decision_id: str
    envelope_json: bytes
    event_hash_b64u: str
    nonce: str
    payload_hash_b64u: str
    policy_hash_b64u: str
    receipt_id: str
    receipt_type: ReceiptType
    run_id: str
    sequence: int
    signed_at: _timestamp_pb2.Timestamp
    signer_did: str
    span_id: str
    token_scope_hash_b64u: str
    def __init__(self, receipt_id: _Optional[str] = ..., receipt_type: _Optional[_Union[ReceiptType, str]] = ..., envelope_json: _Optional[bytes] = ..., payload_hash_b64u: _Optional[str] = ..., sequence: _Optional[int] = ..., signed_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., run_id: _Optional[str] = ..., nonce: _Optional[str] = ..., decision_id: _Optional[str] = ..., signer_did: _Optional[str] = ..., token_scope_hash_b64u: _Optional[str] = ..., policy_hash_b64u: _Optional[str] = ..., event_hash_b64u: _Optional[str] = ..., span_id: _Optional[str] = ...) -> None: ...

class ToolCall(_message.Message):
    __slots__ = ["args_hash_b64u", "latency_ms", "result_hash_b64u", "result_status", "tool_name", "tool_version"]
    ARGS_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    LATENCY_MS_FIELD_NUMBER: _ClassVar[int]
    RESULT_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    RESULT_STATUS_FIELD_NUMBER: _ClassVar[int]
    TOOL_NAME_FIELD_NUMBER: _ClassVar[int]
    TOOL_VERSION_FIELD_NUMBER: _ClassVar[int]
    args_hash_b64u: str
    latency_ms: int
    result_hash_b64u: str
    result_status: ResultStatus
    tool_name: str
    tool_version: str
    def __init__(self, tool_name: _Optional[str] = ..., tool_version: _Optional[str] = ..., args_hash_b64u: _Optional[str] = ..., result_hash_b64u: _Optional[str] = ..., result_status: _Optional[_Union[ResultStatus, str]] = ..., latency_ms: _Optional[int] = ...) -> None: ...

class VerificationCheck(_message.Message):
    __slots__ = ["detail", "name", "passed"]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PASSED_FIELD_NUMBER: _ClassVar[int]
    detail: str
    name: str
    passed: bool
    def __init__(self, name: _Optional[str] = ..., passed: bool = ..., detail: _Optional[str] = ...) -> None: ...

class VerifyReceiptRequest(_message.Message):
    __slots__ = ["envelope_json", "trusted_signer_dids"]
    ENVELOPE_JSON_FIELD_NUMBER: _ClassVar[int]
    TRUSTED_SIGNER_DIDS_FIELD_NUMBER: _ClassVar[int]
    envelope_json: bytes
    trusted_signer_dids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, envelope_json: _Optional[bytes] = ..., trusted_signer_dids: _Optional[_Iterable[str]] = ...) -> None: ...

class VerifyReceiptResponse(_message.Message):
    __slots__ = ["checks", "code", "field", "message", "receipt_id", "receipt_type", "signer_did", "valid"]
    CHECKS_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_ID_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_TYPE_FIELD_NUMBER: _ClassVar[int]
    SIGNER_DID_FIELD_NUMBER: _ClassVar[int]
    VALID_FIELD_NUMBER: _ClassVar[int]
    checks: _containers.RepeatedCompositeFieldContainer[VerificationCheck]
    code: str
    field: str
    message: str
    receipt_id: str
    receipt_type: ReceiptType
    signer_did: str
    valid: bool
    def __init__(self, valid: bool = ..., code: _Optional[str] = ..., field: _Optional[str] = ..., message: _Optional[str] = ..., signer_did: _Optional[str] = ..., receipt_type: _Optional[_Union[ReceiptType, str]] = ..., checks: _Optional[_Iterable[_Union[VerificationCheck, _Mapping]]] = ..., receipt_id: _Optional[str] = ...) -> None: ...

class EffectClass(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ResultStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class Phase(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ReceiptType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
