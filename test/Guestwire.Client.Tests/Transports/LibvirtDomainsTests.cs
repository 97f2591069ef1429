namespace Guestwire.Client.Tests.Transports;

/// <summary>The agent's channel in the definitions of domains.</summary>
public sealed class LibvirtDomainsTests
{
    private const string Console = "<channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0' state='connected'/></channel>";

    [Fact]
    public void A_channel_of_a_domain_that_runs_has_a_state_and_a_socket() => Assert.Equal(
        new LibvirtAgentChannel(true, "/run/agent"),
        LibvirtDomains.FindAgent($"""
            <domain type='kvm'><devices>{Console}
              <channel type='unix'>
                <source mode='bind' path='/run/agent'/>
                <target type='virtio' name='org.qemu.guest_agent.0' state='connected'/>
                <alias name='channel1'/>
              </channel>
            </devices></domain>
            """));

    [Theory]
    [InlineData("<source mode='bind' path='/run/agent'/><target type='virtio' name='org.qemu.guest_agent.0' state='disconnected'/>", "/run/agent")]
    [InlineData("<target type='virtio' name='org.qemu.guest_agent.0'/>", null)]
    public void A_channel_may_be_there_without_an_agent(string channel, string? path) => Assert.Equal(
        new LibvirtAgentChannel(false, path), LibvirtDomains.FindAgent($"<domain><devices><channel type='unix'>{channel}</channel>{Console}</devices></domain>"));

    [Theory]
    [InlineData("")]
    [InlineData(Console)]
    public void Other_channels_are_none_of_an_agent(string devices) => Assert.Null(LibvirtDomains.FindAgent($"<domain><devices>{devices}</devices></domain>"));
}
