using System.Globalization;
using ClawPdp.Identity;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClawPdp.Server.Doctor;

/// <summary>
/// Looks at the identity providers as the sidecar would: discovery, then keys, by its own code and settings, so that nothing is connected to that the
/// sidecar would not connect to. What a provider says of the time in these very answers tells whether the system's clock is right.
/// </summary>
internal static class IssuerExam
{
    private const string KeysCheck = "identity provider";
    private const string ClockCheck = "clock";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    // A Date header has whole seconds, and was some time on its way.
    private static readonly TimeSpan SkewUnsaid = TimeSpan.FromSeconds(5);

    /// <summary>Looks at one provider.</summary>
    public static async Task<IReadOnlyList<Finding>> LookAsync(IssuerSettings issuer, TimeProvider time, CancellationToken cancellation)
    {
        var health = await FetchAsync(issuer, time, cancellation);
        return health.State == IssuerState.Healthy
            ? [Finding.Ok(KeysCheck, string.Create(CultureInfo.InvariantCulture, $"{issuer.Issuer}: discovery and {health.KeyCount} usable keys")), JudgeClock(issuer, health)]
            : [Finding.Wrong(
                KeysCheck,
                $"{issuer.Issuer}: no keys: {health.LastFailureReason ?? "no answer in time"}",
                "look at /issuers, at the name service, proxy and firewall between here and the provider, and at its certificate; until then nobody who signs in there gets a token")];
    }

    /// <summary>Judges how far the system's clock is ahead of a provider's.</summary>
    public static Finding Judge(IssuerSettings issuer, TimeSpan ahead)
    {
        var words = string.Create(CultureInfo.InvariantCulture, $"the system's clock is {Math.Abs(ahead.TotalSeconds):0} s {(ahead < TimeSpan.Zero ? "behind" : "ahead of")} that of {issuer.Issuer}");
        return ahead.Duration() > issuer.ClockSkew + SkewUnsaid ? Finding.Wrong(ClockCheck, words, "set the clock right, and see that a time service keeps it so: timedatectl set-ntp true")
            : ahead.Duration() > SkewUnsaid ? Finding.Warn(ClockCheck, words, "see that a time service runs: timedatectl")
            : Finding.Ok(ClockCheck, $"the system's clock agrees with that of {issuer.Issuer}");
    }

    private static Finding JudgeClock(IssuerSettings issuer, IssuerHealth health) => health.ClockAhead is { } ahead
        ? Judge(issuer, ahead)
        : Finding.Warn(ClockCheck, $"{issuer.Issuer} does not say what time it is", "see that a time service runs: timedatectl");

    private static async Task<IssuerHealth> FetchAsync(IssuerSettings issuer, TimeProvider time, CancellationToken cancellation)
    {
        using var source = new IssuerKeySource(issuer, time, NullLogger<IssuerKeySource>.Instance);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stopping.CancelAfter(Patience);
        var running = source.RunAsync(stopping.Token);
        using var timer = new PeriodicTimer(Pace, time);
        while (source.Health.State == IssuerState.Pending && !stopping.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        await stopping.CancelAsync();
        await running;
        return source.Health;
    }
}
