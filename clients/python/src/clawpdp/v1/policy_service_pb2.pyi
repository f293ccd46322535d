from clawpdp.v1 import reason_pb2 as _reason_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ActivatePolicyRequest(_message.Message):
    __slots__ = ["activation_number", "audience", "dry_run", "overlap", "policy_hash_b64u", "reason"]
    ACTIVATION_NUMBER_FIELD_NUMBER: _ClassVar[int]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    activation_number: int
    audience: str
    dry_run: bool
    overlap: _duration_pb2.Duration
    policy_hash_b64u: str
    reason: str
    def __init__(self, policy_hash_b64u: _Optional[str] = ..., audience: _Optional[str] = ..., activation_number: _Optional[int] = ..., overlap: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., dry_run: bool = ..., reason: _Optional[str] = ...) -> None: ...

class ActivatePolicyResponse(_message.Message):
    __slots__ = ["activated", "epoch", "preview", "refusal"]
    ACTIVATED_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    PREVIEW_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    activated: ActivePolicy
    epoch: int
    preview: ActivationPreview
    refusal: _reason_pb2.Refusal
    def __init__(self, activated: _Optional[_Union[ActivePolicy, _Mapping]] = ..., preview: _Optional[_Union[ActivationPreview, _Mapping]] = ..., refusal: _Optional[_Union[_reason_pb2.Refusal, _Mapping]] = ..., epoch: _Optional[int] = ...) -> None: ...

class Activation(_message.Message):
    __slots__ = ["activated_at", "activation_number", "audience", "overlap_until", "policy_hash_b64u", "previous_policy_hash_b64u", "reason", "source"]
    ACTIVATED_AT_FIELD_NUMBER: _ClassVar[int]
    ACTIVATION_NUMBER_FIELD_NUMBER: _ClassVar[int]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_UNTIL_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    activated_at: _timestamp_pb2.Timestamp
    activation_number: int
    audience: str
    overlap_until: _timestamp_pb2.Timestamp
    policy_hash_b64u: str
    previous_policy_hash_b64u: str
    reason: str
    source: str
    def __init__(self, activation_number: _Optional[int] = ..., policy_hash_b64u: _Optional[str] = ..., audience: _Optional[str] = ..., previous_policy_hash_b64u: _Optional[str] = ..., activated_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., overlap_until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class ActivationPreview(_message.Message):
    __slots__ = ["active_policy_hash_b64u", "already_active", "live_token_count", "next_activation_number", "stranded", "stranded_token_count"]
    ACTIVE_POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    ALREADY_ACTIVE_FIELD_NUMBER: _ClassVar[int]
    LIVE_TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    NEXT_ACTIVATION_NUMBER_FIELD_NUMBER: _ClassVar[int]
    STRANDED_FIELD_NUMBER: _ClassVar[int]
    STRANDED_TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    active_policy_hash_b64u: str
    already_active: bool
    live_token_count: int
    next_activation_number: int
    stranded: _containers.RepeatedCompositeFieldContainer[StrandedTokens]
    stranded_token_count: int
    def __init__(self, active_policy_hash_b64u: _Optional[str] = ..., next_activation_number: _Optional[int] = ..., live_token_count: _Optional[int] = ..., stranded_token_count: _Optional[int] = ..., stranded: _Optional[_Iterable[_Union[StrandedTokens, _Mapping]]] = ..., already_active: bool = ...) -> None: ...

class ActivePolicy(_message.Message):
    __slots__ = ["activated_at", "activation_number", "audience", "envelope_json", "overlap_until", "policy", "previous_policy_hash_b64u"]
    ACTIVATED_AT_FIELD_NUMBER: _ClassVar[int]
    ACTIVATION_NUMBER_FIELD_NUMBER: _ClassVar[int]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    ENVELOPE_JSON_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_UNTIL_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    activated_at: _timestamp_pb2.Timestamp
    activation_number: int
    audience: str
    envelope_json: bytes
    overlap_until: _timestamp_pb2.Timestamp
    policy: Policy
    previous_policy_hash_b64u: str
    def __init__(self, policy: _Optional[_Union[Policy, _Mapping]] = ..., envelope_json: _Optional[bytes] = ..., activated_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., activation_number: _Optional[int] = ..., audience: _Optional[str] = ..., previous_policy_hash_b64u: _Optional[str] = ..., overlap_until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetActivePolicyRequest(_message.Message):
    __slots__ = ["audience"]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    audience: str
    def __init__(self, audience: _Optional[str] = ...) -> None: ...

class GetActivePolicyResponse(_message.Message):
    __slots__ = ["active", "epoch", "refusal"]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    active: ActivePolicy
    epoch: int
    refusal: _reason_pb2.Refusal
    def __init__(self, active: _Optional[_Union[ActivePolicy, _Mapping]] = ..., refusal: _Optional[_Union[_reason_pb2.Refusal, _Mapping]] = ..., epoch: _Optional[int] = ...) -> None: ...

class GetShadowReportRequest(_message.Message):
    __slots__ = ["audience"]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    audience: str
    def __init__(self, audience: _Optional[str] = ...) -> None: ...

class GetShadowReportResponse(_message.Message):
    __slots__ = ["agreed_count", "compared_count", "differences", "shadowed"]
    AGREED_COUNT_FIELD_NUMBER: _ClassVar[int]
    COMPARED_COUNT_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    SHADOWED_FIELD_NUMBER: _ClassVar[int]
    agreed_count: int
    compared_count: int
    differences: _containers.RepeatedCompositeFieldContainer[ShadowDifference]
    shadowed: ShadowedPolicy
    def __init__(self, shadowed: _Optional[_Union[ShadowedPolicy, _Mapping]] = ..., compared_count: _Optional[int] = ..., agreed_count: _Optional[int] = ..., differences: _Optional[_Iterable[_Union[ShadowDifference, _Mapping]]] = ...) -> None: ...

class ListActivationsRequest(_message.Message):
    __slots__ = ["page_size", "page_token"]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListActivationsResponse(_message.Message):
    __slots__ = ["activations", "next_page_token"]
    ACTIVATIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    activations: _containers.RepeatedCompositeFieldContainer[Activation]
    next_page_token: str
    def __init__(self, activations: _Optional[_Iterable[_Union[Activation, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListPoliciesRequest(_message.Message):
    __slots__ = ["page_size", "page_token"]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListPoliciesResponse(_message.Message):
    __slots__ = ["next_page_token", "policies"]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    POLICIES_FIELD_NUMBER: _ClassVar[int]
    next_page_token: str
    policies: _containers.RepeatedCompositeFieldContainer[PolicySummary]
    def __init__(self, policies: _Optional[_Iterable[_Union[PolicySummary, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class Policy(_message.Message):
    __slots__ = ["format_version", "issuer_did", "policy_hash_b64u", "policy_id", "policy_version", "signer_did"]
    FORMAT_VERSION_FIELD_NUMBER: _ClassVar[int]
    ISSUER_DID_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    POLICY_ID_FIELD_NUMBER: _ClassVar[int]
    POLICY_VERSION_FIELD_NUMBER: _ClassVar[int]
    SIGNER_DID_FIELD_NUMBER: _ClassVar[int]
    format_version: str
    issuer_did: str
    policy_hash_b64u: str
    policy_id: str
    policy_version: str
    signer_did: str
    def __init__(self, policy_hash_b64u: _Optional[str] = ..., policy_id: _Optional[str] = ..., format_version: _Optional[str] = ..., policy_version: _Optional[str] = ..., issuer_did: _Optional[str] = ..., signer_did: _Optional[str] = ...) -> None: ...

class PolicySummary(_message.Message):
    __slots__ = ["active", "loaded_at", "policy"]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    LOADED_AT_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    active: bool
    loaded_at: _timestamp_pb2.Timestamp
    policy: Policy
    def __init__(self, policy: _Optional[_Union[Policy, _Mapping]] = ..., active: bool = ..., loaded_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class PutPolicyRequest(_message.Message):
    __slots__ = ["envelope_json"]
    ENVELOPE_JSON_FIELD_NUMBER: _ClassVar[int]
    envelope_json: bytes
    def __init__(self, envelope_json: _Optional[bytes] = ...) -> None: ...

class PutPolicyResponse(_message.Message):
    __slots__ = ["existed", "policy", "refusal"]
    EXISTED_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    existed: bool
    policy: Policy
    refusal: _reason_pb2.Refusal
    def __init__(self, policy: _Optional[_Union[Policy, _Mapping]] = ..., refusal: _Optional[_Union[_reason_pb2.Refusal, _Mapping]] = ..., existed: bool = ...) -> None: ...

class ShadowDifference(_message.Message):
    __slots__ = ["candidate_reason_code", "count", "live_reason_code", "sample_decision_id"]
    CANDIDATE_REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    LIVE_REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    candidate_reason_code: _reason_pb2.ReasonCode
    count: int
    live_reason_code: _reason_pb2.ReasonCode
    sample_decision_id: str
    def __init__(self, live_reason_code: _Optional[_Union[_reason_pb2.ReasonCode, str]] = ..., candidate_reason_code: _Optional[_Union[_reason_pb2.ReasonCode, str]] = ..., count: _Optional[int] = ..., sample_decision_id: _Optional[str] = ...) -> None: ...

class ShadowPolicyRequest(_message.Message):
    __slots__ = ["audience", "policy_hash_b64u", "sample_interval"]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    audience: str
    policy_hash_b64u: str
    sample_interval: int
    def __init__(self, policy_hash_b64u: _Optional[str] = ..., audience: _Optional[str] = ..., sample_interval: _Optional[int] = ...) -> None: ...

class ShadowPolicyResponse(_message.Message):
    __slots__ = ["refusal", "shadowed"]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    SHADOWED_FIELD_NUMBER: _ClassVar[int]
    refusal: _reason_pb2.Refusal
    shadowed: ShadowedPolicy
    def __init__(self, shadowed: _Optional[_Union[ShadowedPolicy, _Mapping]] = ..., refusal: _Optional[_Union[_reason_pb2.Refusal, _Mapping]] = ...) -> None: ...

class ShadowedPolicy(_message.Message):
    __slots__ = ["audience", "policy_hash_b64u", "sample_interval", "since"]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    audience: str
    policy_hash_b64u: str
    sample_interval: int
    since: _timestamp_pb2.Timestamp
    def __init__(self, policy_hash_b64u: _Optional[str] = ..., audience: _Optional[str] = ..., since: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., sample_interval: _Optional[int] = ...) -> None: ...

class StrandedTokens(_message.Message):
    __slots__ = ["group", "last_expires_at", "mission_id", "policy_hash_b64u", "token_count"]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    LAST_EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    MISSION_ID_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    group: str
    last_expires_at: _timestamp_pb2.Timestamp
    mission_id: str
    policy_hash_b64u: str
    token_count: int
    def __init__(self, mission_id: _Optional[str] = ..., group: _Optional[str] = ..., policy_hash_b64u: _Optional[str] = ..., token_count: _Optional[int] = ..., last_expires_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
