using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Grammar;
using ClawPdp.Identity.Tokens;

namespace ClawPdp.Identity.Issuers;

/// <summary>Reads the members of an <see cref="IssuerDocument"/> in document order and keeps every fault.</summary>
internal sealed class IssuerDocumentReader
{
    private const int ClientIdCountMax = 32;
    private const int NameLengthMax = 255;
    private const int KeyHostCountMax = 16;

    private static readonly ImmutableArray<string> DefaultAlgorithms = ["RS256", "PS256", "ES256"];

    private readonly ImmutableArray<Fault>.Builder _faults = ImmutableArray.CreateBuilder<Fault>();

    public ImmutableArray<Fault> Faults => _faults.ToImmutable();

    public string Issuer(string pointer, string? value)
    {
        if (value is null)
        {
            return Refuse(pointer, "the issuer is missing");
        }

        var complaint = IssuerUrl.Check(value);
        return complaint is null ? value : Refuse(pointer, complaint);
    }

    public ImmutableArray<string> ClientIds(string pointer, IReadOnlyList<string?>? values)
    {
        if (values is null || values.Count == 0)
        {
            Refuse(pointer, "there must be a client id: without one any token of the issuer would pass");
            return [];
        }

        return Distinct(pointer, values, ClientIdCountMax, static value => IsName(value) ? null : "is not a client id");
    }

    public string GroupsClaim(string pointer, string? value)
    {
        var name = value ?? "groups";
        if (!IsName(name))
        {
            return Refuse(
                pointer, $"the claim name must have 1 to {NameLengthMax} characters, none blank or control");
        }

        return ClaimNames.IsRegistered(name)
            ? Refuse(pointer, $"`{name}` has another meaning in every ID token")
            : name;
    }

    public ImmutableArray<string> Algorithms(string pointer, IReadOnlyList<string?>? values)
    {
        if (values is null)
        {
            return DefaultAlgorithms;
        }

        if (values.Count == 0)
        {
            Refuse(pointer, "there must be an algorithm; leave the member out for the default");
            return [];
        }

        return Distinct(pointer, values, SignatureAlgorithms.Count, static value => SignatureAlgorithms.IsKnown(value)
            ? null
            : "must be one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512");
    }

    public ImmutableArray<string>? KeyHosts(string pointer, IReadOnlyList<string?>? values)
    {
        if (values is null)
        {
            return null;
        }

        var hosts = Distinct(pointer, values, KeyHostCountMax, static value => IsHost(value) ? null : "is not a host without a port, in lower case");
        return [.. hosts.Select(static host => host.Trim('[', ']'))];
    }

    public int Count(string pointer, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            Refuse(pointer, $"`{Text(value)}` is not from {Text(min)} to {Text(max)}");
        }

        return value;
    }

    public TimeSpan Seconds(string pointer, int value, int min, int max) =>
        TimeSpan.FromSeconds(Count(pointer, value, min, max));

    /// <summary>Compares two members; says nothing when one of them is out of its own range already.</summary>
    public void AtMost(string pointer, TimeSpan value, string otherPointer, TimeSpan other)
    {
        if (value > other && !_faults.Any(fault => IsAt(fault, pointer) || IsAt(fault, otherPointer)))
        {
            Refuse(pointer, $"must not be more than `{otherPointer[1..]}`");
        }
    }

    private static bool IsName(string? value) =>
        value is { Length: > 0 and <= NameLengthMax }
            && !value.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c));

    private static bool IsHost(string? value) =>
        HostName.TryParse(value, out var host) && string.Equals(host.Value.Name, value, StringComparison.Ordinal);

    private static bool IsAt(Fault fault, string pointer) =>
        string.Equals(fault.Pointer, pointer, StringComparison.Ordinal);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private ImmutableArray<string> Distinct(
        string pointer, IReadOnlyList<string?> values, int countMax, Func<string?, string?> complain)
    {
        if (values.Count > countMax)
        {
            Refuse(pointer, $"there must be at most {Text(countMax)}");
            return [];
        }

        var kept = ImmutableArray.CreateBuilder<string>(values.Count);
        for (var index = 0; index < values.Count; index++)
        {
            var value = values[index] ?? "";
            var complaint = complain(value) ?? (kept.Contains(value, StringComparer.Ordinal) ? "is there twice" : null);
            if (complaint is null)
            {
                kept.Add(value);
            }
            else
            {
                Refuse($"{pointer}/{Text(index)}", $"`{value}` {complaint}");
            }
        }

        return kept.ToImmutable();
    }

    private string Refuse(string pointer, string message)
    {
        _faults.Add(new Fault(pointer, message));
        return "";
    }
}
