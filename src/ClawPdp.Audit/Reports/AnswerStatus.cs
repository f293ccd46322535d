namespace ClawPdp.Audit.Reports;

/// <summary>How a question was answered. Only <see cref="Holds"/> is good.</summary>
public enum AnswerStatus
{
    /// <summary>It could not be answered, because something that it needs is missing or unreadable.</summary>
    NotAnswered = 0,

    /// <summary>All is as it should be.</summary>
    Holds = 1,

    /// <summary>Something is wrong.</summary>
    Fails = 2,
}
