using System.Globalization;
using System.Net;
using ClawPdp.Floor;
using Microsoft.AspNetCore.Server.Kestrel.Core;

// The least that a gRPC server of this stack can do, for the measurements to be held against: clawpdp-floor PORT [SOCKET].
if (args.Length is 0 or > 2 || !ushort.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
{
    await Console.Error.WriteLineAsync("usage: clawpdp-floor PORT [SOCKET]");
    return 64;
}

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Listen(IPAddress.Loopback, port, static listen => listen.Protocols = HttpProtocols.Http2);
    if (args is [_, var socket])
    {
        File.Delete(socket);
        kestrel.ListenUnixSocket(socket, static listen => listen.Protocols = HttpProtocols.Http2);
    }
});
builder.Services.AddGrpc();
builder.Services.AddSingleton<FixedAnswers>();
var app = builder.Build();
app.MapGrpcService<FloorDecisionService>();
await app.RunAsync();
return 0;
