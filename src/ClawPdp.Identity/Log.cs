using Microsoft.Extensions.Logging;

namespace ClawPdp.Identity;

/// <summary>
/// Every log line of this assembly; event ids 2000 to 2099, never reused. No line holds token text or personal data.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Debug, "Fetched {KeyCount} keys of {Issuer}, {IgnoredCount} entries unusable")]
    public static partial void KeysFetched(ILogger logger, string issuer, int keyCount, int ignoredCount);

    [LoggerMessage(2001, LogLevel.Warning,
        "Could not fetch the keys of {Issuer}, {FailureCount} times in a row: {Reason}")]
    public static partial void KeyFetchFailed(ILogger logger, string issuer, int failureCount, string reason);

    [LoggerMessage(2002, LogLevel.Information,
        "The keys of {Issuer} can be fetched again after {FailureCount} failures")]
    public static partial void KeyFetchRecovered(ILogger logger, string issuer, int failureCount);

    [LoggerMessage(2003, LogLevel.Error, "An ID token could not be checked as expected: {ExceptionType}")]
    public static partial void CheckNotFinished(ILogger logger, string exceptionType);

    [LoggerMessage(2004, LogLevel.Error, "Fetching the keys of {Issuer} failed unexpectedly: {ExceptionType}")]
    public static partial void KeyFetchBroke(ILogger logger, string issuer, string exceptionType);
}
