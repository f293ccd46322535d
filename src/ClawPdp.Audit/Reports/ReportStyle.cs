namespace ClawPdp.Audit.Reports;

/// <summary>How the page looks: readable in light and dark, on paper, and without colours.</summary>
internal static class ReportStyle
{
    public const string Sheet = """
        :root { color-scheme: light dark; --good: #1a7f4b; --bad: #b3261e; --ink: #1c2024; --soft: #5d6670; --line: #d7dce1; --card: #fff; --page: #f5f6f8; }
        @media (prefers-color-scheme: dark) { :root { --good: #5fd39a; --bad: #ff9d94; --ink: #e8eaed; --soft: #a3adb7; --line: #3a424a; --card: #20262c; --page: #15191d; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, Ubuntu, "DejaVu Sans", sans-serif; }
        main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
        header { display: flex; gap: 1rem; align-items: center; padding: 1.25rem 1.5rem; border-radius: .75rem; background: var(--card); border: 2px solid currentColor; }
        header.good { color: var(--good); } header.bad { color: var(--bad); }
        header h1 { margin: 0; font-size: 1.7rem; line-height: 1.2; } header p { margin: .25rem 0 0; color: var(--ink); overflow-wrap: anywhere; }
        header .mark { font-size: 2.75rem; line-height: 1; margin: 0; color: inherit; }
        h2 { margin: 2.25rem 0 .75rem; font-size: 1.25rem; } h3 { margin: 1rem 0 .25rem; font-size: 1rem; }
        dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .25rem 1rem; margin: .75rem 0; }
        dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
        .who { margin: 1.25rem 0; padding: 1rem 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
        details { margin: .5rem 0; padding: .75rem 1rem; background: var(--card); border: 1px solid var(--line); border-left: .4rem solid var(--good); border-radius: .5rem; }
        details.bad { border-left-color: var(--bad); }
        details dd, code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .85em; }
        summary { cursor: pointer; } summary .answer { display: block; color: var(--soft); overflow-wrap: anywhere; }
        .verdict { display: inline-block; min-width: 5.5rem; font-weight: 700; color: var(--good); } .bad .verdict { color: var(--bad); }
        .problems { padding-left: 1.25rem; } .problems code { margin-right: .5rem; color: var(--bad); font-weight: 700; }
        li { overflow-wrap: anywhere; } .none { margin: 0; color: var(--soft); }
        .line { list-style: none; margin: 0; padding: 0 0 0 1.25rem; border-left: 2px solid var(--line); }
        .line li { position: relative; padding: .35rem 0 .35rem .75rem; }
        .line li::before { content: ""; position: absolute; left: -1.63rem; top: .9rem; width: .65rem; height: .65rem; border-radius: 50%; background: var(--soft); }
        .line li.good::before { background: var(--good); } .line li.bad::before { background: var(--bad); border-radius: 0; }
        .line time { display: inline-block; min-width: 13.5rem; color: var(--soft); font-variant-numeric: tabular-nums; } .line small { display: block; color: var(--soft); }
        footer { margin-top: 3rem; color: var(--soft); font-size: .875rem; border-top: 1px solid var(--line); }
        @media (max-width: 36rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } .line time { display: block; } }
        @media print { body { background: none; } details { break-inside: avoid; } main { max-width: none; padding: 0; } }
        """;
}
