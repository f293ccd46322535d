using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClawPdp.Server.Telemetry;

/// <summary>Counts the connections that are open.</summary>
internal sealed class OpenConnections
{
    private int _count;

    /// <summary>Gets how many there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Counts the connections of a listener.</summary>
    public static void Use(ListenOptions options)
    {
        var open = options.ApplicationServices.GetRequiredService<OpenConnections>();
        options.Use(next => async connection =>
        {
            Interlocked.Increment(ref open._count);
            try
            {
                await next(connection);
            }
            finally
            {
                Interlocked.Decrement(ref open._count);
            }
        });
    }
}
