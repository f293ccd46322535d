using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Callers.Revoked;

namespace ClawPdp.Server.Tests.Callers;

public sealed class RevocationListTests : IDisposable
{
    private const string Agent = "spiffe://example.org/ns/prod/sa/agent";

    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private static readonly DateTimeOffset End = Now.AddDays(1);

    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new();
    private readonly X509Certificate2 _client;

    public RevocationListTests() => _client = _authority.Client([Agent]);

    public void Dispose()
    {
        _client.Dispose();
        _authority.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void AdmitUntil_NotRevoked_HoldsUntilTheListEnds()
    {
        using var another = _authority.Client([Agent]);

        var until = Admit(SetOf(_authority.Revoke(End, another)));

        Assert.Equal(End.ToUnixTimeSeconds(), until?.ToUnixTimeSeconds());
    }

    [Fact]
    public void AdmitUntil_Revoked_Fails() => Assert.Null(Admit(SetOf(_authority.Revoke(End, _client))));

    [Fact]
    public void AdmitUntil_EmptyListThatIsOver_Fails()
    {
        var set = SetOf(_authority.Revoke(End));

        Assert.NotNull(Admit(set, End.AddSeconds(-2)));
        Assert.Null(set.FindFault(End.AddSeconds(-2)));
        Assert.Null(Admit(set, End));
        Assert.Contains("is over since", set.FindFault(End), StringComparison.Ordinal);
    }

    [Fact]
    public void AdmitUntil_AuthorityWithoutAList_Fails()
    {
        // Of the same name, and with another key.
        var set = RevocationSet.Create([("l", _other.Revoke(End))], [.. _authority.Collection, .. _other.Collection], before: null);

        Assert.Null(Admit(set));
        Assert.Contains("has no list", set.FindFault(Now), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ListOfAnotherAuthority_IsRefused() => Assert.Throws<CryptographicException>(() => SetOf(_other.Revoke(End)));

    [Fact]
    public void Create_TwoListsOfOneAuthority_IsRefused() => Assert.Throws<CryptographicException>(() => SetOf(_authority.Revoke(End), _authority.Revoke(End, _client)));

    [Fact]
    public void Create_AnyBitChanged_IsRefused()
    {
        var good = _authority.Revoke(End, _client);
        for (var place = 0; place < good.Length; place++)
        {
            byte[] damaged = [.. good];
            damaged[place] ^= (byte)(1 << (place % 8));

            Assert.Throws<CryptographicException>(() => SetOf(damaged));
        }
    }

    [Fact]
    public void Create_CutOffOrWithMore_IsRefused()
    {
        var good = _authority.Revoke(End, _client);

        Assert.Throws<CryptographicException>(() => SetOf(good[..^1]));
        Assert.Throws<CryptographicException>(() => SetOf([.. good, 0]));
        Assert.Throws<CryptographicException>(() => SetOf([0x30]));
        Assert.Throws<CryptographicException>(() => SetOf("nothing"u8.ToArray()));
    }

    [Fact]
    public void Create_SeveralInPem_TakesAll()
    {
        var pem = "of the first\n" + Pem(_authority.Revoke(End, _client)) + "\n" + Pem(_other.Revoke(End)) + "\n";
        var set = RevocationSet.Create([("l", Encoding.UTF8.GetBytes(pem))], [.. _authority.Collection, .. _other.Collection], before: null);

        Assert.Null(set.FindFault(Now));
        Assert.Null(Admit(set));
    }

    [Fact]
    public void Create_HalfOfAListInPem_IsRefused()
    {
        var pem = Pem(_authority.Revoke(End)) + "\n" + Pem(_other.Revoke(End))[..80];

        Assert.Throws<CryptographicException>(() => RevocationSet.Create([("l", Encoding.UTF8.GetBytes(pem))], [.. _authority.Collection, .. _other.Collection], before: null));
    }

    [Fact]
    public void Create_ACertificateAmongThem_IsRefused() =>
        Assert.Throws<CryptographicException>(() => SetOf(Encoding.UTF8.GetBytes(Pem(_authority.Revoke(End)) + "\n" + _authority.Pem)));

    private static string Pem(byte[] list) => PemEncoding.WriteString("X509 CRL", list);

    private RevocationSet SetOf(params byte[][] lists) => RevocationSet.Create(lists.Select(static list => ("l", list)), _authority.Collection, before: null);

    private DateTimeOffset? Admit(RevocationSet set, DateTimeOffset? now = null)
    {
        var trust = new ClientTrust(_authority.Collection, set);
        return ClientCertificates.AdmitUntil(_client, [], trust, [SpiffePattern.Parse(Agent) ?? throw new InvalidOperationException()], now ?? Now);
    }
}
