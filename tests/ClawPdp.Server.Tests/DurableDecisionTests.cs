using ClawPdp.V1;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Server.Tests;

[Trait("Door", "published")]
public sealed class DurableDecisionTests : IClassFixture<DurableSidecar>
{
    private readonly DurableSidecar _sidecar;

    public DurableDecisionTests(DurableSidecar sidecar) => _sidecar = sidecar;

    [Theory]
    [InlineData("github", Effect.Allow)]
    [InlineData("splunk", Effect.Deny)]
    public async Task Authorize_Answered_IsOnDisk(string tool, Effect effect)
    {
        var token = await _sidecar.TokenOfAsync("alice");

        var answer = await AskAsync(token, tool);

        Assert.Equal(effect, answer.Effect);
        Assert.Equal((LogMode.Durable, 1), (answer.LogMode, CountOnDisk(answer.DecisionId)));
    }

    [Fact]
    public async Task Authorize_LedgerCannotBeWritten_DeniesAndRecovers()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        using var outside = Open();
        Run(outside, "BEGIN IMMEDIATE");

        var denied = await AskAsync(token, "github");
        Run(outside, "ROLLBACK");
        var allowed = await AskAsync(token, "github");

        Assert.Equal((Effect.Deny, ReasonCode.LedgerUnavailable), (denied.Effect, denied.ReasonCode));
        Assert.Equal(LogMode.Unspecified, denied.LogMode);
        Assert.Equal((Effect.Allow, 0, 1), (allowed.Effect, CountOnDisk(denied.DecisionId), CountOnDisk(allowed.DecisionId)));
    }

    private static long Run(SqliteConnection connection, string statement, string? value = null)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are literals of this class.
        command.CommandText = statement;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$value", value ?? "");
        return command.ExecuteScalar() as long? ?? 0;
    }

    private async Task<AuthorizeResponse> AskAsync(string token, string tool) =>
        await _sidecar.Client.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = tool, PolicyHash = _sidecar.Installation.PolicyHash });

    private SqliteConnection Open()
    {
        var file = Path.Combine(_sidecar.Installation.DataDirectory, "ledger.db");
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private long CountOnDisk(string decisionId)
    {
        using var connection = Open();
        return Run(connection, "SELECT COUNT(*) FROM decision WHERE decision_id = $value", decisionId);
    }
}
