namespace ClawPdp.Core.Policies;

/// <summary>What values a context key has, and so which operators make sense with it.</summary>
public enum ContextValueKind
{
    /// <summary>Any text: every operator may be tried, and what does not parse is unresolvable.</summary>
    Any = 0,

    /// <summary>A name: the operators on strings.</summary>
    Name = 1,

    /// <summary>A host name or address: the operators on strings with host patterns, and IpAddress.</summary>
    Host = 2,

    /// <summary>A whole number: the numeric operators, StringEquals and StringNotEquals.</summary>
    Number = 3,

    /// <summary><c>true</c> or <c>false</c>: Bool, StringEquals and StringNotEquals.</summary>
    Boolean = 4,
}
