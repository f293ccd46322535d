using System.CommandLine;
using ClawPdp.Load.Scenarios;

// Measures the published sidecar from outside, beside the floors that its goals are stated against. README.md says how.
var root = new RootCommand("Measures ClawPdp: what is durable, what starts, what is revoked")
{
    DurableScenario.Create(),
    FillScenario.Create(),
    StartScenario.Create(),
    RevocationScenario.Create(),
    RigScenario.Create(),
    ScaleScenario.Create(),
};
return await root.Parse(args).InvokeAsync();
