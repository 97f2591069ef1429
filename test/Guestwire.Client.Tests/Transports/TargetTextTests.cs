namespace Guestwire.Client.Tests.Transports;

/// <summary>Targets as people write them.</summary>
public sealed class TargetTextTests
{
    public static TheoryData<string, GuestTransport> Targets => new()
    {
        { "unix:/run/agent.sock", new UnixTransport("/run/agent.sock") },
        { "unix:a:b", new UnixTransport("a:b") },
        { "vsock:3:1234", new VsockTransport(3, 1234) },
        { "vsock:4294967295:4294967295", new VsockTransport(uint.MaxValue, uint.MaxValue) },
        { "serial:/dev/pts/3", new SerialTransport("/dev/pts/3") },
        { "libvirt:web1", new LibvirtTransport(null, "web1") },
        { "libvirt:qemu:///system/web1", new LibvirtTransport("qemu:///system", "web1") },
        { "libvirt:qemu+ssh://root@host:22/system/web:1", new LibvirtTransport("qemu+ssh://root@host:22/system", "web:1") },
        {
            "libvirt:qemu+unix:///system?socket=/run/libvirt/libvirt-sock/web1",
            new LibvirtTransport("qemu+unix:///system?socket=/run/libvirt/libvirt-sock", "web1")
        },
        { "libvirt:test:///default/test", new LibvirtTransport("test:///default", "test") },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_target_is_read_and_written_back(string target, GuestTransport expected)
    {
        GuestTransport transport = GuestTransport.Parse(target);

        Assert.Equal(expected, transport);
        Assert.Equal(target, transport.ToString());
    }

    [Fact]
    public void A_machine_of_proxmox_is_its_socket() =>
        Assert.Equal(new UnixTransport("/var/run/qemu-server/101.qga"), GuestTransport.Parse("pve:101"));

    [Theory]
    [InlineData("")]
    [InlineData("web1")]
    [InlineData("unix:")]
    [InlineData("UNIX:/run/agent.sock")]
    [InlineData("tcp:host:1")]
    [InlineData("vsock:3")]
    [InlineData("vsock:3:")]
    [InlineData("vsock:-1:1")]
    [InlineData("vsock:3:1:2")]
    [InlineData("vsock:4294967296:1")]
    [InlineData("pve:web1")]
    [InlineData("pve:-1")]
    [InlineData("libvirt:")]
    [InlineData("libvirt:/web1")]
    [InlineData("libvirt:qemu:///system/")]
    [InlineData("libvirt:qemu:///system")]
    [InlineData("libvirt:qemu+ssh://host/system")]
    public void What_names_no_guest_is_refused(string target)
    {
        FormatException error = Assert.Throws<FormatException>(() => GuestTransport.Parse(target));

        Assert.Contains("unix:PATH", error.Message, StringComparison.Ordinal);
    }
}
