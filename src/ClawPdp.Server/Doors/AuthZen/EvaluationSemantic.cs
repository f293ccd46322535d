namespace ClawPdp.Server.Doors.AuthZen;

/// <summary>How far a batch goes.</summary>
internal enum EvaluationSemantic
{
    /// <summary>Every question is answered.</summary>
    ExecuteAll = 0,

    /// <summary>The first denial is the last answer.</summary>
    DenyOnFirstDeny = 1,

    /// <summary>The first permission is the last answer.</summary>
    PermitOnFirstPermit = 2,
}
