namespace ClawPdp.Identity.Keys;

/// <summary>A name leads to no address that may be connected to.</summary>
internal sealed class AddressRefusedException : IOException
{
    public AddressRefusedException()
        : base("the name leads to no address that may be connected to")
    {
    }
}
