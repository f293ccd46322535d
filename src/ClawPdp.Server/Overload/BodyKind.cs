namespace ClawPdp.Server.Overload;

/// <summary>What a body holds, which says how long its reader keeps it.</summary>
internal enum BodyKind
{
    /// <summary>One message, kept until the body has ended: whoever sends it whole and does not end it holds it.</summary>
    One = 0,

    /// <summary>One message that is kept for as long as its answers go on, and is small therefore.</summary>
    Small,

    /// <summary>Messages one after the other, each kept until it is answered.</summary>
    Many,
}
