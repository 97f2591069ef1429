namespace Guestwire.Cli.Tests;

/// <summary>A guest as agents describe it.</summary>
internal static class GuestReplies
{
    internal const string Interfaces = """
        [{"name": "lo", "hardware-address": "00:00:00:00:00:00", "ip-addresses": [{"ip-address": "127.0.0.1", "ip-address-type": "ipv4", "prefix": 8}]},
         {"name": "eth0", "hardware-address": "52:54:00:12:34:56",
          "ip-addresses": [{"ip-address": "192.0.2.7", "ip-address-type": "ipv4", "prefix": 24}, {"ip-address": "fe80::1", "ip-address-type": "ipv6", "prefix": 64}],
          "statistics": {"rx-bytes": 2048, "rx-packets": 3, "rx-errs": 1, "rx-dropped": 2, "tx-bytes": 1048576, "tx-packets": 5, "tx-errs": 0, "tx-dropped": 0}}]
        """;

    internal const string Filesystems = """
        [{"name": "vda1", "mountpoint": "/", "type": "ext4", "used-bytes": 1610612736, "total-bytes": 4294967296,
          "disk": [{"pci-controller": {"domain": 0, "bus": 0, "slot": 2, "function": 0}, "bus-type": "virtio", "bus": 0, "target": 0, "unit": 0, "dev": "/dev/vda1"}]},
         {"name": "vdb", "mountpoint": "/data", "type": "xfs", "disk": []}]
        """;

    internal const string Memory = """
        {"total-bytes": 4294967296, "available-bytes": 3221225472, "free-bytes": 1073741824, "buffers-bytes": 0, "cached-bytes": 0,
         "swap-total-bytes": 0, "swap-free-bytes": 0}
        """;

    internal const string System = """
        {"id": "debian", "name": "Debian GNU/Linux", "pretty-name": "Debian GNU/Linux 12 (bookworm)", "kernel-release": "6.1.0", "machine": "x86_64"}
        """;

    /// <summary>Guestwire's agent on a Debian, with all that tells about it.</summary>
    internal static FakeAgent StartComplete() => StartStock("10.2.0")
        .Returns("guest-get-load", """{"load1m": 0.5, "load5m": 0.25, "load15m": 0.125}""")
        .Returns("__org.guestwire_get-memory", Memory);

    /// <summary>Debian's qemu-ga on the same.</summary>
    internal static FakeAgent StartStock(string version = "7.2.22") => FakeAgent.Start(version)
        .Returns("guest-get-host-name", """{"host-name": "web1"}""")
        .Returns("guest-get-osinfo", System)
        .Returns("guest-get-timezone", """{"zone": "CEST", "offset": 7200}""")
        .Returns("guest-get-time", "1782907201500000000")
        .Returns("guest-get-vcpus", """[{"logical-id": 1, "online": false, "can-offline": true}, {"logical-id": 0, "online": true, "can-offline": false}]""")
        .Returns("guest-network-get-interfaces", Interfaces)
        .Returns("guest-get-fsinfo", Filesystems)
        .Returns("guest-get-users", """[{"user": "root", "login-time": 1782900000.5}, {"user": "root", "login-time": 1782900001.5}]""")
        .Returns("guest-fsfreeze-status", "\"thawed\"");
}
