using Google.Protobuf.Reflection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace ClawPdp.Server.Doors.Web;

/// <summary>A method of the contract.</summary>
internal sealed class AgentMethod
{
    private readonly Func<ServiceDescriptor> _service;
    private readonly string _name;

    public AgentMethod(Func<ServiceDescriptor> service, string name)
    {
        _service = service;
        _name = name;
    }

    /// <summary>Gets its description; the first that is asked for builds the reflection of the whole contract.</summary>
    public MethodDescriptor Descriptor => field ??= _service().FindMethodByName(_name);
}
