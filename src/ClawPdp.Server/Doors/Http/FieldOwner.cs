namespace ClawPdp.Server.Doors.Http;

/// <summary>Who may state a field of a question.</summary>
internal enum FieldOwner
{
    /// <summary>The caller alone.</summary>
    Caller = 0,

    /// <summary>The operator, and where the operator says nothing, the caller.</summary>
    Either,

    /// <summary>The operator alone; a caller can only repeat it.</summary>
    Operator,
}
