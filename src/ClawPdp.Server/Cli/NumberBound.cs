using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace ClawPdp.Server.Cli;

/// <summary>Bounds the numbers of the command line.</summary>
internal static class NumberBound
{
    /// <summary>Lets an option take whole numbers within bounds alone, both ends included.</summary>
    public static Option<T> Within<T>(this Option<T> option, T min, T max)
        where T : INumber<T>
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!T.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < min || value > max))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name}: a whole number from {min} to {max} is expected"));
            }
        });
        return option;
    }
}
