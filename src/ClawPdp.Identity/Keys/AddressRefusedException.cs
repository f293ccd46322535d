namespace ClawPdp.Identity.Keys;

/// <summary>A name leads to no address that may be connected to.</summary>
internal sealed class AddressRefusedException : IOException
{
    public AddressRefusedException()
        : this("the name leads to no address that may be connected to")
    {
    }

    public AddressRefusedException(string message)
        : base(message)
    {
    }

    public AddressRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
