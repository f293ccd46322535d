using System.Net.Sockets;
using ClawPdp.Crypto;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Keys.Signers;
using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Server.Tests.KeyRings;

/// <summary>A key elsewhere signs as one here does; whatever goes wrong with it is a refusal, and no signature that does not verify gets out.</summary>
public sealed class SocketSignerTests : IDisposable
{
    private static readonly byte[] Token = "eyJhbGciOiJFZERTQSJ9.e30"u8.ToArray();
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly KeyHome _home = new();
    private readonly Ed25519SigningKey _key = Ed25519SigningKey.Generate();
    private readonly FakeTimeProvider _time = new(KeyHome.Start);
    private readonly CancellationTokenSource _stopping = new();

    private string SocketPath => Path.Combine(_home.Data, "s.sock");

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _key.Dispose();
        _home.Dispose();
    }

    [Fact]
    public void Sign_AToken_GivesTheSignatureOfTheKeyInTheSigner()
    {
        using var server = Serve(message => _key.Sign(message));
        using var signer = Signer();

        signer.Check();

        Assert.False(signer.IsAway);
        Assert.Equal(_key.Sign(Token), signer.Sign(Token));
        Assert.Equal(_key.PublicKey.KeyId, SocketSigner.PublicKeyOf(SocketPath).KeyId);
    }

    [Theory]
    [InlineData("DSbTxvgWcqfMio4CBOGtuIdqyEYyboRaurA8-fQuA0Y")]
    [InlineData("{\"keys\":[]}")]
    [InlineData("a.b.c")]
    [InlineData(".b")]
    [InlineData("a.")]
    [InlineData("a .b")]
    public void Sign_WhatIsNoToken_IsRefusedByTheSigner(string message)
    {
        var asked = 0;
        using var server = Serve(text =>
        {
            asked++;
            return _key.Sign(text);
        });
        using var signer = Signer();

        Assert.Throws<SignerUnavailableException>(() => signer.Sign(System.Text.Encoding.ASCII.GetBytes(message)));
        Assert.Equal(0, asked);
    }

    [Fact]
    public void Sign_WrongSignature_GetsNotOut()
    {
        using var server = Serve(static _ => new byte[64]);
        using var signer = Signer();

        Assert.Throws<SignerUnavailableException>(() => signer.Sign(Token));
    }

    [Fact]
    public void Check_SignerHoldsAnotherKey_Refuses()
    {
        using var other = Ed25519SigningKey.Generate();
        using var server = Serve(message => _key.Sign(message));
        using var signer = new SocketSigner(other.PublicKey, SocketPath, _time, Patience);

        Assert.Throws<SignerUnavailableException>(signer.Check);
        Assert.Throws<SignerUnavailableException>(() => signer.Sign(Token));
    }

    [Fact]
    public void Sign_SignerThatHangs_IsRefusedInTimeAndAtOnceForAWhile()
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen(8);
        using var signer = Signer();

        Assert.Throws<SignerUnavailableException>(() => signer.Sign(Token));
        Assert.Contains("a moment ago", Assert.Throws<SignerUnavailableException>(() => signer.Sign(Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sign_SignerGoesAndComesBack_SignsAgain()
    {
        using var signer = Signer();
        Assert.Throws<SignerUnavailableException>(() => signer.Sign(Token));
        Assert.True(signer.IsAway);
        _time.Advance(TimeSpan.FromSeconds(2));
        using (Serve(message => _key.Sign(message)))
        {
            Assert.NotEmpty(signer.Sign(Token));
            Assert.False(signer.IsAway);
        }

        using var second = Serve(message => _key.Sign(message));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.NotEmpty(signer.Sign(Token));
    }

    [Fact]
    public void Adopt_AKeyOfASigner_SignsTokensAndIsNoMatterOfPassphrases()
    {
        _home.Store().LoadOrGenerate();
        _home.Time.Advance(TimeSpan.FromSeconds(1));
        using var server = Serve(message => _key.Sign(message));

        _home.Store().Adopt(_key.PublicKey, SocketPath, TimeSpan.Zero, overlap: null);

        using var signer = _home.Store().OpenActive(KeyPurpose.Token);
        Assert.True(_key.PublicKey.Verify(Token, signer.SignToken(Token)));
        Assert.Equal(4, _home.Conversion.Encrypt(new KeyVault(_home.Passphrase)));
        Assert.Equal(KeyPurpose.Token, Assert.Single(_home.Store(_home.Passphrase).RetireReplaced(static (_, stated) => stated)).Purpose);
        Assert.Throws<ClawPdp.Files.UnsafeFileException>(() => _home.Store(_home.Passphrase).Adopt(_key.PublicKey, SocketPath, TimeSpan.Zero, overlap: null));
    }

    private SocketSigner Signer() => new(_key.PublicKey, SocketPath, _time, Patience);

    private SignerServer Serve(Func<byte[], byte[]> sign)
    {
        var server = new SignerServer(SocketPath, groupMayAsk: false, _key.PublicKey.Raw.ToArray(), sign);
        _ = server.RunAsync(_stopping.Token);
        return server;
    }
}
