namespace ClawPdp.Server.Tests.Doors.Envoy;

/// <summary>What the page says to set up must be what it says that it does.</summary>
public sealed class EnvoyPageTests
{
    // Envoy tells the caller's Host. Only a dynamic forward proxy makes that the destination, and only one behind the question is asked about.
    [Fact]
    public void Sample_EgressProxy_SendsRequestsWhereItWasAskedAbout()
    {
        var page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "doors", "envoy.md"));
        string[] inOrder = ["cluster: egress }", "- name: envoy.filters.http.ext_authz\n", "- name: envoy.filters.http.dynamic_forward_proxy\n", "- name: envoy.filters.http.router\n", "- name: egress\n    lb_policy: CLUSTER_PROVIDED\n", "name: envoy.clusters.dynamic_forward_proxy\n"];
        var places = inOrder.Select(text => page.IndexOf(text, StringComparison.Ordinal)).ToArray();

        Assert.All(places, static place => Assert.True(place >= 0));
        Assert.Equal(places.Order(), places);
    }
}
