using System.Collections.Immutable;

namespace ClawPdp.Crypto.Verification;

/// <summary>Runs the steps of a verification in order, up to the first that fails.</summary>
internal static class StepRun
{
    /// <summary>Gives the first fault; <see langword="null"/> when every step passed.</summary>
    /// <param name="steps">The steps with their names.</param>
    /// <param name="checks">The steps that were done.</param>
    public static EnvelopeFault? Run(IEnumerable<(string Name, Func<EnvelopeFault?> Check)> steps, out ImmutableArray<VerificationCheck> checks)
    {
        var done = ImmutableArray.CreateBuilder<VerificationCheck>();
        EnvelopeFault? fault = null;
        foreach (var (name, check) in steps)
        {
            fault = check();
            done.Add(new VerificationCheck(name, fault is null, fault?.Message ?? ""));
            if (fault is not null)
            {
                break;
            }
        }

        checks = done.ToImmutable();
        return fault;
    }
}
