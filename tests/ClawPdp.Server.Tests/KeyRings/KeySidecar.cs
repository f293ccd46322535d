using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Settings;
using ClawPdp.Server.Tests.Time;
using ClawPdp.V1;
using Microsoft.Extensions.DependencyInjection;

namespace ClawPdp.Server.Tests.KeyRings;

/// <summary>The sidecar with a clock that the test sets, which looks at its keys when the test says so.</summary>
public sealed class KeySidecar : RunningSidecar
{
    public const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    internal SteppedClock System { get; } = new(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));

    internal KeyStore Keys => new(Installation.DataDirectory, System);

    internal Task LookAsync() => Services.GetRequiredService<KeyRingStore>().ReloadAsync();

    internal async Task<ImmutableArray<string>> PublishedAsync()
    {
        using var http = new HttpClient();
        var jwks = JsonReader.Parse(await http.GetByteArrayAsync(new Uri(HttpAddress + "/v1/jwks"), TestContext.Current.CancellationToken), 1 << 16).Value;
        return [.. jwks.Find("keys")?.Items.Select(static key => key.FindText("kid") ?? "") ?? []];
    }

    internal async Task<string> MetricsAsync()
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(HttpAddress + "/metrics"), TestContext.Current.CancellationToken);
    }

    internal async Task<ReasonCode> AskAsync(string token) =>
        (await Client.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "github", PolicyHash = Installation.PolicyHash })).ReasonCode;

    internal async Task<SignReceiptResponse> SignAsync(string token, string runId, string nonce) => await Client.Receipts.SignReceiptAsync(new SignReceiptRequest
    {
        Cst = token,
        RunId = runId,
        Nonce = nonce,
        ToolCall = new ToolCall { ToolName = "github", ArgsHashB64U = Hash, ResultHashB64U = Hash },
    });

    internal static string KeyIdOf(string token) => PartOf(token, 0).FindText("kid") ?? "";

    /// <summary>Signs another token with the sidecar's own key, as whoever stole it would.</summary>
    internal string Forge(string token)
    {
        using var stolen = Keys.OpenActive(KeyPurpose.Token);
        var changed = new JsonObjectBuilder();
        foreach (var member in PartOf(token, 1).Members)
        {
            changed.Add(member.Name, member.Name is "jti" ? JsonValue.Of("00000000-0000-4000-8000-00000000f0f0") : member.Value);
        }

        var input = token.Split('.')[0] + "." + Base64UrlText.Encode(JsonWriter.WriteAsReceived(changed.Build()));
        return input + "." + Base64UrlText.Encode(stolen.SignToken(global::System.Text.Encoding.ASCII.GetBytes(input)));
    }

    private protected override TimeProvider Clock => System;

    private protected override ServerSettings Adjust(ServerSettings settings) => settings with
    {
        ReloadInterval = TimeSpan.FromHours(1),
        Keys = new KeySettings { RotateAfter = ImmutableDictionary<KeyPurpose, TimeSpan>.Empty.Add(KeyPurpose.Receipt, TimeSpan.FromDays(30)) },
    };

    private static JsonValue PartOf(string token, int part)
    {
        Assert.True(Base64UrlText.TryDecode(token.Split('.')[part], out var text));
        return JsonReader.Parse(text, 1 << 16).Value;
    }
}
