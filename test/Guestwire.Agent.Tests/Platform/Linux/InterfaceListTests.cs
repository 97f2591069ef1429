using System.Globalization;
using System.Text;
using Guestwire.Agent.Interop.Linux;
using Guestwire.Agent.Platform.Linux;
using Guestwire.Protocol;

namespace Guestwire.Agent.Tests.Platform.Linux;

public sealed class InterfaceListTests
{
    private readonly InterfaceList _list = new();

    [Fact]
    public void Interfaces_come_once_each_in_the_order_of_first_appearance()
    {
        Add("lo", Libc.AF_PACKET, [0, 0, 0, 0, 0, 0]);
        Add("eth0", 0, []);
        Add("lo", Libc.AF_INET, [127, 0, 0, 1], 8);
        Add("eth0:1", Libc.AF_INET, [10, 0, 0, 1], 24);
        Add("lo", Libc.AF_INET6, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 128);

        List<GuestNetworkInterface> interfaces = _list.Describe(name => "asked for " + name);

        Assert.Equal(["lo", "eth0", "eth0:1"], interfaces.Select(entry => entry.Name));
        Assert.Equal(
            [
                new GuestIpAddress { IpAddress = "127.0.0.1", IpAddressType = GuestIpAddressType.Ipv4, Prefix = 8 },
                new GuestIpAddress { IpAddress = "::1", IpAddressType = GuestIpAddressType.Ipv6, Prefix = 128 },
            ],
            interfaces[0].IpAddresses!);
        Assert.Null(interfaces[1].IpAddresses);
        Assert.Equal(["00:00:00:00:00:00", "asked for eth0", "asked for eth0:1"], interfaces.Select(entry => entry.HardwareAddress));
    }

    [Theory]
    [InlineData("", "00:00:00:00:00:00")]
    [InlineData("0AF0", "0a:f0:00:00:00:00")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF01234567", "01:23:45:67:89:ab")]
    public void Six_bytes_of_a_hardware_address_are_shown_whatever_its_length(string address, string expected) =>
        Assert.Equal(expected, InterfaceList.HardwareText(Convert.FromHexString(address)));

    [Fact]
    public void Counters_go_to_the_interfaces_that_there_are()
    {
        StringBuilder counters = new("Inter-|   Receive\n face |bytes\n gone: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
        for (int i = 0; i < 2000; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"eth{i}");
            Add(name, Libc.AF_PACKET, [0, 0, 0, 0, 0, 0]);
            counters.Append(CultureInfo.InvariantCulture, $"{name,6}: {i} 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
        }

        Add("silent", 0, []);
        _list.AddCounters(Encoding.UTF8.GetBytes(counters.ToString().TrimEnd()));
        List<GuestNetworkInterface> interfaces = _list.Describe(_ => null);

        Assert.Equal(2001, interfaces.Count);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => (ulong)i), interfaces.Take(2000).Select(entry => entry.Statistics!.RxBytes));
        Assert.Null(interfaces[2000].Statistics);
        Assert.Null(interfaces[2000].HardwareAddress);
    }

    [Fact]
    public void A_name_longer_than_the_kernel_has_them_is_a_name()
    {
        string name = new('é', 100);
        Add(name, 0, []);
        Add(name, Libc.AF_INET, [10, 0, 0, 1], 8);

        Assert.Equal(name, Assert.Single(_list.Describe(_ => null)).Name);
    }

    private void Add(string name, int family, byte[] address, int prefixBits = 0) =>
        _list.Add(new InterfaceAddress(Encoding.UTF8.GetBytes(name), family, address, prefixBits));
}
