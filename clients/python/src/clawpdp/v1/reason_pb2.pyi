from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
DIMENSION_HOST: Dimension
DIMENSION_MODEL: Dimension
DIMENSION_PROVIDER: Dimension
DIMENSION_SCOPE: Dimension
DIMENSION_TOOL: Dimension
DIMENSION_UNSPECIFIED: Dimension
EFFECT_ALLOW: Effect
EFFECT_DENY: Effect
EFFECT_UNSPECIFIED: Effect
REASON_CLASS_REISSUE: ReasonClass
REASON_CLASS_REQUESTABLE: ReasonClass
REASON_CLASS_STRUCTURAL: ReasonClass
REASON_CLASS_TRANSIENT: ReasonClass
REASON_CLASS_UNSPECIFIED: ReasonClass
REASON_CODE_ACTIVATION_ROLLBACK: ReasonCode
REASON_CODE_AGENT_DID_INVALID: ReasonCode
REASON_CODE_AGENT_NOT_ALLOWED: ReasonCode
REASON_CODE_ALLOWED: ReasonCode
REASON_CODE_AUDIENCE_NOT_ALLOWED: ReasonCode
REASON_CODE_AUDIENCE_REQUIRED: ReasonCode
REASON_CODE_BUNDLE_INVALID: ReasonCode
REASON_CODE_CANONICAL_AGENT_SUB_MISMATCH: ReasonCode
REASON_CODE_CANONICAL_CHAIN_REQUIRED: ReasonCode
REASON_CODE_CAPABILITY_REQUIRES_APPROVAL: ReasonCode
REASON_CODE_CONTROLLER_DID_INVALID: ReasonCode
REASON_CODE_DECISION_MISMATCH: ReasonCode
REASON_CODE_DELEGATION_DEPTH_EXCEEDED: ReasonCode
REASON_CODE_DELEGATION_EXPIRED: ReasonCode
REASON_CODE_DELEGATION_POLICY_MISMATCH: ReasonCode
REASON_CODE_DELEGATION_REVOKED: ReasonCode
REASON_CODE_DELEGATION_SCOPE_EXCEEDED: ReasonCode
REASON_CODE_DELEGATION_SPEND_CAP_EXCEEDED: ReasonCode
REASON_CODE_EGRESS_NOT_ALLOWED: ReasonCode
REASON_CODE_EVENT_INVALID: ReasonCode
REASON_CODE_EVENT_NOT_FOUND: ReasonCode
REASON_CODE_GROUPS_INVALID: ReasonCode
REASON_CODE_GROUPS_MISSING: ReasonCode
REASON_CODE_GROUPS_OVERAGE: ReasonCode
REASON_CODE_GROUP_NOT_HELD: ReasonCode
REASON_CODE_GROUP_NOT_MAPPED: ReasonCode
REASON_CODE_HOLDER_INVALID: ReasonCode
REASON_CODE_HOLDER_REQUIRED: ReasonCode
REASON_CODE_HOST_INVALID: ReasonCode
REASON_CODE_HUMAN_APPROVAL_EXPIRED: ReasonCode
REASON_CODE_IDEMPOTENCY_KEY_REUSED: ReasonCode
REASON_CODE_IDP_KEYS_STALE: ReasonCode
REASON_CODE_IDP_UNAVAILABLE: ReasonCode
REASON_CODE_ID_JAG_CLIENT_MISMATCH: ReasonCode
REASON_CODE_ID_JAG_USED: ReasonCode
REASON_CODE_ID_TOKEN_BAD_AUDIENCE: ReasonCode
REASON_CODE_ID_TOKEN_BAD_AZP: ReasonCode
REASON_CODE_ID_TOKEN_EXPIRED: ReasonCode
REASON_CODE_ID_TOKEN_INVALID_CLAIMS: ReasonCode
REASON_CODE_ID_TOKEN_ISSUER_UNKNOWN: ReasonCode
REASON_CODE_ID_TOKEN_MALFORMED: ReasonCode
REASON_CODE_ID_TOKEN_NOT_YET_VALID: ReasonCode
REASON_CODE_ID_TOKEN_REQUIRED: ReasonCode
REASON_CODE_ID_TOKEN_SIGNATURE_INVALID: ReasonCode
REASON_CODE_ID_TOKEN_TOO_OLD: ReasonCode
REASON_CODE_ID_TOKEN_UNKNOWN_KID: ReasonCode
REASON_CODE_ID_TOKEN_UNSUPPORTED_ALG: ReasonCode
REASON_CODE_INTERNAL_ERROR: ReasonCode
REASON_CODE_INVALID_TOKEN_HASH: ReasonCode
REASON_CODE_INVALID_TTL: ReasonCode
REASON_CODE_LEDGER_UNAVAILABLE: ReasonCode
REASON_CODE_LOG_UNAVAILABLE: ReasonCode
REASON_CODE_MODEL_INVALID: ReasonCode
REASON_CODE_MODEL_NOT_ALLOWED: ReasonCode
REASON_CODE_NOT_SUPPORTED: ReasonCode
REASON_CODE_OVERLOADED: ReasonCode
REASON_CODE_OWNER_DID_INVALID: ReasonCode
REASON_CODE_POLICY_HASH_INVALID: ReasonCode
REASON_CODE_POLICY_HASH_MISMATCH: ReasonCode
REASON_CODE_POLICY_MISSING: ReasonCode
REASON_CODE_POLICY_MODEL_IDENTITY_TIER_TOO_LOW: ReasonCode
REASON_CODE_POLICY_MODEL_NOT_ALLOWED: ReasonCode
REASON_CODE_POLICY_MODEL_REQUIRED: ReasonCode
REASON_CODE_POLICY_PIN_CONFLICT: ReasonCode
REASON_CODE_POLICY_PROVIDER_NOT_ALLOWED: ReasonCode
REASON_CODE_POLICY_VIOLATION: ReasonCode
REASON_CODE_RECEIPT_INVALID: ReasonCode
REASON_CODE_RECEIPT_NOT_FOUND: ReasonCode
REASON_CODE_REQUEST_INVALID: ReasonCode
REASON_CODE_REVOCATION_NOT_PERMITTED: ReasonCode
REASON_CODE_REVOCATION_TARGET_INVALID: ReasonCode
REASON_CODE_REVOCATION_VIEW_STALE: ReasonCode
REASON_CODE_RUN_EMPTY: ReasonCode
REASON_CODE_RUN_FINISHED: ReasonCode
REASON_CODE_RUN_NOT_FOUND: ReasonCode
REASON_CODE_RUN_NOT_YOURS: ReasonCode
REASON_CODE_SCOPE_EMPTY: ReasonCode
REASON_CODE_SCOPE_ITEM_TOO_LONG: ReasonCode
REASON_CODE_SCOPE_NOT_ALLOWED: ReasonCode
REASON_CODE_SCOPE_TOO_LARGE: ReasonCode
REASON_CODE_SIGNER_UNAVAILABLE: ReasonCode
REASON_CODE_SPAN_INVALID: ReasonCode
REASON_CODE_SPEND_CAP_INVALID: ReasonCode
REASON_CODE_TOKEN_BAD_AUDIENCE: ReasonCode
REASON_CODE_TOKEN_DELEGATION_BINDING_INVALID: ReasonCode
REASON_CODE_TOKEN_DELEGATION_EXPIRED: ReasonCode
REASON_CODE_TOKEN_EXPIRED: ReasonCode
REASON_CODE_TOKEN_INSUFFICIENT_SCOPE: ReasonCode
REASON_CODE_TOKEN_INVALID_CLAIMS: ReasonCode
REASON_CODE_TOKEN_KID_EXPIRED: ReasonCode
REASON_CODE_TOKEN_MALFORMED: ReasonCode
REASON_CODE_TOKEN_NOT_YET_VALID: ReasonCode
REASON_CODE_TOKEN_PROOF_INVALID: ReasonCode
REASON_CODE_TOKEN_PROOF_REQUIRED: ReasonCode
REASON_CODE_TOKEN_REQUIRED: ReasonCode
REASON_CODE_TOKEN_REVOKED: ReasonCode
REASON_CODE_TOKEN_SCOPE_HASH_MISMATCH: ReasonCode
REASON_CODE_TOKEN_SCOPE_HASH_REQUIRED: ReasonCode
REASON_CODE_TOKEN_SIGNATURE_INVALID: ReasonCode
REASON_CODE_TOKEN_UNKNOWN_KID: ReasonCode
REASON_CODE_TOKEN_UNKNOWN_VERSION: ReasonCode
REASON_CODE_TOKEN_UNSUPPORTED_ALG: ReasonCode
REASON_CODE_TOOL_INVALID: ReasonCode
REASON_CODE_TOOL_NOT_ALLOWED: ReasonCode
REASON_CODE_UNSPECIFIED: ReasonCode
REASON_CODE_WPC_ENVELOPE_INVALID: ReasonCode
REASON_CODE_WPC_INVALID: ReasonCode
REASON_CODE_WPC_NOT_FOUND: ReasonCode
REASON_CODE_WPC_PARENT_UNRESOLVED: ReasonCode
REASON_CODE_WPC_SIGNATURE_INVALID: ReasonCode
REASON_CODE_WPC_SIGNER_NOT_ALLOWED: ReasonCode

class ApprovalObligation(_message.Message):
    __slots__ = ["action_digest_b64u", "policy_hash_b64u", "statement_ids", "summary", "token_scope_hash_b64u"]
    ACTION_DIGEST_B64U_FIELD_NUMBER: _ClassVar[int]
    POLICY_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_IDS_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    TOKEN_SCOPE_HASH_B64U_FIELD_NUMBER: _ClassVar[int]
    action_digest_b64u: str
    policy_hash_b64u: str
    statement_ids: _containers.RepeatedScalarFieldContainer[str]
    summary: str
    token_scope_hash_b64u: str
    def __init__(self, action_digest_b64u: _Optional[str] = ..., token_scope_hash_b64u: _Optional[str] = ..., policy_hash_b64u: _Optional[str] = ..., summary: _Optional[str] = ..., statement_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class Obligation(_message.Message):
    __slots__ = ["approval"]
    APPROVAL_FIELD_NUMBER: _ClassVar[int]
    approval: ApprovalObligation
    def __init__(self, approval: _Optional[_Union[ApprovalObligation, _Mapping]] = ...) -> None: ...

class Refusal(_message.Message):
    __slots__ = ["dimension", "field", "message", "obligations", "offending_item", "reason_class", "reason_code", "retry_after", "statement_ids"]
    DIMENSION_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    OBLIGATIONS_FIELD_NUMBER: _ClassVar[int]
    OFFENDING_ITEM_FIELD_NUMBER: _ClassVar[int]
    REASON_CLASS_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    RETRY_AFTER_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_IDS_FIELD_NUMBER: _ClassVar[int]
    dimension: Dimension
    field: str
    message: str
    obligations: _containers.RepeatedCompositeFieldContainer[Obligation]
    offending_item: str
    reason_class: ReasonClass
    reason_code: ReasonCode
    retry_after: _duration_pb2.Duration
    statement_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, reason_code: _Optional[_Union[ReasonCode, str]] = ..., reason_class: _Optional[_Union[ReasonClass, str]] = ..., message: _Optional[str] = ..., field: _Optional[str] = ..., offending_item: _Optional[str] = ..., retry_after: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., dimension: _Optional[_Union[Dimension, str]] = ..., statement_ids: _Optional[_Iterable[str]] = ..., obligations: _Optional[_Iterable[_Union[Obligation, _Mapping]]] = ...) -> None: ...

class Effect(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ReasonClass(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class Dimension(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ReasonCode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
