using ClawPdp.Bench.Plans;

namespace ClawPdp.Bench.Transport;

/// <summary>The run's connections: each a handler of its own, so that as many as were asked for are open.</summary>
internal sealed class BenchConnections : IDisposable
{
    private readonly BenchTarget _target;
    private readonly HttpMessageInvoker[] _connections;

    public BenchConnections(BenchPlan plan)
    {
        _target = plan.Target;
        _connections = [.. Enumerable.Range(0, plan.Options.Connections).Select(_ => new HttpMessageInvoker(_target.CreateHandler()))];
    }

    public UnaryCall CreateUnary(int slot, string method, int requestMax) => new(Of(slot), new Uri(_target.Address, method), requestMax);

    public HttpMessageInvoker Of(int slot) => _connections[slot % _connections.Length];

    public Uri AddressOf(string method) => new(_target.Address, method);

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }
}
