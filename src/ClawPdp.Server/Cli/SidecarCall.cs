using ClawPdp.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClawPdp.Server.Cli;

/// <summary>Asks a running sidecar.</summary>
internal static class SidecarCall
{
    /// <summary>Makes one call.</summary>
    /// <param name="server">The sidecar.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="InputException">There is no sidecar there, or it gives no answer.</exception>
    public static async Task<T> RunAsync<T>(SidecarAddress server, Func<GrpcChannel, Task<T>> call)
    {
        using var channel = SidecarConnection.Open(server);
        try
        {
            return await call(channel);
        }
        catch (RpcException failure)
        {
            throw new InputException($"{server.Server}: {failure.StatusCode}: {failure.Status.Detail}", failure);
        }
    }

    /// <summary>Gives a reason's name as the reference has it.</summary>
    public static string NameOf(ReasonCode code) => Core.Decisions.ReasonCatalog.NameOf((Core.Decisions.ReasonCode)(int)code);

    /// <summary>Prints why the sidecar refused.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RefuseAsync(Refusal? refusal, bool isJson)
    {
        var code = NameOf(refusal?.ReasonCode ?? ReasonCode.InternalError);
        if (isJson)
        {
            Output.Json(new Core.Json.JsonObjectBuilder()
                .Add("refused", code)
                .AddIfPresent("message", refusal?.Message)
                .AddIfPresent("field", refusal?.Field)
                .AddIfPresent("offending_item", refusal?.OffendingItem)
                .Build());
        }
        else
        {
            await Output.ErrorAsync($"refused: {code}: {refusal?.Message}");
        }

        return ExitCodes.BadVerdict;
    }
}
