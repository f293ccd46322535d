using System.Security.Cryptography;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Doors.McpGuard;

/// <summary>
/// What was asked in a session whose server can play its answers back. Each id is used once, as the protocol demands: else an old answer, played back,
/// would be taken for that of a later request. An answer is let through again where it is the very one that was let through before.
/// </summary>
internal sealed class AnsweredRequests
{
    /// <summary>The most requests of a session; after that it has to start anew.</summary>
    public const int CountMax = 65_536;

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, (UInt128 Answer, PendingKind Kind)?> _requests = [];

    /// <summary>Takes an id; false for one that was used, or when there were too many.</summary>
    public bool TryUse(string id)
    {
        lock (_gate)
        {
            return _requests.Count < CountMax && _requests.TryAdd(HashOf(id), null);
        }
    }

    /// <summary>Remembers an answer that is let through.</summary>
    public void Keep(McpMessage answer, PendingKind kind)
    {
        var hash = HashOf(JsonWriter.CanonicalText(answer.Root));
        lock (_gate)
        {
            _requests[HashOf(answer.IdKey)] = (hash, kind);
        }
    }

    /// <summary>Gives what was asked for by the request of an answer that was let through before; <see langword="null"/> for any other.</summary>
    public PendingKind? Find(McpMessage answer)
    {
        lock (_gate)
        {
            return _requests.TryGetValue(HashOf(answer.IdKey), out var found) && found is var (hash, kind) && hash == HashOf(JsonWriter.CanonicalText(answer.Root)) ? kind : null;
        }
    }

    // Half of a SHA-256: an id may be as long as a message.
    private static UInt128 HashOf(string text) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
