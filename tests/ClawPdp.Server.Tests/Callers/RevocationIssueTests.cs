using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClawPdp.Server.Callers.Revoked;

namespace ClawPdp.Server.Tests.Callers;

/// <summary>An authority's lists of revoked certificates only go forward, also those that are still in their time.</summary>
public sealed class RevocationIssueTests : IDisposable
{
    private const string Number = "2.5.29.20";

    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private static readonly DateTimeOffset End = Now.AddDays(7);

    // Of 20 octets, the longest of RFC 5280.
    private static readonly BigInteger Greatest = BigInteger.Pow(2, 160) - 1;

    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new();

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void Create_GreaterNumber_IsTaken()
    {
        var set = SetOf(_authority.RevokeAs(9, Now, End));

        Assert.Null(SetOf(set, _authority.RevokeAs(10, Now, End)).FindFault(Now));

        // The number alone counts where there are two.
        Assert.Null(SetOf(set, _authority.RevokeAs(Greatest, Now.AddHours(-1), End)).FindFault(Now));
    }

    [Fact]
    public void Create_LesserNumber_IsRefusedAlsoWithALaterTime()
    {
        var set = SetOf(_authority.RevokeAs(10, Now, End));

        var failure = Assert.Throws<CryptographicException>(() => SetOf(set, _authority.RevokeAs(9, Now.AddHours(1), End.AddDays(1))));

        Assert.Contains("l: the list (number 9 of ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("is older than one that counted already (number 10 of ", failure.Message, StringComparison.Ordinal);
        Assert.Throws<CryptographicException>(() => SetOf(SetOf(_authority.RevokeAs(Greatest, Now, End)), _authority.RevokeAs(Greatest - 1, Now, End)));
    }

    [Fact]
    public void Create_EqualNumber_IsTakenUnlessItsTimeIsEarlier()
    {
        var list = _authority.RevokeAs(10, Now, End);
        var set = SetOf(list);

        Assert.Null(SetOf(set, list).FindFault(Now));
        Assert.Null(SetOf(set, _authority.RevokeAs(10, Now.AddSeconds(2), End)).FindFault(Now));
        Assert.Throws<CryptographicException>(() => SetOf(set, _authority.RevokeAs(10, Now.AddSeconds(-2), End)));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Create_OneWithoutANumber_GoesByTheTime(bool hasFirst, bool hasSecond)
    {
        var set = SetOf(ListOf(hasFirst, Now));

        Assert.Null(SetOf(set, ListOf(hasSecond, Now)).FindFault(Now));
        Assert.Null(SetOf(set, ListOf(hasSecond, Now.AddSeconds(2))).FindFault(Now));
        Assert.Throws<CryptographicException>(() => SetOf(set, ListOf(hasSecond, Now.AddSeconds(-2))));
    }

    [Fact]
    public void Create_OlderAfterATimeWithoutAList_IsRefused()
    {
        X509Certificate2Collection both = [.. _authority.Collection, .. _other.Collection];
        var first = RevocationSet.Create([("l", _authority.RevokeAs(10, Now, End)), ("m", _other.Revoke(End))], both, before: null);
        var between = RevocationSet.Create([("m", _other.Revoke(End))], both, first);
        Assert.Contains("has no list", between.FindFault(Now), StringComparison.Ordinal);

        Assert.Throws<CryptographicException>(() => RevocationSet.Create([("l", _authority.RevokeAs(9, Now, End))], both, between));
    }

    [Fact]
    public void Create_AnotherAuthoritysNumber_IsItsOwn()
    {
        X509Certificate2Collection both = [.. _authority.Collection, .. _other.Collection];
        var first = RevocationSet.Create([("l", _authority.RevokeAs(10, Now, End)), ("m", _other.RevokeAs(3, Now, End))], both, before: null);

        var next = RevocationSet.Create([("l", _authority.RevokeAs(11, Now, End)), ("m", _other.RevokeAs(3, Now, End))], both, first);

        Assert.Null(next.FindFault(Now));
    }

    [Theory]
    [InlineData("0201FF")]
    [InlineData("02020001")]
    [InlineData("0200")]
    [InlineData("020101020101")]
    [InlineData("040101")]
    [InlineData("")]
    [InlineData("0215010000000000000000000000000000000000000000")]
    public void Create_NumberThatIsNone_IsRefused(string value)
    {
        var list = _authority.Resign(_authority.Revoke(End), (Number, Convert.FromHexString(value)));

        Assert.Throws<CryptographicException>(() => SetOf(list));
    }

    [Fact]
    public void Create_TwoNumbers_IsRefused()
    {
        var list = _authority.Resign(_authority.Revoke(End), (Number, [2, 1, 5]), (Number, [2, 1, 9]));

        Assert.Throws<CryptographicException>(() => SetOf(list));
        Assert.Null(SetOf(_authority.Resign(_authority.Revoke(End), (Number, [2, 1, 5]))).FindFault(Now));
    }

    [Fact]
    public void Create_RefusedList_LeavesWhatIsInForceAsItIs()
    {
        var set = SetOf(_authority.RevokeAs(10, Now, End));
        var pem = PemEncoding.WriteString("X509 CRL", _authority.RevokeAs(12, Now, End)) + "\n" + PemEncoding.WriteString("X509 CRL", _other.Revoke(End));
        Assert.Throws<CryptographicException>(() => SetOf(set, Encoding.UTF8.GetBytes(pem)));

        // The list of number 12 never counted, as it came with one that is not taken.
        Assert.Null(SetOf(set, _authority.RevokeAs(11, Now, End)).FindFault(Now));
    }

    private byte[] ListOf(bool hasNumber, DateTimeOffset begin)
    {
        var list = _authority.RevokeAs(7, begin, End);
        return hasNumber ? list : _authority.Resign(list);
    }

    private RevocationSet SetOf(byte[] list) => RevocationSet.Create([("l", list)], _authority.Collection, before: null);

    private RevocationSet SetOf(RevocationSet before, byte[] list) => RevocationSet.Create([("l", list)], _authority.Collection, before);
}
