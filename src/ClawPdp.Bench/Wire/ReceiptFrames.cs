using System.Globalization;
using System.Text;
using ClawPdp.Bench.Plans;

namespace ClawPdp.Bench.Wire;

/// <summary>The bytes of requests for receipts, made before the run but for the run's id and the nonce.</summary>
internal sealed class ReceiptFrames
{
    /// <summary>How many receipts go into a run before the next is begun.</summary>
    public const int ReceiptsPerRun = 1_000;

    private const int RunIdField = 2;
    private const int NonceField = 4;

    // SHA-256 of nothing: a receipt is about hashes, and whose they are is the caller's matter.
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private readonly byte[][] _tokens;
    private readonly byte[] _rest;
    private readonly string _prefix;

    /// <summary>Makes the bytes.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="action">What the receipts are about.</param>
    /// <param name="prefix">What the ids of this tool run's runs begin with: unique, so that no nonce is met again.</param>
    public ReceiptFrames(IReadOnlyList<string> tokens, Question action, string prefix)
    {
        _tokens = [.. tokens.Select(static token => new ProtoBuilder().Bytes(1, Encoding.ASCII.GetBytes(token)).ToArray())];
        _rest = Rest(action);
        _prefix = prefix;
        LengthMax = _tokens.Max(static token => token.Length) + _rest.Length + 256;
    }

    /// <summary>Gets the longest request's length, in bytes.</summary>
    public int LengthMax { get; }

    /// <summary>Gives the place of a request's token.</summary>
    public int TokenOf(long sequence) => (int)(sequence % _tokens.Length);

    /// <summary>Names a caller's run.</summary>
    public byte[] RunId(int slot, long ofCaller) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_prefix}-{slot}-{ofCaller / ReceiptsPerRun}"));

    /// <summary>Writes a request.</summary>
    /// <returns>How many bytes it took.</returns>
    public int Write(Span<byte> destination, long sequence, ReadOnlySpan<byte> runId)
    {
        var token = _tokens[TokenOf(sequence)];
        token.CopyTo(destination);
        var at = token.Length;
        _rest.CopyTo(destination[at..]);
        at += _rest.Length;
        destination[at++] = (RunIdField << 3) | 2;
        destination[at++] = (byte)runId.Length;
        runId.CopyTo(destination[at..]);
        at += runId.Length;
        destination[at++] = (NonceField << 3) | 2;
        destination[at++] = SequenceId.Length;
        SequenceId.Write(destination[at..], sequence);
        return at + SequenceId.Length;
    }

    private static byte[] Rest(Question action)
    {
        var request = new ProtoBuilder().Text(6, action.PolicyHash).Text(17, action.Audience);
        if (action.Tool.Length > 0)
        {
            return request.Bytes(8, new ProtoBuilder().Text(1, action.Tool).Text(3, Hash).Text(4, Hash).Number(6, 1).ToArray()).ToArray();
        }

        return action.Model.Length > 0
            ? request.Bytes(7, new ProtoBuilder().Text(1, action.Provider).Text(2, action.Model).Text(3, Hash).Text(4, Hash).ToArray()).ToArray()
            : request.Bytes(9, new ProtoBuilder().Number(1, 1).Text(2, action.Host).Text(6, Hash).Text(7, Hash).ToArray()).ToArray();
    }
}
