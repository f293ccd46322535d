using System.CommandLine;
using ClawPdp.Client;
using ClawPdp.Core.Decisions;
using ClawPdp.Server.Doors;
using ClawPdp.V1;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp policy allowed</c>: asks a sidecar what a token may use now.</summary>
internal static class AllowedCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var question = new QuestionOptions();
        var server = new Option<string>("--server") { Description = "the sidecar's gRPC address", HelpName = "URL", Required = true };
        var token = new Option<string>("--token") { Description = "the file with the token, or - for standard input", HelpName = "FILE", Required = true };
        var key = AgentOptions.HolderKey();
        var kind = new Option<string>("--kind") { Description = "what to list", HelpName = "tool|model|host", Required = true };
        kind.AcceptOnlyFromAmong("tool", "model", "host");
        var candidates = new Option<string[]>("--candidate") { Description = "a name to ask about; may be repeated", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
        var json = CommonOptions.Json();
        var command = new Command("allowed", "List what a token may use now") { server, token, key, kind, candidates, question.Provider, question.Audience, question.Context, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = new ListAllowedRequest
            {
                Cst = Input.ReadToken(parsed.GetValue(token) ?? "", token.Name),
                Kind = parsed.GetValue(kind) switch { "tool" => Dimension.Tool, "model" => Dimension.Model, _ => Dimension.Host },
                Provider = parsed.GetValue(question.Provider) ?? "",
                Audience = parsed.GetValue(question.Audience) ?? "",
            };
            request.Candidates.AddRange(parsed.GetValue(candidates) ?? []);
            request.Context.Add(question.ReadContext(parsed));
            using var held = AgentOptions.OpenHolderKey(parsed, key);
            var response = await AskAsync(SidecarAddress.Of(parsed.GetValue(server) ?? ""), held, request, cancellation);
            Print(response, parsed.GetValue(json));
            return response.Allowed is null ? ExitCodes.BadVerdict : ExitCodes.Ok;
        });
        return command;
    }

    private static Task<ListAllowedResponse> AskAsync(SidecarAddress server, HolderKey? key, ListAllowedRequest request, CancellationToken cancellation) => SidecarCall.RunAsync(
        server,
        channel => new DecisionService.DecisionServiceClient(SidecarConnection.Prove(channel, server, key)).ListAllowedAsync(request, cancellationToken: cancellation).ResponseAsync);

    private static void Print(ListAllowedResponse response, bool isJson)
    {
        if (isJson)
        {
            Output.Json(AllowedJson.Write(response));
        }
        else if (response.Allowed is { } allowed)
        {
            AllowedText.Print(allowed);
        }
        else
        {
            var reason = response.Refusal?.ReasonCode ?? V1.ReasonCode.Unspecified;
            Output.Coloured($"nothing: {ReasonCatalog.NameOf((Core.Decisions.ReasonCode)(int)reason)}: {response.Refusal?.Message}", "red");
        }
    }
}
