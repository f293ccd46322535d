namespace ClawPdp.Server.Doors.Http;

/// <summary>Where the host that is asked for comes from. What the operator states comes before all of these.</summary>
internal enum HostSource
{
    /// <summary>The proxy: where it will send the request. The caller's own word can only repeat it.</summary>
    Destination = 0,

    /// <summary>The caller's header <c>x-claw-host</c>; without it no host is asked for.</summary>
    Header,

    /// <summary>Nowhere: no host is asked for, and a caller that names one is refused.</summary>
    None,
}
