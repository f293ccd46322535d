namespace ClawPdp.Server.Settings;

/// <summary>To whom tokens are bound, <c>issuance.holder</c>.</summary>
internal enum HolderMode
{
    /// <summary>To whom the request names, or to nobody.</summary>
    Optional = 0,

    /// <summary>To whom the request names; one that names nobody is refused.</summary>
    Required,

    /// <summary>To the key of the agent's DID, whatever the request says: who has not that key can get such a token, and not use it.</summary>
    AgentKey,
}
