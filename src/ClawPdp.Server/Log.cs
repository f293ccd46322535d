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

    [LoggerMessage(1008, LogLevel.Information, "stopping")]
    public static partial void Stopping(ILogger logger);
}
