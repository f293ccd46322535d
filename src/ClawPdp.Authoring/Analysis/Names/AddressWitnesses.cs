using ClawPdp.Core.Grammar;

namespace ClawPdp.Authoring.Analysis.Names;

/// <summary>Addresses that tell blocks apart: where one begins and where it has just ended, something else begins as well.</summary>
internal static class AddressWitnesses
{
    /// <summary>Gives, for each family, the first address, and of each block the first, the last, and those before and after it.</summary>
    public static IEnumerable<IpAddress> Of(IEnumerable<IpNetwork> networks)
    {
        yield return new IpAddress(IsV6: false, UInt128.Zero);
        yield return new IpAddress(IsV6: true, UInt128.Zero);
        foreach (var network in networks)
        {
            var width = network.Start.Width;
            var greatest = width == 128 ? UInt128.MaxValue : uint.MaxValue;
            var last = network.Start.Bits | (network.Length == 0 ? greatest : greatest >> network.Length);
            yield return network.Start;
            yield return network.Start with { Bits = last };
            if (network.Start.Bits > UInt128.Zero)
            {
                yield return network.Start with { Bits = network.Start.Bits - 1 };
            }

            if (last < greatest)
            {
                yield return network.Start with { Bits = last + 1 };
            }
        }
    }
}
