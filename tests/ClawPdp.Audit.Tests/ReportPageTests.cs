using ClawPdp.Audit.Reports;

namespace ClawPdp.Audit.Tests;

public sealed class ReportPageTests
{
    private const string Hostile = "</p><script>alert(1)</script><img src=\"http://example.com/x\" onerror='x'>&\u202e\u001b";

    [Fact]
    public void Write_NamesThatAreMarkup_AreTextOnThePage()
    {
        var page = AuditReportHtml.Write(new AuditReport
        {
            RunId = Hostile,
            AuditedAt = Hostile,
            Answers =
            [
                new AuditAnswer { Id = Hostile, Question = Hostile, Status = AnswerStatus.Fails, Answer = Hostile, Problems = [new AuditProblem(Hostile, Hostile, 1)], Evidence = [(Hostile, Hostile)] },
            ],
            Lists = [new AuditList(Hostile, Hostile, [Hostile])],
            Timeline = [new TimelineItem(Hostile, 1, Hostile, Hostile, Hostile, "bad")],
        });

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("onerror='", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', page);
        Assert.DoesNotContain('\u001b', page);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }
}
