namespace ClawPdp.Server.Doors;

/// <summary>
/// One more way to the sidecar, in the words of somebody else's standard. A door translates: what it makes of a request is a question as
/// any gRPC caller could ask it, and what it answers is that question's answer. It decides nothing.
/// </summary>
internal interface IDoor
{
    /// <summary>Registers what the door needs beside what is there; by default nothing.</summary>
    void AddServices(IServiceCollection services)
    {
    }

    /// <summary>Adds the door's paths.</summary>
    void Map(IEndpointRouteBuilder routes);
}
