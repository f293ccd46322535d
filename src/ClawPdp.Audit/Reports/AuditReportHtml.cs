using System.Globalization;

namespace ClawPdp.Audit.Reports;

/// <summary>Writes a report as one HTML page that needs nothing from outside and runs no script.</summary>
public static class AuditReportHtml
{
    /// <summary>Gives the page.</summary>
    public static string Write(AuditReport report)
    {
        var page = new HtmlText();
        page.Raw("<!doctype html>").Raw("<html lang=\"en\">").Raw("<head>").Raw("<meta charset=\"utf-8\">")
            .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
            .Element("title", $"Audit of {Name(report)}: {(report.Holds ? "holds" : "does not hold")}")
            .Raw("<style>" + ReportStyle.Sheet + "</style>").Raw("</head>").Raw("<body>").Raw("<main>");
        WriteBanner(page, report);
        WriteWho(page, report);
        WriteAnswers(page, report);
        WriteLists(page, report);
        WriteTimeline(page, report);
        page.Raw("<footer><p>Hashes are SHA-256, in base64url unless hexadecimal; times are UTC. This page is a reading of the evidence: the evidence file and the trusted keys are what counts, and <code>clawpdp audit verify</code> repeats every check.</p></footer>")
            .Raw("</main>").Raw("</body>").Raw("</html>");
        return page.ToString();
    }

    private static string Name(AuditReport report) => report.RunId.Length > 0 ? report.RunId : "an unreadable file";

    private static void WriteBanner(HtmlText page, AuditReport report)
    {
        var good = report.Answers.Count(static answer => answer.Status == AnswerStatus.Holds);
        page.Raw($"<header class=\"{(report.Holds ? "good" : "bad")}\">")
            .Element("p class=\"mark\"", report.Holds ? "\u2713" : "\u2717")
            .Raw("<div>")
            .Element("h1", report.Holds ? "The run holds" : "The run does not hold")
            .Element("p", string.Create(CultureInfo.InvariantCulture, $"{good} of {report.Answers.Length} questions hold \u00b7 run {Name(report)} \u00b7 audited {report.AuditedAt}"))
            .Raw("</div>").Raw("</header>");
    }

    // The few facts that a reader looks for first.
    private static void WriteWho(HtmlText page, AuditReport report)
    {
        page.Raw("<dl class=\"who\">");
        foreach (var (id, name, label) in new[]
        {
            ("identity", "subject", "User"), ("identity", "issuer", "Signed in at"), ("identity", "groups", "Groups"), ("bundles", "signed by the agent", "Agent"),
            ("mapping", "scope", "Allowed"), ("completeness", "state", "State"),
        })
        {
            var values = report.Answers.Where(answer => string.Equals(answer.Id, id, StringComparison.Ordinal)).SelectMany(static answer => answer.Evidence)
                .Where(item => string.Equals(item.Name, name, StringComparison.Ordinal)).Select(static item => item.Value).Distinct(StringComparer.Ordinal).ToList();
            if (values.Count > 0)
            {
                page.Element("dt", label).Element("dd", string.Join("; ", values));
            }
        }

        page.Raw("</dl>");
    }

    private static void WriteAnswers(HtmlText page, AuditReport report)
    {
        page.Raw("<section>").Element("h2", "Questions");
        foreach (var answer in report.Answers.OrderBy(static answer => answer.Status == AnswerStatus.Holds))
        {
            var isGood = answer.Status == AnswerStatus.Holds;
            page.Raw($"<details class=\"{(isGood ? "good" : "bad")}\"{(isGood ? "" : " open")}>").Raw("<summary>")
                .Element("span class=\"verdict\"", answer.Status switch { AnswerStatus.Holds => "Holds", AnswerStatus.Fails => "Fails", _ => "Not answered" })
                .Element("strong", answer.Question)
                .Element("span class=\"answer\"", answer.Answer)
                .Raw("</summary>");
            WriteProblems(page, answer);
            WriteEvidence(page, answer);
            page.Raw("</details>");
        }

        page.Raw("</section>");
    }

    private static void WriteProblems(HtmlText page, AuditAnswer answer)
    {
        if (answer.Problems.IsEmpty)
        {
            return;
        }

        page.Raw("<ul class=\"problems\">");
        foreach (var problem in answer.Problems)
        {
            page.Raw("<li>").Element("code", problem.Code).Element("span", problem.Message).Raw("</li>");
        }

        page.Raw("</ul>");
    }

    private static void WriteEvidence(HtmlText page, AuditAnswer answer)
    {
        if (answer.Evidence.IsEmpty)
        {
            return;
        }

        page.Raw("<dl>");
        foreach (var (name, value) in answer.Evidence)
        {
            page.Element("dt", name).Element("dd", value);
        }

        page.Raw("</dl>");
    }

    private static void WriteLists(HtmlText page, AuditReport report)
    {
        page.Raw("<section>").Element("h2", "Worth knowing");
        foreach (var list in report.Lists)
        {
            page.Element("h3", string.Create(CultureInfo.InvariantCulture, $"{list.Title} ({list.Items.Length})"));
            if (list.Items.IsEmpty)
            {
                page.Raw("<p class=\"none\">None.</p>");
                continue;
            }

            page.Raw("<ul>");
            foreach (var item in list.Items)
            {
                page.Element("li", item);
            }

            page.Raw("</ul>");
        }

        page.Raw("</section>");
    }

    private static void WriteTimeline(HtmlText page, AuditReport report)
    {
        page.Raw("<section>").Element("h2", "Time line").Raw("<ol class=\"line\">");
        foreach (var item in report.Timeline)
        {
            page.Raw($"<li class=\"{item.Tone}\">")
                .Element("time", Shortened(item.Time))
                .Element("strong", item.Title)
                .Element("small", string.Create(CultureInfo.InvariantCulture, $"record {item.Sequence} \u00b7 {item.Kind} \u00b7 {item.Detail}"))
                .Raw("</li>");
        }

        page.Raw("</ol>").Raw("</section>");
    }

    // Seven digits of a second are for machines.
    private static string Shortened(string time)
    {
        var point = time.IndexOf('.', StringComparison.Ordinal);
        return point > 0 && time.EndsWith('Z') && time.Length > point + 4 ? time[..(point + 4)] + "Z" : time;
    }
}
