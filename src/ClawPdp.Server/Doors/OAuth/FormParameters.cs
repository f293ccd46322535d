using System.Text;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>
/// The parameters of a form (<c>application/x-www-form-urlencoded</c>), in their order. One that is empty counts as left out, as RFC 6749
/// section 3.1 demands.
/// </summary>
internal sealed class FormParameters
{
    private const int CountMax = 128;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<(string Name, string Value)> _parameters = [];

    private FormParameters()
    {
    }

    /// <summary>Reads a form.</summary>
    /// <param name="body">The body.</param>
    /// <returns>The parameters; <see langword="null"/> for a body that is malformed, or has more than 128.</returns>
    public static FormParameters? Parse(ReadOnlySpan<byte> body)
    {
        var form = new FormParameters();
        foreach (var range in body.Split((byte)'&'))
        {
            var pair = body[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            var equals = pair.IndexOf((byte)'=');
            var name = Decode(equals < 0 ? pair : pair[..equals]);
            var value = equals < 0 ? "" : Decode(pair[(equals + 1)..]);
            if (name is null || value is null || form._parameters.Count == CountMax)
            {
                return null;
            }

            if (value.Length > 0)
            {
                form._parameters.Add((name, value));
            }
        }

        return form;
    }

    /// <summary>Reads text as a form encodes it.</summary>
    /// <returns>The text; <see langword="null"/> when it is malformed.</returns>
    public static string? Decode(ReadOnlySpan<byte> encoded)
    {
        var bytes = new byte[encoded.Length];
        var length = 0;
        for (var index = 0; index < encoded.Length; index++)
        {
            if (encoded[index] != (byte)'%')
            {
                bytes[length++] = encoded[index] == (byte)'+' ? (byte)' ' : encoded[index];
            }
            else if (index + 2 < encoded.Length && char.IsAsciiHexDigit((char)encoded[index + 1]) && char.IsAsciiHexDigit((char)encoded[index + 2]))
            {
                bytes[length++] = Convert.FromHexString([(char)encoded[index + 1], (char)encoded[index + 2]])[0];
                index += 2;
            }
            else
            {
                return null;
            }
        }

        try
        {
            return Utf8.GetString(bytes.AsSpan(0, length));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Gives a parameter; <see langword="null"/> when it is left out.</summary>
    public string? Find(string name) => All(name).FirstOrDefault();

    /// <summary>Gives every value of a parameter.</summary>
    public IEnumerable<string> All(string name) =>
        _parameters.Where(parameter => string.Equals(parameter.Name, name, StringComparison.Ordinal)).Select(static parameter => parameter.Value);

    /// <summary>Finds a parameter that comes more than once and may not; <see langword="null"/> when there is none.</summary>
    /// <param name="mayRepeat">Those that may.</param>
    public string? FindRepeated(params string[] mayRepeat) => _parameters
        .GroupBy(static parameter => parameter.Name, StringComparer.Ordinal)
        .FirstOrDefault(group => group.Count() > 1 && !mayRepeat.Contains(group.Key, StringComparer.Ordinal))?.Key;
}
