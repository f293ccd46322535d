using System.Diagnostics;
using ClawPdp.Core.Policies;
using ClawPdp.Crypto;
using ClawPdp.Server.Settings;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Policies;

/// <summary>The watched file and folder: what changes is taken up, and what is bad touches nothing else.</summary>
public sealed class PolicyWatchTests : IAsyncLifetime
{
    private readonly PurposeKey _second = TestPolicies.NewKey();
    private PolicyBed? _made;

    private PolicyBed Bed => _made ?? throw new InvalidOperationException("not started");

    private string Folder => Path.Combine(Bed.Installation.Directory, "policies");

    public async ValueTask InitializeAsync()
    {
        _made = await PolicyBed.MakeAsync((settings, folder) => settings with
        {
            Policy = settings.Policy with
            {
                DirectoryPath = Path.Combine(folder, "policies"),
                Signers = [.. settings.Policy.Signers, new PolicySigner(_second.PublicKey.Did)],
            },
        });
        Directory.CreateDirectory(Folder);
        await Bed.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Bed.DisposeAsync();
        _second.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task File_Changed_IsActivatedWithTheNextNumber()
    {
        var policy = TestPolicies.Of("changed", ["github"]);
        Replace(Bed.PolicyPath, TestPolicies.Sign(Bed.Signer, policy));

        await Bed.ReloadAsync();
        await Bed.ReloadAsync();

        Assert.Equal([(2UL, policy.PolicyHash, "file"), (1UL, Bed.Installation.PolicyHash, "file")], (await Bed.ActivationsAsync()).Select(static item => (item.ActivationNumber, item.PolicyHashB64U, item.Source)));
    }

    [Fact]
    public async Task File_OfTheActivePolicySignedAnew_IsNoActivation()
    {
        var policy = TestPolicies.Of("policy", ["github"]);
        Replace(Bed.PolicyPath, TestPolicies.Sign(Bed.Signer, policy, DateTimeOffset.UnixEpoch));
        await Bed.ReloadAsync();
        Replace(Bed.PolicyPath, TestPolicies.Sign(Bed.Signer, policy, DateTimeOffset.UnixEpoch.AddDays(1)));
        await Bed.ReloadAsync();

        Assert.Equal(2, (await Bed.ActivationsAsync()).Count);
        Assert.Empty(Bed.FaultOf("policy"));
    }

    [Fact]
    public async Task File_UnchangedAfterAnActivationByCommand_DoesNotUndoIt()
    {
        var hash = await Bed.HoldAsync(TestPolicies.Of("commanded", ["github"]));
        await Bed.ActivateAsync(hash);
        File.SetLastWriteTimeUtc(Bed.PolicyPath, DateTime.UnixEpoch);

        await Bed.ReloadAsync();

        Assert.Equal(hash, (await Bed.ActiveAsync())?.Policy.PolicyHashB64U);
    }

    [Fact]
    public async Task File_Bad_KeepsTheLastGoodShowsCountsAndIsForgottenOnceMended()
    {
        var good = await File.ReadAllBytesAsync(Bed.PolicyPath, TestContext.Current.CancellationToken);
        Replace(Bed.PolicyPath, good[..^1]);
        await Bed.ReloadAsync();
        await Bed.ReloadAsync();
        var (fault, health, active) = (Bed.FaultOf("policy"), await Bed.HealthAsync(), await Bed.ActiveAsync());
        var (files, decisions) = (await Bed.StatusAsync("clawpdp.files"), await Bed.StatusAsync("clawpdp.v1.DecisionService"));
        var failures = Bed.Measured("clawpdp.policy.reload_failures");
        Replace(Bed.PolicyPath, TestPolicies.Sign(Bed.Signer, TestPolicies.Of("mended", ["github"])));

        await Bed.ReloadAsync();

        Assert.StartsWith(Bed.PolicyPath, fault, StringComparison.Ordinal);
        Assert.Contains(fault, health, StringComparison.Ordinal);
        Assert.Equal(Bed.Installation.PolicyHash, active?.Policy.PolicyHashB64U);
        Assert.Equal(("", "mended"), (Bed.FaultOf("policy"), (await Bed.ActiveAsync())?.Policy.PolicyId));
        Assert.Equal(("NotServing", "Serving", "Serving"), (files, decisions, await Bed.StatusAsync("clawpdp.files")));
        Assert.True(failures >= 1);
        Assert.True(Bed.Measured("clawpdp.policy.activations") >= 1);
        Assert.True(Bed.Measured("clawpdp.policy.activation_number") >= 2);
    }

    [Fact]
    public async Task File_OfAPolicyWhoseParentComesLater_IsActivatedThen()
    {
        var parent = TestPolicies.Of("parent", ["github"]);
        var child = TestPolicies.Of("child", ["github"], parent.PolicyHash);
        Replace(Bed.PolicyPath, TestPolicies.Sign(Bed.Signer, child));
        await Bed.ReloadAsync();
        var before = await Bed.ActiveAsync();
        Write("parent.json", parent);

        await Bed.ReloadAsync();

        Assert.Equal((Bed.Installation.PolicyHash, child.PolicyHash), (before?.Policy.PolicyHashB64U, (await Bed.ActiveAsync())?.Policy.PolicyHashB64U));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SignedAnew_TheFirstKeyIsRevokedLater_GoesOnUnderTheOther(bool isFile)
    {
        var token = (await Bed.TokenAsync()).Cst;
        var policy = TestPolicies.Of("policy", ["github"]);
        await Bed.ActivateAsync(await Bed.HoldAsync(policy));
        Replace(isFile ? Bed.PolicyPath : Path.Combine(Folder, "anew.json"), TestPolicies.Sign(_second, policy));
        await Bed.ReloadAsync();
        await Bed.RestartAsync();

        await Bed.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Kid = Bed.Signer.PublicKey.KeyId });
        var before = await Bed.AskAsync(token);
        await Bed.ReloadAsync();
        var after = await Bed.AskAsync(token);

        Assert.Equal((ReasonCode.PolicyMissing, Effect.Allow), (before.ReasonCode, after.Effect));
        Assert.Equal(2, (await Bed.ActivationsAsync()).Count);
    }

    [Fact]
    public async Task Directory_Pipe_IsAFaultAndNothingWaits()
    {
        using var made = Process.Start("mkfifo", Path.Combine(Folder, "pipe.json"));
        await made.WaitForExitAsync(TestContext.Current.CancellationToken);

        await Bed.ReloadAsync();

        Assert.Contains("pipe.json", Bed.FaultOf("policy directory"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Directory_NewFile_IsHeldAndNotActive()
    {
        var policy = TestPolicies.Of("one", ["github"]);
        Write("one.json", policy);

        await Bed.ReloadAsync();

        Assert.Contains(policy.PolicyHash, await HeldAsync());
        Assert.Equal(Bed.Installation.PolicyHash, (await Bed.ActiveAsync())?.Policy.PolicyHashB64U);
    }

    [Fact]
    public async Task Directory_ChildBeforeItsParents_HoldsThemAll()
    {
        var root = TestPolicies.Of("root", ["github"]);
        var middle = TestPolicies.Of("middle", ["github"], root.PolicyHash);
        var leaf = TestPolicies.Of("leaf", ["github"], middle.PolicyHash);
        Write("a.json", leaf);
        Write("b.json", middle);
        Write("c.json", root);

        await Bed.ReloadAsync();

        Assert.Empty(Bed.FaultOf("policy directory"));
        var held = await HeldAsync();
        Assert.All((string[])[root.PolicyHash, middle.PolicyHash, leaf.PolicyHash], hash => Assert.Contains(hash, held));
    }

    [Fact]
    public async Task Directory_HalfWrittenFile_IsAFaultAndTheOthersAreHeld()
    {
        var (good, half) = (TestPolicies.Of("good", ["github"]), TestPolicies.Of("half", ["github"]));
        var text = TestPolicies.Sign(Bed.Signer, half);
        Write("b-good.json", good);
        await File.WriteAllBytesAsync(Path.Combine(Folder, "a-half.json"), text.AsMemory(0, text.Length / 2), TestContext.Current.CancellationToken);
        await Bed.ReloadAsync();
        var (fault, held) = (Bed.FaultOf("policy directory"), await HeldAsync());
        await File.WriteAllBytesAsync(Path.Combine(Folder, "a-half.json"), text, TestContext.Current.CancellationToken);

        await Bed.ReloadAsync();

        Assert.StartsWith(Path.Combine(Folder, "a-half.json"), fault, StringComparison.Ordinal);
        Assert.Contains(good.PolicyHash, held);
        Assert.DoesNotContain(half.PolicyHash, held);
        Assert.Equal("", Bed.FaultOf("policy directory"));
        Assert.Contains(half.PolicyHash, await HeldAsync());
    }

    [Theory]
    [InlineData(".hidden.json")]
    [InlineData("policy.json.tmp")]
    [InlineData("policy.jsonx")]
    public async Task Directory_NameThatDoesNotCount_IsSkipped(string name)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, name), "{", TestContext.Current.CancellationToken);

        await Bed.ReloadAsync();

        Assert.Empty(Bed.FaultOf("policy directory"));
    }

    [Fact]
    public async Task Directory_AtomicRename_IsTakenUp()
    {
        var (first, second) = (TestPolicies.Of("first", ["github"]), TestPolicies.Of("second", ["github"]));
        Replace(Path.Combine(Folder, "policy.json"), TestPolicies.Sign(Bed.Signer, first));
        await Bed.ReloadAsync();
        Replace(Path.Combine(Folder, "policy.json"), TestPolicies.Sign(Bed.Signer, second));
        await Bed.ReloadAsync();

        // What went away stays held: going back must be possible.
        var held = await HeldAsync();
        Assert.All((string[])[first.PolicyHash, second.PolicyHash], hash => Assert.Contains(hash, held));
    }

    [Fact]
    public async Task Directory_ConfigMapSwap_IsTakenUp()
    {
        var (first, second) = (TestPolicies.Of("first", ["github"]), TestPolicies.Of("second", ["github"]));
        Mount("..2026_01_01", first);
        Directory.CreateSymbolicLink(Path.Combine(Folder, "..data"), "..2026_01_01");
        File.CreateSymbolicLink(Path.Combine(Folder, "policy.json"), Path.Combine("..data", "policy.json"));
        await Bed.ReloadAsync();
        var before = await HeldAsync();

        Mount("..2026_01_02", second);
        Directory.CreateSymbolicLink(Path.Combine(Folder, "..data_tmp"), "..2026_01_02");
        // The kubelet's rename(2): the runtime's own moves follow the link, or replace nothing.
        using var rename = Process.Start("mv", ["-T", Path.Combine(Folder, "..data_tmp"), Path.Combine(Folder, "..data")]);
        await rename.WaitForExitAsync(TestContext.Current.CancellationToken);
        Directory.Delete(Path.Combine(Folder, "..2026_01_01"), recursive: true);
        await Bed.ReloadAsync();

        Assert.Contains(first.PolicyHash, before);
        Assert.DoesNotContain(second.PolicyHash, before);
        Assert.Contains(second.PolicyHash, await HeldAsync());
        Assert.Empty(Bed.FaultOf("policy directory"));
    }

    [Fact]
    public async Task Directory_GoneAndBack_IsAFaultMeanwhile()
    {
        Directory.Delete(Folder);
        await Bed.ReloadAsync();
        var fault = Bed.FaultOf("policy directory");
        Directory.CreateDirectory(Folder);
        await Bed.ReloadAsync();

        Assert.EndsWith("there is no such folder", fault, StringComparison.Ordinal);
        Assert.Empty(Bed.FaultOf("policy directory"));
    }

    private static void Replace(string path, byte[] content)
    {
        File.WriteAllBytes(path + ".tmp", content);
        File.Move(path + ".tmp", path, overwrite: true);
    }

    private void Write(string name, WorkPolicyContract policy) => File.WriteAllBytes(Path.Combine(Folder, name), TestPolicies.Sign(Bed.Signer, policy));

    private void Mount(string name, WorkPolicyContract policy)
    {
        Directory.CreateDirectory(Path.Combine(Folder, name));
        Write(Path.Combine(name, "policy.json"), policy);
    }

    private async Task<List<string>> HeldAsync() =>
        [.. (await Bed.Policies.ListPoliciesAsync(new V1.ListPoliciesRequest { PageSize = 200 })).Policies.Select(static item => item.Policy.PolicyHashB64U)];
}
