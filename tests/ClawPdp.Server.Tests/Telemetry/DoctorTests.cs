using System.Security.Cryptography.X509Certificates;
using ClawPdp.Crypto;
using ClawPdp.Identity;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Demo;
using ClawPdp.Server.Doctor;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Keys.Signers;
using ClawPdp.Server.Settings;
using ClawPdp.Server.Tests.Callers;
using ClawPdp.Server.Tests.Doors;

namespace ClawPdp.Server.Tests.Telemetry;

/// <summary>What the doctor finds of an installation, whole and with one thing wrong at a time.</summary>
public sealed class DoctorTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clawpdp-test-").FullName;
    private DemoIdentityProvider? _provider;

    private string Data => Path.Combine(_directory, "data");

    public async ValueTask InitializeAsync() => _provider = await DemoIdentityProvider.StartAsync(TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Run_GoodInstallation_FindsNothingWrong()
    {
        var findings = await LookAsync(Create());

        Assert.All(findings, static finding => Assert.True(finding.State is FindingState.Ok or FindingState.Warning, finding.ToString()));
        Assert.Equal(["clock", "descriptors", "disk", "files", "identity provider", "keys", "listen", "policy"], findings.Select(static finding => finding.Check).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.EnumerateFiles(Data, ".doctor*"));
    }

    [Fact]
    public async Task Run_OpenKeyFile_NamesTheFileAndTheCommand()
    {
        var settings = Create();
        var key = Directory.EnumerateFiles(Path.Combine(Data, "keys")).First();
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        var fault = (await LookAsync(settings)).First(static finding => finding.Check == "files" && finding.State == FindingState.Fault);

        Assert.Contains(key, fault.Message, StringComparison.Ordinal);
        Assert.Equal($"run: chmod go= {key}", fault.Remedy);
    }

    [Fact]
    public async Task Run_ProviderThatIsGone_IsAFaultWithAReason()
    {
        var settings = Create();
        await (_provider?.DisposeAsync() ?? ValueTask.CompletedTask);
        _provider = null;

        var fault = Assert.Single(await LookAsync(settings), static finding => finding.Check == "identity provider");

        Assert.Equal(FindingState.Fault, fault.State);
        Assert.NotEmpty(fault.Remedy);
    }

    [Theory]
    [InlineData("https://169.254.169.254")]
    [InlineData("https://[fd00:ec2::254]")]
    [InlineData("https://127.0.0.1.nip.invalid")]
    [InlineData("https://10.255.255.1")]
    public async Task Run_ProviderThatTheSidecarWouldNotConnectTo_IsAFaultAndNothingElseIsAsked(string issuer)
    {
        var document = new IssuerDocument { Issuer = issuer, ClientIds = ["c"], AllowPrivateAddresses = false, FetchTimeoutSeconds = 2 };
        var settings = Create() with { Issuers = [IssuerSettings.Create(document).Value] };

        var findings = await LookAsync(settings);

        var fault = Assert.Single(findings, static finding => finding.Check is "identity provider");
        Assert.Equal(FindingState.Fault, fault.State);
        Assert.Contains(issuer.EndsWith(".invalid", StringComparison.Ordinal) ? "the request failed" : "the name leads to no address that may be connected to", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(findings, static finding => finding.Check is "clock");
    }

    // One way out for all: what fetches keys, with its rules of hosts, addresses, sizes and times.
    [Fact]
    public void Sources_OfTheDoctor_MakeNoRequestOfTheirOwn()
    {
        var sources = Directory.GetFiles(Path.Combine(SourceTree.Root, "src", "ClawPdp.Server", "Doctor"), "*.cs");

        Assert.NotEmpty(sources);
        Assert.All(sources, static path => Assert.DoesNotContain("Http", File.ReadAllText(path).Replace("listen.Http", "", StringComparison.OrdinalIgnoreCase).Replace("\"HTTP\"", "", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_BadPolicy_IsAFault()
    {
        var settings = Create();
        await File.WriteAllTextAsync(Path.Combine(_directory, "policy.json"), "{}", TestContext.Current.CancellationToken);

        Assert.Contains(await LookAsync(settings), static finding => finding is { Check: "policy", State: FindingState.Fault });
    }

    [Fact]
    public async Task Run_NoDataDirectory_MakesNone()
    {
        var settings = Create();
        Directory.Delete(Data, recursive: true);

        var findings = await LookAsync(settings);

        Assert.False(Directory.Exists(Data));
        Assert.Contains(findings, static finding => finding is { Check: "files", State: FindingState.Warning });
    }

    [Theory]
    [InlineData(0, "Ok")]
    [InlineData(-20, "Warning")]
    [InlineData(3600, "Fault")]
    public void Judge_ClockAheadOfTheProviders_SaysHowBadThatIs(int seconds, string state)
    {
        var finding = IssuerExam.Judge(Create().Issuers[0], TimeSpan.FromSeconds(seconds));

        Assert.Equal((state, "clock"), (finding.State.ToString(), finding.Check));
    }

    [Fact]
    public async Task Run_SignerThatIsAway_SaysWhereToStartIt()
    {
        var settings = Create();
        using var key = Ed25519SigningKey.Generate();
        var path = Path.Combine(_directory, "s.sock");
        new KeyStore(Data, TimeProvider.System).Adopt(key.PublicKey, path, TimeSpan.Zero, overlap: null);

        var fault = Assert.Single(await LookAsync(settings), static finding => finding.Check == "signer");
        Assert.Equal(FindingState.Fault, fault.State);
        Assert.Contains("no token is issued", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--socket " + path, fault.Remedy, StringComparison.Ordinal);

        using var stopping = new CancellationTokenSource();
        using var server = new SignerServer(path, groupMayAsk: false, key.PublicKey.Raw.ToArray(), message => key.Sign(message));
        _ = server.RunAsync(stopping.Token);
        Assert.Equal(FindingState.Ok, Assert.Single(await LookAsync(settings), static finding => finding.Check == "signer").State);
        await stopping.CancelAsync();
    }

    [Fact]
    public async Task Run_ListOfRevokedCertificates_IsLookedAt()
    {
        using var authority = new TestAuthority();
        using var own = authority.Server();
        using var key = own.GetECDsaPrivateKey();
        var tls = new TlsSettings { CertificatePath = Write("tls.crt", own.ExportCertificatePem()), KeyPath = Write("tls.key", key?.ExportPkcs8PrivateKeyPem()), ClientAuthorityPath = Write("ca.crt", authority.Pem), RevocationPaths = [Path.Combine(_directory, "ca.crl")] };
        var settings = Create();
        settings = settings with { Listen = settings.Listen with { Further = [new ListenerSettings { Name = "mesh", Planes = Plane.Decision, Address = settings.Listen.Grpc, Tls = tls }] } };

        var missing = await LookAtCertificatesAsync(settings);
        await File.WriteAllBytesAsync(tls.RevocationPaths[0], authority.Revoke(DateTimeOffset.UtcNow.AddDays(1)), TestContext.Current.CancellationToken);
        var good = await LookAtCertificatesAsync(settings);
        await File.WriteAllBytesAsync(tls.RevocationPaths[0], authority.Revoke(DateTimeOffset.UtcNow.AddSeconds(-1)), TestContext.Current.CancellationToken);
        var over = await LookAtCertificatesAsync(settings);

        Assert.Equal([FindingState.Fault, FindingState.Ok, FindingState.Fault], new[] { missing, good, over }.Select(static finding => finding.State));
        Assert.Contains("cannot be read", missing.Message, StringComparison.Ordinal);
        Assert.Contains("is over since", over.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AnyFinding_HoldsNoSeed()
    {
        var settings = Create();
        var seeds = new Server.Keys.KeyStore(Data, TimeProvider.System).Load().Keys.Select(static key => Core.Encoding.Base64UrlText.Encode(key.Seed)).ToList();

        var said = string.Join('\n', await LookAsync(settings));

        Assert.NotEmpty(seeds);
        Assert.All(seeds, seed => Assert.DoesNotContain(seed, said, StringComparison.Ordinal));
    }

    private static async Task<Finding> LookAtCertificatesAsync(ServerSettings settings) =>
        Assert.Single(await LookAsync(settings), static finding => finding.Check == "certificates");

    private string Write(string name, string? content)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, content);
        return path;
    }

    private ServerSettings Create() => SettingsLoader.Load(
        DemoInstallation.Create(_directory, _provider?.Issuer ?? "", "127.0.0.1:0", "127.0.0.1:0", TimeProvider.System).ConfigPath,
        new Dictionary<string, string>(StringComparer.Ordinal)).Value;

    private static Task<IReadOnlyList<Finding>> LookAsync(ServerSettings settings) =>
        Examination.RunAsync(settings, TimeProvider.System, TestContext.Current.CancellationToken);
}
