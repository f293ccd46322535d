using ClawPdp.Core.Decisions;

namespace ClawPdp.Server;

/// <summary>Every line the server logs. Ids are never reused; no line holds a token, key or personal datum.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "listening for gRPC on {Addresses}, data in {DataDirectory}")]
    public static partial void Listening(ILogger logger, string addresses, string dataDirectory);

    [LoggerMessage(1001, LogLevel.Information, "keys reloaded: {Count} in force")]
    public static partial void KeysReloaded(ILogger logger, int count);

    [LoggerMessage(1002, LogLevel.Information, "scope mapping in force: {MappingHash}")]
    public static partial void MappingReloaded(ILogger logger, string mappingHash);

    [LoggerMessage(1004, LogLevel.Error, "changed {What} refused, the last good one stays in force: {Message}")]
    public static partial void ReloadRefused(ILogger logger, string what, string message);

    [LoggerMessage(1005, LogLevel.Error, "a decision could not be finished and was denied")]
    public static partial void DecisionFailed(ILogger logger, Exception exception);

    [LoggerMessage(1006, LogLevel.Error, "a call of {Method} failed unexpectedly and was refused")]
    public static partial void CallFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(1007, LogLevel.Error, "the ledger could not take a record of {What}: {Fault}")]
    public static partial void LedgerFailed(ILogger logger, string what, string fault);

    [LoggerMessage(1009, LogLevel.Error, "the transparency log does not agree with what it signed, and signs nothing any more: {Message}")]
    public static partial void LogDamaged(ILogger logger, string message);

    [LoggerMessage(1010, LogLevel.Error, "the transparency log could not be published: {Message}")]
    public static partial void LogNotPublished(ILogger logger, string message);

    [LoggerMessage(1020, LogLevel.Information, "policy held: {PolicyHash}, signed by {SignerDid}")]
    public static partial void PolicyHeld(ILogger logger, string policyHash, string signerDid);

    [LoggerMessage(1021, LogLevel.Information, "policy {PolicyHash} is signed by {SignerDid} now, as the key that signed it is no longer accepted")]
    public static partial void PolicySignedAgain(ILogger logger, string policyHash, string signerDid);

    [LoggerMessage(1022, LogLevel.Information, "policy in force: {PolicyHash}, by activation {ActivationNumber} for audience \"{Audience}\" from {Source}")]
    public static partial void PolicyActivated(ILogger logger, string policyHash, long activationNumber, string audience, string source);

    [LoggerMessage(1023, LogLevel.Warning, "the candidate {PolicyHash} is not evaluated any more: {Message}")]
    public static partial void ShadowLeftOut(ILogger logger, string policyHash, string message);

    [LoggerMessage(1024, LogLevel.Warning, "policy {PolicyHash} in the ledger cannot be used any more: {Message}")]
    public static partial void PolicyLeftOut(ILogger logger, string policyHash, string message);

    [LoggerMessage(1025, LogLevel.Error, "looking at {What} failed unexpectedly, what is in force stays so")]
    public static partial void ReloadFailed(ILogger logger, string what, Exception exception);

    [LoggerMessage(1008, LogLevel.Information, "stopping: {CallCount} calls and {StreamCount} streams under way, at most {Seconds} s for them and what is queued")]
    public static partial void Stopping(ILogger logger, int callCount, int streamCount, double seconds);

    [LoggerMessage(1040, LogLevel.Information, "stopped: {CallCount} calls under way were finished, {StreamCount} streams ended, {RecordCount} records on disk")]
    public static partial void Stopped(ILogger logger, int callCount, int streamCount, long recordCount);

    [LoggerMessage(1041, LogLevel.Error, "stopped before all was done: {CallCount} calls were given up, {QueueLength} appends waited for the disk; nothing that was acknowledged is lost")]
    public static partial void StoppedEarly(ILogger logger, int callCount, int queueLength);

    [LoggerMessage(1042, LogLevel.Warning, "the system's clock was set back: it is {Seconds:F1} s behind the time that the sidecar goes by, which never goes back")]
    public static partial void ClockAhead(ILogger logger, double seconds);

    [LoggerMessage(1043, LogLevel.Information, "the system's clock has caught up")]
    public static partial void ClockCaughtUp(ILogger logger);

    [LoggerMessage(1044, LogLevel.Warning, "the system's clock says {Now:O}, and the ledger has a record of {Newest:O}: one of them is wrong, and tokens of the time between look as if they were valid")]
    public static partial void ClockBehindLedger(ILogger logger, DateTimeOffset now, DateTimeOffset newest);

    [LoggerMessage(1045, LogLevel.Warning, "the process may open {DescriptorCount} files: each listener takes {ConnectionCount} connections, not {ConfiguredCount}; raise the limit (ulimit -n)")]
    public static partial void ConnectionsBounded(ILogger logger, int descriptorCount, int connectionCount, int configuredCount);

    [LoggerMessage(1060, LogLevel.Information, "{What} reloaded")]
    public static partial void CertificatesReloaded(ILogger logger, string what);

    [LoggerMessage(1061, LogLevel.Debug, "the listener {Listener} turned away the user {UserId}, process {ProcessId}")]
    public static partial void PeerRefused(ILogger logger, string listener, uint? userId, int? processId);

    [LoggerMessage(1062, LogLevel.Debug, "the listener {Listener} turned away a client with the id {SpiffeId}")]
    public static partial void ClientRefused(ILogger logger, string listener, string? spiffeId);

    [LoggerMessage(1063, LogLevel.Warning, "the listener {Listener} refused a call of {Identity}: {Code}; of this connection the next ones are not told")]
    public static partial void CallerRefused(ILogger logger, string listener, string identity, string code);

    [LoggerMessage(1064, LogLevel.Error, "{What}: {Message}")]
    public static partial void RevocationListWanting(ILogger logger, string what, string message);

    [LoggerMessage(1065, LogLevel.Warning, "the listener {Listener} closed a connection of {SpiffeId}, whose certificate does not count any more")]
    public static partial void ClientCut(ILogger logger, string listener, string? spiffeId);

    [LoggerMessage(1047, LogLevel.Warning, "{Count} questions without a token that verifies were denied with {Reason} from {First:O} to {Last:O}, and are one record")]
    public static partial void StrangersCounted(ILogger logger, long count, ReasonCode reason, DateTimeOffset first, DateTimeOffset last);

    [LoggerMessage(1046, LogLevel.Error, "the ledger could not take a record of {What}: {Fault}; {Count} more since this was last said")]
    public static partial void LedgerFailedAgain(ILogger logger, string what, string fault, int count);

    [LoggerMessage(1090, LogLevel.Information, "a new key for the purpose {Purpose} is published: {KeyId}, which signs from {SignsFrom:O}")]
    public static partial void KeyAnnounced(ILogger logger, string purpose, string keyId, DateTimeOffset signsFrom);

    [LoggerMessage(1091, LogLevel.Information, "the key {KeyId} for the purpose {Purpose} was replaced and only verifies, until {NotAfter:O}")]
    public static partial void KeyRetired(ILogger logger, string purpose, string keyId, DateTimeOffset? notAfter);
}
