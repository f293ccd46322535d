namespace ClawPdp.Server.Doors.Http;

/// <summary>Which header the token comes in.</summary>
internal enum TokenSource
{
    /// <summary><c>authorization: Bearer</c> or <c>x-cst</c>; two that differ are refused.</summary>
    Any = 0,

    /// <summary><c>x-cst</c> alone; <c>authorization</c> is the upstream's and is neither read nor removed.</summary>
    OwnHeader,

    /// <summary><c>authorization: Bearer</c> alone; <c>x-cst</c> is refused.</summary>
    Authorization,
}
