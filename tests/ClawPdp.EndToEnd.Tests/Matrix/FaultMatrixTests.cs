namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>Every fault, seen through every door and client, by the published binary: never a grant, always within a time, and what the page says.</summary>
[Collection(BreakingTests.Name)]
public sealed class FaultMatrixTests : IClassFixture<MatrixClients>
{
    private readonly MatrixClients _clients;

    public FaultMatrixTests(MatrixClients clients) => _clients = clients;

    [Fact]
    public async Task EachFault_ThroughEachDoor_IsDeniedInTime()
    {
        MatrixClients.Require();
        await _clients.StartAsync();
        IReadOnlyList<MatrixDoor> doors = [.. MatrixTable.OfFaults.SelectMany(static table => table.Columns)];
        var rows = new List<MatrixRow>();
        foreach (var fault in MatrixFault.All)
        {
            await using var scene = await MatrixScene.StartAsync(_clients);
            await scene.WarmAsync();
            await fault.BreakAsync(scene);
            await scene.Place.WriteAsync();
            rows.Add(await MatrixRow.AskAsync(fault.Name, fault.Kind, fault.Answers, doors, scene.Place));
        }

        Check(rows);
        foreach (var table in MatrixTable.OfFaults)
        {
            table.Settle(rows);
        }
    }

    [Fact]
    public async Task EachFaultOfAProvider_ForEachCaller_GivesNoToken()
    {
        MatrixClients.Require();
        await _clients.StartAsync();
        await using var scene = await ProviderScene.StartAsync(_clients);
        var rows = new List<MatrixRow>();
        foreach (var fault in ProviderFault.All)
        {
            rows.Add(await MatrixRow.AskAsync(fault.Name, fault.Kind, [fault.Answer], MatrixTable.OfProviders.Columns, await scene.PlaceOfAsync(fault)));
        }

        Check(rows);
        MatrixTable.OfProviders.Settle(rows);
    }

    [Fact]
    public async Task EachFaultOnTheCallersSide_ForEachClient_IsDenied()
    {
        MatrixClients.Require();
        await _clients.StartAsync();
        await using var scene = await MatrixScene.StartAsync(_clients);
        await using var stranger = new LocalIssuer(IssuerFault.UntrustedCertificate);
        var rows = new List<MatrixRow>();
        foreach (var fault in CallerFault.All)
        {
            scene.Place.Verb = fault.Verb;
            scene.Place.Stranger = new Uri(stranger.Url).Authority;
            rows.Add(await MatrixRow.AskAsync(fault.Name, fault.Kind, fault.Answers, MatrixTable.OfCallers.Columns, scene.Place));
        }

        Check(rows);
        MatrixTable.OfCallers.Settle(rows);
    }

    // All at once: one look shows which callers a mistake concerns.
    private static void Check(IEnumerable<MatrixRow> rows)
    {
        var faults = rows.SelectMany(static row => row.Faults()).ToList();
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
