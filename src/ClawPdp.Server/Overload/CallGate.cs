using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ClawPdp.Server.Settings;
using Grpc.Core;

namespace ClawPdp.Server.Overload;

/// <summary>
/// Stands before every call that writes: so many may be under way in total, of one peer and with one token. Who is over is told at once,
/// and when to come again. Revocations have places of their own, which nothing else can take, and so have those who watch them.
/// </summary>
internal sealed class CallGate
{
    /// <summary>The places of revocations.</summary>
    public const int RevocationsMax = 256;

    private const int RevocationsPeerMax = RevocationsMax / LimitSettings.PeerPart;

    private readonly CallShares _writes;
    private readonly CallShares _revocations = new(RevocationsMax, RevocationsPeerMax, RevocationsMax);
    private readonly CallShares _watches;
    private readonly RetryHint _hint;
    private readonly long[] _refused = new long[(int)FullShare.Token + 1];

    public CallGate(ServerSettings settings, RetryHint hint)
    {
        var limits = settings.Limits;
        _writes = new CallShares(limits.CallsMax, limits.PeerCallsMax, limits.TokenCallsMax);
        _watches = new CallShares(limits.RevocationWatchesMax, limits.PeerRevocationWatchesMax, limits.RevocationWatchesMax);
        _hint = hint;
    }

    /// <summary>Gets how many calls that write are under way.</summary>
    public int Count => _writes.Total + _revocations.Total;

    /// <summary>Lets a call in, or says why not.</summary>
    /// <param name="peer">Who calls.</param>
    /// <param name="token">The token's text; empty for none. It is not kept.</param>
    /// <param name="pass">The call's pass, to be disposed when it is done.</param>
    /// <param name="refusal">What is full, and when to come again.</param>
    public bool TryEnter(CallPeer peer, string token, [NotNullWhen(true)] out CallPass? pass, [NotNullWhen(false)] out CallRefusal? refusal) =>
        TryEnter(_writes, peer, token.Length == 0 ? null : KeyOf(token), out pass, out refusal);

    /// <summary>Lets a revocation in, or says why not.</summary>
    public bool TryEnterRevocation(CallPeer peer, [NotNullWhen(true)] out CallPass? pass, [NotNullWhen(false)] out CallRefusal? refusal) =>
        TryEnter(_revocations, peer, token: null, out pass, out refusal);

    /// <summary>Lets a call in that watches revocations, to be disposed when it ends.</summary>
    /// <param name="peer">Whose share of the places it is.</param>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED. When a place will be free nobody knows: whoever has one keeps it for as long as he likes.</exception>
    public CallPass EnterWatch(CallPeer peer)
    {
        var full = _watches.TryEnter(peer.Name, token: null);
        if (full is FullShare.None)
        {
            return new CallPass(_watches, peer.Name, token: null);
        }

        Interlocked.Increment(ref _refused[(int)full]);
        throw new RpcException(new Status(StatusCode.ResourceExhausted, full is FullShare.Peer
            ? "this peer's share of the places to watch revocations is full; end one of its watches, or retry later"
            : "all places to watch revocations are taken; retry later"));
    }

    /// <summary>Gets how many calls were refused because a share was full.</summary>
    public long RefusedFor(FullShare share) => Interlocked.Read(ref _refused[(int)share]);

    /// <summary>Makes the refusal of a call that the ledger itself had no place for.</summary>
    public CallRefusal RefuseForLedger() => Refuse(FullShare.Total, _writes);

    // Whoever makes tokens up cannot make one that counts as another's.
    private static UInt128 KeyOf(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private CallRefusal Refuse(FullShare full, CallShares shares)
    {
        Interlocked.Increment(ref _refused[(int)full]);
        return new CallRefusal(full, _hint.Of(shares.Total));
    }

    private bool TryEnter(CallShares shares, CallPeer peer, UInt128? token, [NotNullWhen(true)] out CallPass? pass, [NotNullWhen(false)] out CallRefusal? refusal)
    {
        var full = shares.TryEnter(peer.Name, token);
        var isIn = full == FullShare.None;
        pass = isIn ? new CallPass(shares, peer.Name, token) : null;
        refusal = isIn ? null : Refuse(full, shares);
        return isIn;
    }
}
