namespace ClawPdp.Core.Policies;

/// <summary>The actions that policies of version 2 speak of.</summary>
public enum PolicyAction
{
    /// <summary>None.</summary>
    Unspecified = 0,

    /// <summary><c>tool:execute</c>: a tool is called.</summary>
    ToolExecute = 1,

    /// <summary><c>model:invoke</c>: a model is called.</summary>
    ModelInvoke = 2,

    /// <summary><c>side_effect:network_egress</c>: a host is reached.</summary>
    NetworkEgress = 3,

    /// <summary><c>side_effect:filesystem_read</c>, which is never asked here.</summary>
    FilesystemRead = 4,

    /// <summary><c>side_effect:filesystem_write</c>, which is never asked here.</summary>
    FilesystemWrite = 5,

    /// <summary><c>side_effect:external_api_write</c>, which is never asked here.</summary>
    ExternalApiWrite = 6,
}
