using System.Collections.Immutable;
using ClawPdp.Core.Decisions;

namespace ClawPdp.Server.Telemetry;

/// <summary>Numbers the reason codes without gaps, for arrays of counters.</summary>
internal static class ReasonNumbers
{
    private static readonly ImmutableArray<ReasonCode> Codes = [.. Enum.GetValues<ReasonCode>().Distinct()];
    private static readonly ImmutableArray<short> Numbers = Invert();

    /// <summary>Gets how many there are.</summary>
    public static int Count => Codes.Length;

    /// <summary>Gives the number of a code; one outside the set counts as <see cref="ReasonCode.InternalError"/>.</summary>
    public static int NumberOf(ReasonCode code) => (uint)code < (uint)Numbers.Length ? Numbers[(int)code] : Numbers[(int)ReasonCode.InternalError];

    /// <summary>Gives the code of a number.</summary>
    public static ReasonCode CodeAt(int number) => Codes[number];

    private static ImmutableArray<short> Invert()
    {
        var numbers = new short[Codes.Max(static code => (int)code) + 1];
        Array.Fill(numbers, (short)Codes.IndexOf(ReasonCode.InternalError));
        for (var number = 0; number < Codes.Length; number++)
        {
            numbers[(int)Codes[number]] = (short)number;
        }

        return [.. numbers];
    }
}
