using ClawPdp.Server.Settings;
using ClawPdp.V1;
using Grpc.Net.Client;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Server.Tests.Overload;

/// <summary>The sidecar with little room, and a disk that can be made to stand still: another program holds the ledger's lock.</summary>
public sealed class BusySidecar : RunningSidecar
{
    internal const int CallsMax = 64;
    internal const int TokenCallsMax = 8;

    internal static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(2);

    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    /// <summary>Makes commits stand still until disposed.</summary>
    internal IDisposable HoldDisk() => new HeldLock(Path.Combine(Installation.DataDirectory, "ledger.db"));

    /// <summary>Gives a connection of its own.</summary>
    internal GrpcChannel OwnChannel() =>
        GrpcChannel.ForAddress(GrpcAddress, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false }, DisposeHttpClient = true });

    internal static SignReceiptRequest Receipt(string token, string run, string nonce) => new()
    {
        Cst = token,
        RunId = run,
        Nonce = nonce,
        ToolCall = new ToolCall { ToolName = "github", ArgsHashB64U = Hash, ResultHashB64U = Hash },
    };

    private protected override ServerSettings Adjust(ServerSettings settings) => settings with
    {
        Limits = new LimitSettings { CallsMax = CallsMax, PeerCallsMax = CallsMax / 4, TokenCallsMax = TokenCallsMax },
        ShutdownTimeout = ShutdownTimeout,
    };

    private sealed class HeldLock : IDisposable
    {
        private readonly SqliteConnection _outside;

        public HeldLock(string path)
        {
            _outside = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
            _outside.Open();
            using var begin = new SqliteCommand("BEGIN IMMEDIATE", _outside);
            begin.ExecuteNonQuery();
        }

        public void Dispose()
        {
            using var end = new SqliteCommand("ROLLBACK", _outside);
            end.ExecuteNonQuery();
            _outside.Dispose();
        }
    }
}
