namespace ClawPdp.Core.Decisions;

/// <summary>Why an answer is what it is: the closed set of <c>clawpdp/v1/reason.proto</c>, with equal numbers. A code never changes its meaning.</summary>
public enum ReasonCode
{
    /// <summary>No reason was given. Means deny, with the class STRUCTURAL.</summary>
    Unspecified = 0,

    /// <summary>The action is allowed; stands only beside EFFECT_ALLOW. No class: nothing needs to be done about it.</summary>
    Allowed = 1,

    /// <summary>No CST was given. Get one with IssueCst.</summary>
    TokenRequired = 100,

    /// <summary>The CST is not three canonical, unpadded base64url parts that hold a JSON header and payload; RFC 7515. Send the token exactly as it was issued, or get a new one.</summary>
    TokenMalformed = 101,

    /// <summary>The CST's header names another algorithm than <c>EdDSA</c>. Get a token from this issuer.</summary>
    TokenUnsupportedAlg = 102,

    /// <summary>The CST names no <c>kid</c>, or one that is not in the issuer's key set. Get a new token.</summary>
    TokenUnknownKid = 103,

    /// <summary>The key that signed the CST is past its end of acceptance. Get a new token.</summary>
    TokenKidExpired = 104,

    /// <summary>The CST's Ed25519 signature does not verify. Get a new token; do not alter one.</summary>
    TokenSignatureInvalid = 105,

    /// <summary>The claim <c>token_version</c> is not <c>1</c>. Get a new token.</summary>
    TokenUnknownVersion = 106,

    /// <summary>A claim is missing, of another type or out of its range. Get a new token.</summary>
    TokenInvalidClaims = 107,

    /// <summary>None of the CST's audiences is one that this sidecar serves. Get a token for this audience.</summary>
    TokenBadAudience = 108,

    /// <summary>The CST's <c>exp</c> is now or past; no leeway is given. Get a new token.</summary>
    TokenExpired = 109,

    /// <summary>The CST's <c>iat</c> lies in the future. Retry after <c>retry_after</c>; check the clocks if it persists.</summary>
    TokenNotYetValid = 110,

    /// <summary>The CST has no <c>token_scope_hash_b64u</c>. Get a new token.</summary>
    TokenScopeHashRequired = 111,

    /// <summary>The CST's scope hash differs from the one recomputed from its claims. Get a new token.</summary>
    TokenScopeHashMismatch = 112,

    /// <summary>The CST's delegation claims are incomplete or contradict its other claims. Get a new child token from the parent.</summary>
    TokenDelegationBindingInvalid = 113,

    /// <summary>The CST's <c>delegation_expires_at</c> is now or past. Get a new child token from the parent.</summary>
    TokenDelegationExpired = 114,

    /// <summary>The caller's CST lacks the control scope that this call needs, such as <c>control:token:revoke</c>. Ask the operator for that scope.</summary>
    TokenInsufficientScope = 115,

    /// <summary>The CST is bound to a holder, and nothing shows that the caller is that one: no proof of the key, or no socket that tells the caller's user. Send a proof of the token's key in the metadata <c>dpop</c>, or come by the Unix socket.</summary>
    TokenProofRequired = 116,

    /// <summary>The CST is bound to a holder, and what the caller shows does not hold: another key or user, another call or token, too old, of the future, or used before. Make a new proof for each call, with the key that the token names; check the clock.</summary>
    TokenProofInvalid = 117,

    /// <summary>The CST is revoked: by its hash, <c>jti</c>, subject, owner, key, policy hash, mission or time of issue, or with its parent. Drop the token at once; a new one is issued only if what was revoked does not cover it too.</summary>
    TokenRevoked = 200,

    /// <summary>The sidecar's view of the revocations is older than its limit, so that it cannot tell whether the CST is revoked. Retry after <c>retry_after</c>.</summary>
    RevocationViewStale = 201,

    /// <summary>A token hash to revoke is not 64 lower-case hexadecimal digits. Send the SHA-256 of the token text in lower-case hex.</summary>
    InvalidTokenHash = 202,

    /// <summary>What is to be revoked (token, <c>jti</c>, subject, owner, <c>kid</c>, policy hash, mission or time) is not well-formed. Correct the field named in <c>field</c>.</summary>
    RevocationTargetInvalid = 203,

    /// <summary>The caller may not revoke this target. Ask the operator to revoke it.</summary>
    RevocationNotPermitted = 204,

    /// <summary>A policy is required (by a pin, by the request or by the configuration) and none is active. Ask the operator to activate one.</summary>
    PolicyMissing = 300,

    /// <summary>A policy hash is not 43 canonical base64url characters. Send the hash exactly as the issuance or the policy service gave it.</summary>
    PolicyHashInvalid = 301,

    /// <summary>The CST's pin, the request's policy hash and the active policy are not one and the same. Get a new token, which is pinned to the active policy, and name that policy or none.</summary>
    PolicyHashMismatch = 302,

    /// <summary>The active policy does not list the model provider, or needs one and none was named. Use an allowed provider, and name it.</summary>
    PolicyProviderNotAllowed = 303,

    /// <summary>The active policy does not list the model. Use an allowed model.</summary>
    PolicyModelNotAllowed = 304,

    /// <summary>The active policy restricts models and the question names a provider without a model. Name the model.</summary>
    PolicyModelRequired = 305,

    /// <summary>A statement of the active policy denies the action, or nothing in it allows it (of version 1: its egress list lacks the host); <c>statement_ids</c> names the statements that matched. Do something else; only another policy changes the answer.</summary>
    PolicyViolation = 306,

    /// <summary>The active policy asks for a stronger proof of the model's identity than the call has. Use a model whose identity is proved well enough.</summary>
    PolicyModelIdentityTierTooLow = 307,

    /// <summary>Everything else allows the action, but the policy wants a human's approval; <c>obligations</c> says of what. Obtain a signed human-approval receipt and ask again with it in <c>approvals</c>.</summary>
    CapabilityRequiresApproval = 308,

    /// <summary>An approval that fits was given, but its time is over. Obtain a new approval.</summary>
    HumanApprovalExpired = 309,

    /// <summary>The token is for several audiences whose active policies differ, and the question names none of them. Name the audience in the request.</summary>
    AudienceRequired = 310,

    /// <summary>No policy of this hash is held here. Put it first, with PutPolicy or into the policy directory.</summary>
    WpcNotFound = 320,

    /// <summary>The envelope of a policy is malformed, or its hash is not that of its payload. Sign the policy again.</summary>
    WpcEnvelopeInvalid = 321,

    /// <summary>The key that signed a policy is not one of those whose policies are accepted here, was revoked, or was succeeded. Let an accepted key sign it.</summary>
    WpcSignerNotAllowed = 322,

    /// <summary>The signature of a policy does not verify. Sign the policy again.</summary>
    WpcSignatureInvalid = 323,

    /// <summary>A policy breaks a rule of its format; the message names the first fault by line and pointer. Mend it; clawpdp policy check lists every fault.</summary>
    WpcInvalid = 324,

    /// <summary>A policy that another one inherits from is not held here, or the chain is too deep. Put the missing policy first; at most 8 policies make a chain.</summary>
    WpcParentUnresolved = 325,

    /// <summary>The activation number is not greater than every earlier one: an old activation played back. Look at the activations that were made since.</summary>
    ActivationRollback = 326,

    /// <summary>The CST does not grant the tool. Ask the operator for a mapping that grants it, or get a token that is narrowed less.</summary>
    ToolNotAllowed = 400,

    /// <summary>The CST does not grant the model. Ask the operator for a mapping that grants it, or get a token that is narrowed less.</summary>
    ModelNotAllowed = 401,

    /// <summary>The CST does not grant the host. Ask the operator for a mapping that grants it, or get a token that is narrowed less.</summary>
    EgressNotAllowed = 402,

    /// <summary>The tool name holds a space or a character that cannot be printed, or is otherwise no tool name. Correct the name.</summary>
    ToolInvalid = 403,

    /// <summary>The model name holds a space or a character that cannot be printed, or is otherwise no model name. Correct the name.</summary>
    ModelInvalid = 404,

    /// <summary>The host is no host name, dotted quad or bracketed IPv6 address with an optional port: it has user info, a path, a query, a percent sign, white space, a bad label or a number-like form such as <c>0x7f.1</c>. Send the host alone, in its plain form.</summary>
    HostInvalid = 405,

    /// <summary>IssueCst was given no credential. Send an ID token.</summary>
    IdTokenRequired = 500,

    /// <summary>The ID token is not a compact JWS with a JSON header and payload. Send the ID token exactly as the provider gave it (not an access token).</summary>
    IdTokenMalformed = 501,

    /// <summary>The ID token's algorithm is not on the issuer's allow-list; <c>none</c> and HMAC never are. Have the provider sign with an allowed algorithm, RS256, PS256 or ES256 by default.</summary>
    IdTokenUnsupportedAlg = 502,

    /// <summary>The ID token's <c>iss</c> is no configured issuer, compared exactly. Sign in at a configured provider.</summary>
    IdTokenIssuerUnknown = 503,

    /// <summary>The ID token's <c>aud</c> is none of the configured client ids. Sign in with a configured client.</summary>
    IdTokenBadAudience = 504,

    /// <summary>The ID token has several audiences and its <c>azp</c> is missing or not a configured client id. Sign in with a configured client.</summary>
    IdTokenBadAzp = 505,

    /// <summary>The ID token's signature does not verify with the issuer's keys. Send the ID token unaltered.</summary>
    IdTokenSignatureInvalid = 506,

    /// <summary>The issuer's key set has no key of the ID token's <c>kid</c>, even after the refresh that was due. Sign in again.</summary>
    IdTokenUnknownKid = 507,

    /// <summary>The ID token's <c>exp</c> is past by more than the allowed skew. Sign in again.</summary>
    IdTokenExpired = 508,

    /// <summary>The ID token's <c>nbf</c> or <c>iat</c> lies in the future by more than the allowed skew. Retry after <c>retry_after</c>; check the clocks if it persists.</summary>
    IdTokenNotYetValid = 509,

    /// <summary>The ID token was issued longer ago than the configured maximum age. Sign in again.</summary>
    IdTokenTooOld = 510,

    /// <summary>A claim of the ID token is missing, of another type or out of its range. Have the provider's configuration corrected.</summary>
    IdTokenInvalidClaims = 511,

    /// <summary>The issuer's discovery document or key set could not be fetched and no good one is held. Retry after <c>retry_after</c>.</summary>
    IdpUnavailable = 512,

    /// <summary>The issuer's last good keys are older than their limit and refreshing them fails. Retry after <c>retry_after</c>.</summary>
    IdpKeysStale = 513,

    /// <summary>The ID token has no groups claim. Ask the operator to add the claim at the provider.</summary>
    GroupsMissing = 514,

    /// <summary>The groups claim is not an array of strings. Ask the operator to correct the claim at the provider.</summary>
    GroupsInvalid = 515,

    /// <summary>The groups claim is cut off or replaced by a reference, so that the groups are not known. Ask the operator to filter the claim at the provider.</summary>
    GroupsOverage = 516,

    /// <summary>None of the user's groups is in the scope mapping. Ask the operator for a group that is.</summary>
    GroupNotMapped = 517,

    /// <summary>The group to act under is not one of the user's groups. Name a group of the user, or none.</summary>
    GroupNotHeld = 518,

    /// <summary>The identity assertion (ID-JAG) was used before, or its use may have begun: each is good for one token. Get a new assertion of the provider.</summary>
    IdJagUsed = 519,

    /// <summary>The identity assertion's <c>client_id</c> is not the client that shows it. Let the client show it that it was made for.</summary>
    IdJagClientMismatch = 520,

    /// <summary>The matched groups pin different policies, or the asked pin is not the mapping's. Name one group to act under, or leave the pin out.</summary>
    PolicyPinConflict = 600,

    /// <summary>Something asked for lies outside the grant; <c>offending_item</c> names it. Ask for less, or ask the operator for more.</summary>
    ScopeNotAllowed = 601,

    /// <summary>The matched groups may not issue to this agent. Ask the operator to allow the agent.</summary>
    AgentNotAllowed = 602,

    /// <summary>The matched groups, or this server, may not issue for this audience; <c>offending_item</c> names it. Ask for an allowed audience.</summary>
    AudienceNotAllowed = 603,

    /// <summary>The agent's DID is not well-formed. Correct the DID.</summary>
    AgentDidInvalid = 604,

    /// <summary>The owner's DID is not well-formed. Correct the DID.</summary>
    OwnerDidInvalid = 605,

    /// <summary>The controller's DID is not well-formed. Correct the DID.</summary>
    ControllerDidInvalid = 606,

    /// <summary>Only one of owner and controller was named; the canonical lane needs both. Name both or none.</summary>
    CanonicalChainRequired = 607,

    /// <summary>The agent's DID is not the subject that the token would have. Send the agent's own DID.</summary>
    CanonicalAgentSubMismatch = 608,

    /// <summary>The asked lifetime is zero, negative or less than one second. Ask for at least one second, or leave it out.</summary>
    InvalidTtl = 609,

    /// <summary>The token would have more than 64 scope items. Narrow the request, or name one group to act under.</summary>
    ScopeTooLarge = 610,

    /// <summary>A scope item, its prefix included, would be longer than 128 characters. Leave the item named in <c>offending_item</c> out.</summary>
    ScopeItemTooLong = 611,

    /// <summary>The narrowing leaves nothing, and a token must have at least one scope item. Ask for at least one tool, model, host or scope.</summary>
    ScopeEmpty = 612,

    /// <summary>The spend cap is negative, infinite or not a number. Send a finite number that is zero or more.</summary>
    SpendCapInvalid = 613,

    /// <summary>This server issues no token that is not bound to a holder, or the parent is bound and the child would not be. Name a holder.</summary>
    HolderRequired = 614,

    /// <summary>The holder is none: no thumbprint, no user in particular, or an agent whose DID holds no key. Correct the holder.</summary>
    HolderInvalid = 615,

    /// <summary>The child would hold a tool, model, host or scope that the parent does not; <c>offending_item</c> names it. Ask for a subset of the parent.</summary>
    DelegationScopeExceeded = 650,

    /// <summary>The child would be pinned to another policy than the parent. Leave the pin out.</summary>
    DelegationPolicyMismatch = 651,

    /// <summary>The child's spend cap would be above the parent's. Ask for no more than the parent has.</summary>
    DelegationSpendCapExceeded = 652,

    /// <summary>The parent is already as many delegations deep as this server allows. Let an agent nearer to the user delegate.</summary>
    DelegationDepthExceeded = 653,

    /// <summary>The parent's time is over, so that it cannot delegate. Get a new parent token.</summary>
    DelegationExpired = 654,

    /// <summary>The parent, or one of its own parents, is revoked. Get a new parent token.</summary>
    DelegationRevoked = 655,

    /// <summary>The ledger holds no such receipt. Check the id, or the run and the nonce.</summary>
    ReceiptNotFound = 700,

    /// <summary>The fields do not make a receipt of the public format: a hash, count, status or name is wrong; <c>field</c> names it. Correct the field.</summary>
    ReceiptInvalid = 701,

    /// <summary>The nonce was used in this run for a receipt of other content. Use a new nonce for new content, and the same content for a retry.</summary>
    IdempotencyKeyReused = 702,

    /// <summary>No run of that id was started here. Start the run first.</summary>
    RunNotFound = 703,

    /// <summary>The run is finished: nothing is added to it. Start another run.</summary>
    RunFinished = 704,

    /// <summary>The run belongs to another agent than the token. Use a run id of the agent's own.</summary>
    RunNotYours = 705,

    /// <summary>The run has no event of that hash. Append the event first, or send no hash: then the sidecar appends one.</summary>
    EventNotFound = 706,

    /// <summary>The fields do not make an event: a hash, time, type or id is wrong; <c>field</c> names it. Correct the field.</summary>
    EventInvalid = 707,

    /// <summary>A span that was named is not that of an earlier model call in the same part of the run, or belongs to another one; <c>field</c> names it. Name the span of an earlier model call, or none.</summary>
    SpanInvalid = 708,

    /// <summary>The decision that was named is a denial, or is about another run, token or action. Name the decision that allowed this very action, or none.</summary>
    DecisionMismatch = 709,

    /// <summary>The run has no event yet, so that there is nothing to export. Export it after its first event.</summary>
    RunEmpty = 720,

    /// <summary>A signed bundle that was handed in is not the agent's signature over the payload of this run; <c>field</c> names it. Sign the payloads that the export gives out, as they are.</summary>
    BundleInvalid = 721,

    /// <summary>The transparency log has no checkpoint yet that covers what is asked, or is damaged. Retry after <c>retry_after</c>; if it lasts, report it to the operator.</summary>
    LogUnavailable = 722,

    /// <summary>The sidecar could not finish; the fault is logged and counted. Do not act; report it to the operator.</summary>
    InternalError = 900,

    /// <summary>What must be on disk before the answer could not be written. Retry after <c>retry_after</c>, with the same nonce for a receipt.</summary>
    LedgerUnavailable = 901,

    /// <summary>The sidecar has more to do than it can: used for an item of a batch or stream; a whole call gets RESOURCE_EXHAUSTED. Retry after <c>retry_after</c>.</summary>
    Overloaded = 902,

    /// <summary>This server does not support what was asked, such as a credential of that kind. Ask without it.</summary>
    NotSupported = 903,

    /// <summary>An item of a batch or stream is malformed or over a limit; a whole call gets INVALID_ARGUMENT. Correct the field named in <c>message</c> or <c>field</c>.</summary>
    RequestInvalid = 904,

    /// <summary>The key that should sign cannot be used now: the process that holds it gives no signature, or the key of receipts is revoked and has no successor yet. Retry after <c>retry_after</c>; if it lasts, report it to the operator.</summary>
    SignerUnavailable = 905,
}
