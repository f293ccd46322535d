using System.Collections.Immutable;
using System.Text;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Tokens;

namespace ClawPdp.Bench.Plans;

/// <summary>Reads a file with one token a line. What it says about a fault never holds any of a token.</summary>
public static class TokenFile
{
    private const int FaultsMax = 20;

    /// <summary>Reads the tokens.</summary>
    /// <param name="content">The file: ASCII, a token a line, the last line feed may be missing.</param>
    /// <returns>The tokens, all different, in their order; or the faults, at most 20, each with its line.</returns>
    public static Result<IReadOnlyList<string>> Read(ReadOnlySpan<byte> content)
    {
        var faults = ImmutableArray.CreateBuilder<Fault>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var tokens = new List<string>();
        for (var line = 1; !content.IsEmpty && faults.Count < FaultsMax; line++)
        {
            var end = content.IndexOf((byte)'\n');
            var text = end < 0 ? content : content[..end];
            content = end < 0 ? [] : content[(end + 1)..];
            if (tokens.Count == BenchLimits.TokensMax)
            {
                faults.Add(new Fault("", $"more than {BenchLimits.TokensMax} tokens") { Line = line });
                break;
            }

            var token = text.Length <= BenchLimits.TokenLengthMax ? Encoding.Latin1.GetString(text) : "";
            if (WhyNot(token, text.Length) is { } why)
            {
                faults.Add(new Fault("", why) { Line = line });
            }
            else if (!lines.TryAdd(token, line))
            {
                faults.Add(new Fault("", $"the same token as in line {lines[token]}") { Line = line });
            }
            else
            {
                tokens.Add(token);
            }
        }

        if (faults.Count == 0 && tokens.Count == 0)
        {
            faults.Add(new Fault("", "there is no token in it"));
        }

        return faults.Count == 0 ? Result.Valid<IReadOnlyList<string>>(tokens) : Result.Invalid<IReadOnlyList<string>>(faults.ToImmutable());
    }

    private static string? WhyNot(string token, int length)
    {
        if (length > BenchLimits.TokenLengthMax)
        {
            return $"longer than {BenchLimits.TokenLengthMax} bytes";
        }

        if (token.Length == 0)
        {
            return "the line is empty";
        }

        return CstEnvelope.Parse(token, out var failure) is null ? $"not a CST ({failure})" : null;
    }
}
