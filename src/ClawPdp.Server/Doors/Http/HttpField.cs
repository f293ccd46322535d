using ClawPdp.V1;

namespace ClawPdp.Server.Doors.Http;

/// <summary>One field of a question that a header may hold.</summary>
/// <param name="Name">Its name where the operator states it, such as <c>policy_hash</c>; the header is <c>x-claw-policy-hash</c>.</param>
/// <param name="Owner">Who may state it.</param>
/// <param name="Set">Puts it into a question.</param>
internal sealed record HttpField(string Name, FieldOwner Owner, Action<AuthorizeRequest, string> Set)
{
    /// <summary>Gets whether the operator may state it.</summary>
    public bool IsOperators => Owner != FieldOwner.Caller;

    /// <summary>Gets the name of the header.</summary>
    public string Header { get; } = HttpFields.HeaderOf(Name);
}
