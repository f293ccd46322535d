namespace ClawPdp.Server.Overload;

/// <summary>A call that was let in, until it is disposed.</summary>
internal sealed class CallPass : IDisposable
{
    private readonly string _peer;
    private readonly UInt128? _token;
    private CallShares? _shares;

    public CallPass(CallShares shares, string peer, UInt128? token)
    {
        _shares = shares;
        _peer = peer;
        _token = token;
    }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _shares, null)?.Leave(_peer, _token);
}
