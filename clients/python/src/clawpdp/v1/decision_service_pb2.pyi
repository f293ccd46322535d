from clawpdp.v1 import reason_pb2 as _reason_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

CHECK_OUTCOME_FAILED: CheckOutcome
CHECK_OUTCOME_PASSED: CheckOutcome
CHECK_OUTCOME_SKIPPED: CheckOutcome
CHECK_OUTCOME_UNSPECIFIED: CheckOutcome
CONDITION_OUTCOME_FALSE: ConditionOutcome
CONDITION_OUTCOME_TRUE: ConditionOutcome
CONDITION_OUTCOME_UNRESOLVABLE: ConditionOutcome
CONDITION_OUTCOME_UNSPECIFIED: ConditionOutcome
DESCRIPTOR: _descriptor.FileDescriptor
LOG_MODE_ASYNCHRONOUS: LogMode
LOG_MODE_DURABLE: LogMode
LOG_MODE_UNSPECIFIED: LogMode

class AllowedList(_message.Message):
    __slots__ = ["limits", "names", "patterns"]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    PATTERNS_FIELD_NUMBER: _ClassVar[int]
    limits: _containers.RepeatedCompositeFieldContainer[PolicyLimit]
    names: _containers.RepeatedScalarFieldContainer[str]
    patterns: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, names: _Optional[_Iterable[str]] = ..., patterns: _Optional[_Iterable[str]] = ..., limits: _Optional[_Iterable[_Union[PolicyLimit, _Mapping]]] = ...) -> None: ...

class AuthorizeBatchRequest(_message.Message):
    __slots__ = ["requests"]
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[AuthorizeRequest]
    def __init__(self, requests: _Optional[_Iterable[_Union[AuthorizeRequest, _Mapping]]] = ...) -> None: ...

class AuthorizeBatchResponse(_message.Message):
    __slots__ = ["responses"]
    RESPONSES_FIELD_NUMBER: _ClassVar[int]
    responses: _containers.RepeatedCompositeFieldContainer[AuthorizeResponse]
    def __init__(self, responses: _Optional[_Iterable[_Union[AuthorizeResponse, _Mapping]]] = ...) -> None: ...

class AuthorizeRequest(_message.Message):
    __slots__ = ["approvals", "args_hash_b64u", "audience", "context", "cst", "event_hash_b64u", "host", "model", "policy_hash", "provider", "request_id", "run_id", "tool"]
    class ContextEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    APPROVALS_FIELD_NUMBER: _ClassVar[int]
    ARGS_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    CST_FIELD_NUMBER: _ClassVar[int]
    EVENT_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    HOST_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    TOOL_FIELD_NUMBER: _ClassVar[int]
    approvals: _containers.RepeatedScalarFieldContainer[bytes]
    args_hash_b64u: str
    audience: str
    context: _containers.ScalarMap[str, str]
    cst: str
    event_hash_b64u: str
    host: str
    model: str
    policy_hash: str
    provider: str
    request_id: str
    run_id: str
    tool: str
    def __init__(self, cst: _Optional[str] = ..., tool: _Optional[str] = ..., model: _Optional[str] = ..., host: _Optional[str] = ..., policy_hash: _Optional[str] = ..., provider: _Optional[str] = ..., run_id: _Optional[str] = ..., event_hash_b64u: _Optional[str] = ..., args_hash_b64u: _Optional[str] = ..., context: _Optional[_Mapping[str, str]] = ..., approvals: _Optional[_Iterable[bytes]] = ..., request_id: _Optional[str] = ..., audience: _Optional[str] = ...) -> None: ...

class AuthorizeResponse(_message.Message):
    __slots__ = ["cacheable_until", "decided_at", "decision_id", "effect", "epoch", "failed_dimension", "key_view_age", "log_mode", "message", "obligations", "policy_hash_b64u", "policy_version", "reason_class", "reason_code", "request_id", "retry_after", "revocation_view_age", "statement_ids", "token_scope_hash_b64u"]
    CACHEABLE_UNTIL_FIELD_NUMBER: _ClassVar[int]
    DECIDED_AT_FIELD_NUMBER: _ClassVar[int]
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    FAILED_DIMENSION_FIELD_NUMBER: _ClassVar[int]
    KEY_VIEW_AGE_FIELD_NUMBER: _ClassVar[int]
    LOG_MODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    OBLIGATIONS_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    POLICY_VERSION_FIELD_NUMBER: _ClassVar[int]
    REASON_CLASS_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RETRY_AFTER_FIELD_NUMBER: _ClassVar[int]
    REVOCATION_VIEW_AGE_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_IDS_FIELD_NUMBER: _ClassVar[int]
    TOKEN_SCOPE_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    cacheable_until: _timestamp_pb2.Timestamp
    decided_at: _timestamp_pb2.Timestamp
    decision_id: str
    effect: _reason_pb2.Effect
    epoch: int
    failed_dimension: _reason_pb2.Dimension
    key_view_age: _duration_pb2.Duration
    log_mode: LogMode
    message: str
    obligations: _containers.RepeatedCompositeFieldContainer[_reason_pb2.Obligation]
    policy_hash_b64u: str
    policy_version: str
    reason_class: _reason_pb2.ReasonClass
    reason_code: _reason_pb2.ReasonCode
    request_id: str
    retry_after: _duration_pb2.Duration
    revocation_view_age: _duration_pb2.Duration
    statement_ids: _containers.RepeatedScalarFieldContainer[str]
    token_scope_hash_b64u: str
    def __init__(self, effect: _Optional[_Union[_reason_pb2.Effect, str]] = ..., reason_code: _Optional[_Union[_reason_pb2.ReasonCode, str]] = ..., reason_class: _Optional[_Union[_reason_pb2.ReasonClass, str]] = ..., message: _Optional[str] = ..., decision_id: _Optional[str] = ..., token_scope_hash_b64u: _Optional[str] = ..., policy_hash_b64u: _Optional[str] = ..., policy_version: _Optional[str] = ..., statement_ids: _Optional[_Iterable[str]] = ..., cacheable_until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., epoch: _Optional[int] = ..., revocation_view_age: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., key_view_age: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., obligations: _Optional[_Iterable[_Union[_reason_pb2.Obligation, _Mapping]]] = ..., request_id: _Optional[str] = ..., retry_after: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., failed_dimension: _Optional[_Union[_reason_pb2.Dimension, str]] = ..., log_mode: _Optional[_Union[LogMode, str]] = ..., decided_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class AuthorizeStreamRequest(_message.Message):
    __slots__ = ["request"]
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    request: AuthorizeRequest
    def __init__(self, request: _Optional[_Union[AuthorizeRequest, _Mapping]] = ...) -> None: ...

class AuthorizeStreamResponse(_message.Message):
    __slots__ = ["response"]
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    response: AuthorizeResponse
    def __init__(self, response: _Optional[_Union[AuthorizeResponse, _Mapping]] = ...) -> None: ...

class CheckExplanation(_message.Message):
    __slots__ = ["check", "detail", "outcome", "reason_code"]
    CHECK_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    check: str
    detail: str
    outcome: CheckOutcome
    reason_code: _reason_pb2.ReasonCode
    def __init__(self, check: _Optional[str] = ..., outcome: _Optional[_Union[CheckOutcome, str]] = ..., reason_code: _Optional[_Union[_reason_pb2.ReasonCode, str]] = ..., detail: _Optional[str] = ...) -> None: ...

class ConditionExplanation(_message.Message):
    __slots__ = ["actual", "expected", "key", "operator", "outcome", "stated_by_caller"]
    ACTUAL_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    STATED_BY_CALLER_FIELD_NUMBER: _ClassVar[int]
    actual: str
    expected: str
    key: str
    operator: str
    outcome: ConditionOutcome
    stated_by_caller: bool
    def __init__(self, operator: _Optional[str] = ..., key: _Optional[str] = ..., expected: _Optional[str] = ..., actual: _Optional[str] = ..., stated_by_caller: bool = ..., outcome: _Optional[_Union[ConditionOutcome, str]] = ...) -> None: ...

class ExplainRequest(_message.Message):
    __slots__ = ["request"]
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    request: AuthorizeRequest
    def __init__(self, request: _Optional[_Union[AuthorizeRequest, _Mapping]] = ...) -> None: ...

class ExplainResponse(_message.Message):
    __slots__ = ["answer", "checks", "policies"]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    CHECKS_FIELD_NUMBER: _ClassVar[int]
    POLICIES_FIELD_NUMBER: _ClassVar[int]
    answer: AuthorizeResponse
    checks: _containers.RepeatedCompositeFieldContainer[CheckExplanation]
    policies: _containers.RepeatedCompositeFieldContainer[PolicyExplanation]
    def __init__(self, answer: _Optional[_Union[AuthorizeResponse, _Mapping]] = ..., checks: _Optional[_Iterable[_Union[CheckExplanation, _Mapping]]] = ..., policies: _Optional[_Iterable[_Union[PolicyExplanation, _Mapping]]] = ...) -> None: ...

class ListAllowedRequest(_message.Message):
    __slots__ = ["audience", "candidates", "context", "cst", "kind", "provider"]
    class ContextEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    CST_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    audience: str
    candidates: _containers.RepeatedScalarFieldContainer[str]
    context: _containers.ScalarMap[str, str]
    cst: str
    kind: _reason_pb2.Dimension
    provider: str
    def __init__(self, cst: _Optional[str] = ..., kind: _Optional[_Union[_reason_pb2.Dimension, str]] = ..., candidates: _Optional[_Iterable[str]] = ..., provider: _Optional[str] = ..., context: _Optional[_Mapping[str, str]] = ..., audience: _Optional[str] = ...) -> None: ...

class ListAllowedResponse(_message.Message):
    __slots__ = ["allowed", "cacheable_until", "epoch", "refusal"]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    CACHEABLE_UNTIL_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    allowed: AllowedList
    cacheable_until: _timestamp_pb2.Timestamp
    epoch: int
    refusal: _reason_pb2.Refusal
    def __init__(self, allowed: _Optional[_Union[AllowedList, _Mapping]] = ..., refusal: _Optional[_Union[_reason_pb2.Refusal, _Mapping]] = ..., epoch: _Optional[int] = ..., cacheable_until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class NameCondition(_message.Message):
    __slots__ = ["all_of", "any_of", "none_of", "sid"]
    ALL_OF_FIELD_NUMBER: _ClassVar[int]
    ANY_OF_FIELD_NUMBER: _ClassVar[int]
    NONE_OF_FIELD_NUMBER: _ClassVar[int]
    SID_FIELD_NUMBER: _ClassVar[int]
    all_of: _containers.RepeatedCompositeFieldContainer[NamePattern]
    any_of: _containers.RepeatedCompositeFieldContainer[NamePattern]
    none_of: _containers.RepeatedCompositeFieldContainer[NamePattern]
    sid: str
    def __init__(self, sid: _Optional[str] = ..., any_of: _Optional[_Iterable[_Union[NamePattern, _Mapping]]] = ..., all_of: _Optional[_Iterable[_Union[NamePattern, _Mapping]]] = ..., none_of: _Optional[_Iterable[_Union[NamePattern, _Mapping]]] = ...) -> None: ...

class NamePattern(_message.Message):
    __slots__ = ["exact", "glob", "host", "matches_without_value", "model_v1", "network", "ports"]
    EXACT_FIELD_NUMBER: _ClassVar[int]
    GLOB_FIELD_NUMBER: _ClassVar[int]
    HOST_FIELD_NUMBER: _ClassVar[int]
    MATCHES_WITHOUT_VALUE_FIELD_NUMBER: _ClassVar[int]
    MODEL_V1_FIELD_NUMBER: _ClassVar[int]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    PORTS_FIELD_NUMBER: _ClassVar[int]
    exact: str
    glob: str
    host: str
    matches_without_value: bool
    model_v1: str
    network: str
    ports: PortRange
    def __init__(self, glob: _Optional[str] = ..., exact: _Optional[str] = ..., model_v1: _Optional[str] = ..., host: _Optional[str] = ..., network: _Optional[str] = ..., ports: _Optional[_Union[PortRange, _Mapping]] = ..., matches_without_value: bool = ...) -> None: ...

class PolicyExplanation(_message.Message):
    __slots__ = ["action", "dimension", "effect", "policy_hash_b64u", "policy_id", "resource", "rules", "statements"]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    DIMENSION_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    POLICY_ID_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    STATEMENTS_FIELD_NUMBER: _ClassVar[int]
    action: str
    dimension: _reason_pb2.Dimension
    effect: _reason_pb2.Effect
    policy_hash_b64u: str
    policy_id: str
    resource: str
    rules: _containers.RepeatedCompositeFieldContainer[RuleExplanation]
    statements: _containers.RepeatedCompositeFieldContainer[StatementExplanation]
    def __init__(self, policy_hash_b64u: _Optional[str] = ..., policy_id: _Optional[str] = ..., dimension: _Optional[_Union[_reason_pb2.Dimension, str]] = ..., action: _Optional[str] = ..., resource: _Optional[str] = ..., effect: _Optional[_Union[_reason_pb2.Effect, str]] = ..., statements: _Optional[_Iterable[_Union[StatementExplanation, _Mapping]]] = ..., rules: _Optional[_Iterable[_Union[RuleExplanation, _Mapping]]] = ...) -> None: ...

class PolicyLimit(_message.Message):
    __slots__ = ["allow", "deny", "policy_hash_b64u"]
    ALLOW_FIELD_NUMBER: _ClassVar[int]
    DENY_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    allow: _containers.RepeatedCompositeFieldContainer[NameCondition]
    deny: _containers.RepeatedCompositeFieldContainer[NameCondition]
    policy_hash_b64u: str
    def __init__(self, policy_hash_b64u: _Optional[str] = ..., allow: _Optional[_Iterable[_Union[NameCondition, _Mapping]]] = ..., deny: _Optional[_Iterable[_Union[NameCondition, _Mapping]]] = ...) -> None: ...

class PortRange(_message.Message):
    __slots__ = ["first", "last"]
    FIRST_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    first: int
    last: int
    def __init__(self, first: _Optional[int] = ..., last: _Optional[int] = ...) -> None: ...

class RuleExplanation(_message.Message):
    __slots__ = ["actual", "matched_entry", "member", "passed"]
    ACTUAL_FIELD_NUMBER: _ClassVar[int]
    MATCHED_ENTRY_FIELD_NUMBER: _ClassVar[int]
    MEMBER_FIELD_NUMBER: _ClassVar[int]
    PASSED_FIELD_NUMBER: _ClassVar[int]
    actual: str
    matched_entry: str
    member: str
    passed: bool
    def __init__(self, member: _Optional[str] = ..., actual: _Optional[str] = ..., matched_entry: _Optional[str] = ..., passed: bool = ...) -> None: ...

class StatementExplanation(_message.Message):
    __slots__ = ["action_matched", "conditions", "effect", "matched", "matched_resource", "sid"]
    ACTION_MATCHED_FIELD_NUMBER: _ClassVar[int]
    CONDITIONS_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    MATCHED_FIELD_NUMBER: _ClassVar[int]
    MATCHED_RESOURCE_FIELD_NUMBER: _ClassVar[int]
    SID_FIELD_NUMBER: _ClassVar[int]
    action_matched: bool
    conditions: _containers.RepeatedCompositeFieldContainer[ConditionExplanation]
    effect: _reason_pb2.Effect
    matched: bool
    matched_resource: str
    sid: str
    def __init__(self, sid: _Optional[str] = ..., effect: _Optional[_Union[_reason_pb2.Effect, str]] = ..., matched: bool = ..., action_matched: bool = ..., matched_resource: _Optional[str] = ..., conditions: _Optional[_Iterable[_Union[ConditionExplanation, _Mapping]]] = ...) -> None: ...

class WatchEpochRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class WatchEpochResponse(_message.Message):
    __slots__ = ["epoch"]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    epoch: int
    def __init__(self, epoch: _Optional[int] = ...) -> None: ...

class LogMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class CheckOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ConditionOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
