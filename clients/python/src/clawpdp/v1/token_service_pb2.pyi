from clawpdp.v1 import reason_pb2 as _reason_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
REVOCATION_KIND_ISSUED_BEFORE: RevocationKind
REVOCATION_KIND_KEY_ID: RevocationKind
REVOCATION_KIND_MISSION: RevocationKind
REVOCATION_KIND_OWNER: RevocationKind
REVOCATION_KIND_POLICY_HASH: RevocationKind
REVOCATION_KIND_SUBJECT: RevocationKind
REVOCATION_KIND_TOKEN_HASH: RevocationKind
REVOCATION_KIND_TOKEN_ID: RevocationKind
REVOCATION_KIND_UNSPECIFIED: RevocationKind
REVOCATION_STATUS_ALREADY_REVOKED: RevocationStatus
REVOCATION_STATUS_REVOKED: RevocationStatus
REVOCATION_STATUS_UNSPECIFIED: RevocationStatus

class CstClaims(_message.Message):
    __slots__ = ["agent_did", "audiences", "control_plane_policy_hash_b64u", "controller_did", "delegate_did", "delegation_expires_at", "delegation_id", "delegation_policy_hash_b64u", "delegation_spend_cap_minor", "delegator_did", "egress", "expires_at", "issued_at", "jti", "mission_id", "models", "owner_did", "owner_ref", "payment_account_did", "policy_hash_b64u", "scopes", "spend_cap", "subject", "token_lane", "token_scope_hash_b64u", "tools"]
    AGENT_DID_FIELD_NUMBER: _ClassVar[int]
    AUDIENCES_FIELD_NUMBER: _ClassVar[int]
    CONTROLLER_DID_FIELD_NUMBER: _ClassVar[int]
    CONTROL_PLANE_POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    DELEGATE_DID_FIELD_NUMBER: _ClassVar[int]
    DELEGATION_EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    DELEGATION_ID_FIELD_NUMBER: _ClassVar[int]
    DELEGATION_POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    DELEGATION_SPEND_CAP_MINOR_FIELD_NUMBER: _ClassVar[int]
    DELEGATOR_DID_FIELD_NUMBER: _ClassVar[int]
    EGRESS_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_FIELD_NUMBER: _ClassVar[int]
    JTI_FIELD_NUMBER: _ClassVar[int]
    MISSION_ID_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    OWNER_DID_FIELD_NUMBER: _ClassVar[int]
    OWNER_REF_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_ACCOUNT_DID_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    SPEND_CAP_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    TOKEN_LANE_FIELD_NUMBER: _ClassVar[int]
    TOKEN_SCOPE_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    TOOLS_FIELD_NUMBER: _ClassVar[int]
    agent_did: str
    audiences: _containers.RepeatedScalarFieldContainer[str]
    control_plane_policy_hash_b64u: str
    controller_did: str
    delegate_did: str
    delegation_expires_at: _timestamp_pb2.Timestamp
    delegation_id: str
    delegation_policy_hash_b64u: str
    delegation_spend_cap_minor: str
    delegator_did: str
    egress: _containers.RepeatedScalarFieldContainer[str]
    expires_at: _timestamp_pb2.Timestamp
    issued_at: _timestamp_pb2.Timestamp
    jti: str
    mission_id: str
    models: _containers.RepeatedScalarFieldContainer[str]
    owner_did: str
    owner_ref: str
    payment_account_did: str
    policy_hash_b64u: str
    scopes: _containers.RepeatedScalarFieldContainer[str]
    spend_cap: float
    subject: str
    token_lane: str
    token_scope_hash_b64u: str
    tools: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, subject: _Optional[str] = ..., audiences: _Optional[_Iterable[str]] = ..., tools: _Optional[_Iterable[str]] = ..., models: _Optional[_Iterable[str]] = ..., egress: _Optional[_Iterable[str]] = ..., scopes: _Optional[_Iterable[str]] = ..., issued_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., expires_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., owner_ref: _Optional[str] = ..., owner_did: _Optional[str] = ..., controller_did: _Optional[str] = ..., agent_did: _Optional[str] = ..., policy_hash_b64u: _Optional[str] = ..., control_plane_policy_hash_b64u: _Optional[str] = ..., token_scope_hash_b64u: _Optional[str] = ..., payment_account_did: _Optional[str] = ..., spend_cap: _Optional[float] = ..., mission_id: _Optional[str] = ..., delegation_id: _Optional[str] = ..., delegator_did: _Optional[str] = ..., delegate_did: _Optional[str] = ..., delegation_policy_hash_b64u: _Optional[str] = ..., delegation_spend_cap_minor: _Optional[str] = ..., delegation_expires_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., token_lane: _Optional[str] = ..., jti: _Optional[str] = ...) -> None: ...

class IntrospectCstRequest(_message.Message):
    __slots__ = ["token"]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    token: str
    def __init__(self, token: _Optional[str] = ...) -> None: ...

class IntrospectCstResponse(_message.Message):
    __slots__ = ["active", "claims", "epoch", "holder", "kid", "message", "reason_class", "reason_code", "revoked_at", "token_hash"]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    HOLDER_FIELD_NUMBER: _ClassVar[int]
    KID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    REASON_CLASS_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    REVOKED_AT_FIELD_NUMBER: _ClassVar[int]
    TOKEN_HASH_FIELD_NUMBER: _ClassVar[int]
    active: bool
    claims: CstClaims
    epoch: int
    holder: TokenHolder
    kid: str
    message: str
    reason_class: _reason_pb2.ReasonClass
    reason_code: _reason_pb2.ReasonCode
    revoked_at: _timestamp_pb2.Timestamp
    token_hash: str
    def __init__(self, active: bool = ..., reason_code: _Optional[_Union[_reason_pb2.ReasonCode, str]] = ..., reason_class: _Optional[_Union[_reason_pb2.ReasonClass, str]] = ..., message: _Optional[str] = ..., token_hash: _Optional[str] = ..., kid: _Optional[str] = ..., claims: _Optional[_Union[CstClaims, _Mapping]] = ..., revoked_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., epoch: _Optional[int] = ..., holder: _Optional[_Union[TokenHolder, _Mapping]] = ...) -> None: ...

class IssueCstRequest(_message.Message):
    __slots__ = ["agent_did", "audiences", "controller_did", "delegation_spend_cap_minor", "group", "holder", "id_jag", "id_token", "mission_id", "narrowing", "owner_did", "parent_cst", "policy_hash_b64u", "requested_ttl", "spend_cap", "task_description_hash_b64u"]
    AGENT_DID_FIELD_NUMBER: _ClassVar[int]
    AUDIENCES_FIELD_NUMBER: _ClassVar[int]
    CONTROLLER_DID_FIELD_NUMBER: _ClassVar[int]
    DELEGATION_SPEND_CAP_MINOR_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    HOLDER_FIELD_NUMBER: _ClassVar[int]
    ID_JAG_FIELD_NUMBER: _ClassVar[int]
    ID_TOKEN_FIELD_NUMBER: _ClassVar[int]
    MISSION_ID_FIELD_NUMBER: _ClassVar[int]
    NARROWING_FIELD_NUMBER: _ClassVar[int]
    OWNER_DID_FIELD_NUMBER: _ClassVar[int]
    PARENT_CST_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_TTL_FIELD_NUMBER: _ClassVar[int]
    SPEND_CAP_FIELD_NUMBER: _ClassVar[int]
    TASK_DESCRIPTION_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    agent_did: str
    audiences: _containers.RepeatedScalarFieldContainer[str]
    controller_did: str
    delegation_spend_cap_minor: str
    group: str
    holder: TokenHolder
    id_jag: str
    id_token: str
    mission_id: str
    narrowing: Narrowing
    owner_did: str
    parent_cst: str
    policy_hash_b64u: str
    requested_ttl: _duration_pb2.Duration
    spend_cap: float
    task_description_hash_b64u: str
    def __init__(self, id_token: _Optional[str] = ..., parent_cst: _Optional[str] = ..., id_jag: _Optional[str] = ..., agent_did: _Optional[str] = ..., audiences: _Optional[_Iterable[str]] = ..., narrowing: _Optional[_Union[Narrowing, _Mapping]] = ..., requested_ttl: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., mission_id: _Optional[str] = ..., policy_hash_b64u: _Optional[str] = ..., group: _Optional[str] = ..., owner_did: _Optional[str] = ..., controller_did: _Optional[str] = ..., spend_cap: _Optional[float] = ..., delegation_spend_cap_minor: _Optional[str] = ..., task_description_hash_b64u: _Optional[str] = ..., holder: _Optional[_Union[TokenHolder, _Mapping]] = ...) -> None: ...

class IssueCstResponse(_message.Message):
    __slots__ = ["issued", "refusal"]
    ISSUED_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    issued: IssuedCst
    refusal: _reason_pb2.Refusal
    def __init__(self, issued: _Optional[_Union[IssuedCst, _Mapping]] = ..., refusal: _Optional[_Union[_reason_pb2.Refusal, _Mapping]] = ...) -> None: ...

class IssuedCst(_message.Message):
    __slots__ = ["cst", "delegation_id", "delegation_receipt_json", "egress", "epoch", "expires_at", "holder", "issuance_id", "issuance_record_json", "issued_at", "jti", "kid", "mapping_hash_b64u", "matched_groups", "models", "owner_ref", "policy_hash_b64u", "policy_version", "scopes", "token_hash", "token_scope_hash_b64u", "tools"]
    CST_FIELD_NUMBER: _ClassVar[int]
    DELEGATION_ID_FIELD_NUMBER: _ClassVar[int]
    DELEGATION_RECEIPT_JSON_FIELD_NUMBER: _ClassVar[int]
    EGRESS_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    HOLDER_FIELD_NUMBER: _ClassVar[int]
    ISSUANCE_ID_FIELD_NUMBER: _ClassVar[int]
    ISSUANCE_RECORD_JSON_FIELD_NUMBER: _ClassVar[int]
    ISSUED_AT_FIELD_NUMBER: _ClassVar[int]
    JTI_FIELD_NUMBER: _ClassVar[int]
    KID_FIELD_NUMBER: _ClassVar[int]
    MAPPING_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    MATCHED_GROUPS_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    OWNER_REF_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    POLICY_VERSION_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    TOKEN_HASH_FIELD_NUMBER: _ClassVar[int]
    TOKEN_SCOPE_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    TOOLS_FIELD_NUMBER: _ClassVar[int]
    cst: str
    delegation_id: str
    delegation_receipt_json: bytes
    egress: _containers.RepeatedScalarFieldContainer[str]
    epoch: int
    expires_at: _timestamp_pb2.Timestamp
    holder: TokenHolder
    issuance_id: str
    issuance_record_json: bytes
    issued_at: _timestamp_pb2.Timestamp
    jti: str
    kid: str
    mapping_hash_b64u: str
    matched_groups: _containers.RepeatedScalarFieldContainer[str]
    models: _containers.RepeatedScalarFieldContainer[str]
    owner_ref: str
    policy_hash_b64u: str
    policy_version: str
    scopes: _containers.RepeatedScalarFieldContainer[str]
    token_hash: str
    token_scope_hash_b64u: str
    tools: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cst: _Optional[str] = ..., token_hash: _Optional[str] = ..., token_scope_hash_b64u: _Optional[str] = ..., kid: _Optional[str] = ..., issued_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., expires_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., tools: _Optional[_Iterable[str]] = ..., models: _Optional[_Iterable[str]] = ..., egress: _Optional[_Iterable[str]] = ..., scopes: _Optional[_Iterable[str]] = ..., policy_hash_b64u: _Optional[str] = ..., policy_version: _Optional[str] = ..., matched_groups: _Optional[_Iterable[str]] = ..., mapping_hash_b64u: _Optional[str] = ..., issuance_record_json: _Optional[bytes] = ..., issuance_id: _Optional[str] = ..., epoch: _Optional[int] = ..., jti: _Optional[str] = ..., owner_ref: _Optional[str] = ..., delegation_receipt_json: _Optional[bytes] = ..., delegation_id: _Optional[str] = ..., holder: _Optional[_Union[TokenHolder, _Mapping]] = ...) -> None: ...

class ListRevocationsRequest(_message.Message):
    __slots__ = ["cursor", "limit"]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    limit: int
    def __init__(self, limit: _Optional[int] = ..., cursor: _Optional[str] = ...) -> None: ...

class ListRevocationsResponse(_message.Message):
    __slots__ = ["cursor", "events", "list_complete", "refusal"]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    LIST_COMPLETE_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    events: _containers.RepeatedCompositeFieldContainer[RevocationEvent]
    list_complete: bool
    refusal: _reason_pb2.Refusal
    def __init__(self, events: _Optional[_Iterable[_Union[RevocationEvent, _Mapping]]] = ..., cursor: _Optional[str] = ..., list_complete: bool = ..., refusal: _Optional[_Union[_reason_pb2.Refusal, _Mapping]] = ...) -> None: ...

class Narrowing(_message.Message):
    __slots__ = ["egress", "models", "scopes", "tools"]
    EGRESS_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    TOOLS_FIELD_NUMBER: _ClassVar[int]
    egress: ScopeList
    models: ScopeList
    scopes: ScopeList
    tools: ScopeList
    def __init__(self, tools: _Optional[_Union[ScopeList, _Mapping]] = ..., models: _Optional[_Union[ScopeList, _Mapping]] = ..., egress: _Optional[_Union[ScopeList, _Mapping]] = ..., scopes: _Optional[_Union[ScopeList, _Mapping]] = ...) -> None: ...

class Revocation(_message.Message):
    __slots__ = ["epoch", "revocation_id", "revoked_at", "status"]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    REVOCATION_ID_FIELD_NUMBER: _ClassVar[int]
    REVOKED_AT_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    epoch: int
    revocation_id: str
    revoked_at: _timestamp_pb2.Timestamp
    status: RevocationStatus
    def __init__(self, status: _Optional[_Union[RevocationStatus, str]] = ..., revoked_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., revocation_id: _Optional[str] = ..., epoch: _Optional[int] = ...) -> None: ...

class RevocationEvent(_message.Message):
    __slots__ = ["expires_at", "key", "kind", "reason", "revocation_id", "revoked_at", "revoked_by", "sequence", "value"]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REVOCATION_ID_FIELD_NUMBER: _ClassVar[int]
    REVOKED_AT_FIELD_NUMBER: _ClassVar[int]
    REVOKED_BY_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    expires_at: _timestamp_pb2.Timestamp
    key: str
    kind: RevocationKind
    reason: str
    revocation_id: str
    revoked_at: _timestamp_pb2.Timestamp
    revoked_by: str
    sequence: int
    value: str
    def __init__(self, sequence: _Optional[int] = ..., key: _Optional[str] = ..., kind: _Optional[_Union[RevocationKind, str]] = ..., value: _Optional[str] = ..., revoked_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., revocation_id: _Optional[str] = ..., reason: _Optional[str] = ..., revoked_by: _Optional[str] = ..., expires_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RevokeCstRequest(_message.Message):
    __slots__ = ["issued_before", "jti", "kid", "mission_id", "owner_ref", "policy_hash_b64u", "reason", "subject", "token", "token_hash"]
    ISSUED_BEFORE_FIELD_NUMBER: _ClassVar[int]
    JTI_FIELD_NUMBER: _ClassVar[int]
    KID_FIELD_NUMBER: _ClassVar[int]
    MISSION_ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_REF_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOKEN_HASH_FIELD_NUMBER: _ClassVar[int]
    issued_before: _timestamp_pb2.Timestamp
    jti: str
    kid: str
    mission_id: str
    owner_ref: str
    policy_hash_b64u: str
    reason: str
    subject: str
    token: str
    token_hash: str
    def __init__(self, token: _Optional[str] = ..., token_hash: _Optional[str] = ..., jti: _Optional[str] = ..., subject: _Optional[str] = ..., owner_ref: _Optional[str] = ..., kid: _Optional[str] = ..., policy_hash_b64u: _Optional[str] = ..., mission_id: _Optional[str] = ..., issued_before: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class RevokeCstResponse(_message.Message):
    __slots__ = ["refusal", "revocation"]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    REVOCATION_FIELD_NUMBER: _ClassVar[int]
    refusal: _reason_pb2.Refusal
    revocation: Revocation
    def __init__(self, revocation: _Optional[_Union[Revocation, _Mapping]] = ..., refusal: _Optional[_Union[_reason_pb2.Refusal, _Mapping]] = ...) -> None: ...

class ScopeList(_message.Message):
    __slots__ = ["items"]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, items: _Optional[_Iterable[str]] = ...) -> None: ...

class TokenHolder(_message.Message):
    __slots__ = ["agent_key", "jwk_thumbprint", "peer_uid"]
    AGENT_KEY_FIELD_NUMBER: _ClassVar[int]
    JWK_THUMBPRINT_FIELD_NUMBER: _ClassVar[int]
    PEER_UID_FIELD_NUMBER: _ClassVar[int]
    agent_key: bool
    jwk_thumbprint: str
    peer_uid: int
    def __init__(self, jwk_thumbprint: _Optional[str] = ..., peer_uid: _Optional[int] = ..., agent_key: bool = ...) -> None: ...

class WatchRevocationsRequest(_message.Message):
    __slots__ = ["after_sequence"]
    AFTER_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    after_sequence: int
    def __init__(self, after_sequence: _Optional[int] = ...) -> None: ...

class WatchRevocationsResponse(_message.Message):
    __slots__ = ["complete_as_of", "events"]
    COMPLETE_AS_OF_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    complete_as_of: _timestamp_pb2.Timestamp
    events: _containers.RepeatedCompositeFieldContainer[RevocationEvent]
    def __init__(self, events: _Optional[_Iterable[_Union[RevocationEvent, _Mapping]]] = ..., complete_as_of: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RevocationKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class RevocationStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
