using ClawPdp.Core.Json;
using ClawPdp.Server.Cli;

namespace ClawPdp.Server.Demo;

/// <summary>Prints each step and counts the expectations that held.</summary>
internal sealed class DemoReport
{
    private readonly bool _isJson;
    private int _count;
    private int _held;

    public DemoReport(bool isJson) => _isJson = isJson;

    /// <summary>Gets a value indicating whether there were expectations and all held.</summary>
    public bool AllHeld => _count > 0 && _held == _count;

    /// <summary>Opens a part of the story.</summary>
    public void Chapter(string title)
    {
        if (!_isJson)
        {
            Output.Line("");
            Output.Coloured(title, "bold");
        }
    }

    /// <summary>Notes an expectation.</summary>
    /// <param name="step">What was done.</param>
    /// <param name="expected">What was expected.</param>
    /// <param name="seen">What came.</param>
    public void Expect(string step, string expected, string seen)
    {
        var isHeld = string.Equals(expected, seen, StringComparison.Ordinal);
        _count++;
        _held += isHeld ? 1 : 0;
        if (_isJson)
        {
            Output.Json(new JsonObjectBuilder().Add("step", step).Add("expected", expected).Add("seen", seen).Add("held", JsonValue.Of(isHeld)).Build());
        }
        else
        {
            Output.Coloured($"  {(isHeld ? "ok  " : "FAIL")} {step}: {seen}{(isHeld ? "" : $" (expected {expected})")}", isHeld ? "green" : "red");
        }
    }

    /// <summary>Tells something that is no expectation.</summary>
    public void Tell(string name, string value)
    {
        if (_isJson)
        {
            Output.Json(new JsonObjectBuilder().Add("note", name).Add("value", value).Build());
        }
        else
        {
            Output.Line($"       {name}: {value}");
        }
    }

    /// <summary>Prints the last line.</summary>
    public void Summarise()
    {
        if (_isJson)
        {
            Output.Json(new JsonObjectBuilder().Add("summary", "demo").Add("held", _held).Add("expectations", _count).Build());
        }
        else
        {
            Output.Line("");
            Output.Line($"demo: {_held} of {_count} expectations held");
        }
    }
}
