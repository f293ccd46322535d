using System.CommandLine;
using System.Globalization;
using ClawPdp.Core.Json;
using ClawPdp.Ledger;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Revocations;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp revocations list|watch</c>: shows what is revoked at a running sidecar.</summary>
internal static class RevocationsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create() => new("revocations", "Show what is revoked") { List(), Watch() };

    private static Command List()
    {
        var server = new SidecarOptions();
        var json = CommonOptions.Json();
        var command = new Command("list", "List the revocations, the latest first") { server, json };
        command.SetAction((parsed, cancellation) => ListAsync(server.Read(parsed), parsed.GetValue(json), cancellation));
        return command;
    }

    private static Command Watch()
    {
        var after = new Option<long>("--after") { Description = "only what follows this sequence; 0, the default, for everything", HelpName = "N" }.Within(0, long.MaxValue);
        var server = new SidecarOptions();
        var json = CommonOptions.Json();
        var command = new Command("watch", "Print every revocation as it is made, until interrupted") { after, server, json };
        command.SetAction((parsed, cancellation) => WatchAsync(server.Read(parsed), parsed.GetValue(after), parsed.GetValue(json), cancellation));
        return command;
    }

    private static Task<int> ListAsync(SidecarAddress server, bool isJson, CancellationToken cancellation) => SidecarCall.RunAsync(server, async channel =>
    {
        var client = new TokenService.TokenServiceClient(channel);
        for (var cursor = ""; ;)
        {
            var page = await client.ListRevocationsAsync(new ListRevocationsRequest { Cursor = cursor, Limit = RequestLimits.PageSizeMax }, cancellationToken: cancellation);
            if (page.Refusal is not null)
            {
                return await SidecarCall.RefuseAsync(page.Refusal, isJson);
            }

            Print(page.Events, isJson);
            cursor = page.Cursor;
            if (cursor.Length == 0)
            {
                return ExitCodes.Ok;
            }
        }
    });

    private static Task<int> WatchAsync(SidecarAddress server, long after, bool isJson, CancellationToken cancellation) => SidecarCall.RunAsync(server, async channel =>
    {
        using var call = new TokenService.TokenServiceClient(channel).WatchRevocations(new WatchRevocationsRequest { AfterSequence = (ulong)after }, cancellationToken: cancellation);
        try
        {
            while (await call.ResponseStream.MoveNext(cancellation))
            {
                Print(call.ResponseStream.Current.Events, isJson);
            }
        }
        catch (Exception exception) when (cancellation.IsCancellationRequested && exception is RpcException or OperationCanceledException)
        {
            // Interrupted, as it was meant.
        }

        return ExitCodes.Ok;
    });

    private static void Print(IEnumerable<RevocationEvent> events, bool isJson)
    {
        foreach (var item in events)
        {
            var kind = RevocationFeedKey.NameOf((RevocationTargetKind)(int)item.Kind);
            if (isJson)
            {
                Output.Json(new JsonObjectBuilder()
                    .Add("sequence", (long)item.Sequence)
                    .Add("kind", kind)
                    .Add("value", item.Value)
                    .Add("revoked_at", PolicyJson.When(item.RevokedAt) ?? "")
                    .AddIfPresent("expires_at", PolicyJson.When(item.ExpiresAt))
                    .Add("revocation_id", item.RevocationId)
                    .AddIfPresent("reason", item.Reason)
                    .Add("revoked_by", item.RevokedBy)
                    .Build());
            }
            else
            {
                var reason = item.Reason.Length > 0 ? $"  ({item.Reason})" : "";
                Output.Line(string.Create(CultureInfo.InvariantCulture, $"{item.Sequence,8}  {PolicyJson.When(item.RevokedAt)}  {kind} {item.Value}{reason}"));
            }
        }
    }
}
