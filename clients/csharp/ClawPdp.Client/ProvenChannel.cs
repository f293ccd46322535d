using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClawPdp.Client;

/// <summary>A channel every stub of which goes through an interceptor. Whoever made the channel below closes it.</summary>
internal sealed class ProvenChannel : ChannelBase
{
    private readonly ChannelBase _below;
    private readonly Interceptor _interceptor;

    public ProvenChannel(ChannelBase below, Interceptor interceptor)
        : base(below.Target)
    {
        _below = below;
        _interceptor = interceptor;
    }

    /// <inheritdoc/>
    public override CallInvoker CreateCallInvoker() => _below.CreateCallInvoker().Intercept(_interceptor);
}
