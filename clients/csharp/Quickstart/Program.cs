using ClawPdp.V1;
using Grpc.Net.Client;

var (address, cst, tool) = (args[0], await File.ReadAllTextAsync(args[1]), args[2]);
using var channel = GrpcChannel.ForAddress(address);
var decisions = new DecisionService.DecisionServiceClient(channel);
try
{
    var answer = await decisions.AuthorizeAsync(new AuthorizeRequest { Cst = cst, Tool = tool }, deadline: DateTime.UtcNow.AddSeconds(1));
    Console.WriteLine(answer.Effect == Effect.Allow ? "allowed" : $"denied: {answer.ReasonCode}: {answer.Message}");
    return answer.Effect == Effect.Allow ? 0 : 1;
}
catch (Grpc.Core.RpcException exception)
{
    Console.WriteLine($"denied: no answer ({exception.StatusCode})");
    return 1;
}
