using Guestwire.Agent.Channels;

namespace Guestwire.Agent.Tests;

public sealed class AgentServerTests : IDisposable
{
    private readonly AgentParts _parts = new();

    public void Dispose() => _parts.Dispose();

    [Fact]
    public void Sixteen_hosts_are_served_at_once_and_the_next_when_one_of_them_leaves()
    {
        using AgentServer server = Start();
        List<Host> hosts = [.. Enumerable.Range(0, 16).Select(_ => new Host(_parts["socket"]))];
        hosts.ForEach(host => host.Ask("guest-ping"));
        _parts.Turn();
        Assert.All(hosts, host => Assert.Equal("{\"return\": {}}\n", host.Read()));

        using Host late = new(_parts["socket"]);
        late.Ask("guest-ping");
        _parts.Turn();
        Assert.Equal("", late.Read());

        hosts[7].Dispose();
        string reply = "";
        _parts.TurnUntil(() => (reply += late.Read()).Length > 0);
        Assert.Equal("{\"return\": {}}\n", reply);
        hosts.ForEach(host => host.Dispose());
    }

    [Fact]
    public void A_host_that_leaves_while_its_command_runs_takes_no_place()
    {
        using AgentServer server = Start();
        for (int host = 0; host < 16; host++)
        {
            using Host leaving = new(_parts["socket"]);
            leaving.Ask("guest-get-fsinfo");
            _parts.Turn();
            _parts.Storage.WaitUntilEntered();
        }

        using Host next = new(_parts["socket"]);
        next.Ask("guest-ping");
        string reply = "";
        _parts.TurnUntil(() => (reply += next.Read()).Length > 0);

        Assert.Equal("{\"return\": {}}\n", reply);
    }

    [Fact]
    public void The_socket_file_goes_with_the_server()
    {
        AgentServer server = Start();
        Assert.True(File.Exists(_parts["socket"]));

        server.Dispose();

        Assert.False(File.Exists(_parts["socket"]));
    }

    [Fact]
    public void Another_agents_socket_at_the_same_path_is_left_alone()
    {
        AgentServer first = Start();
        File.Delete(_parts["socket"]);
        using AgentServer second = Start();

        first.Dispose();

        Assert.True(File.Exists(_parts["socket"]));
    }

    [Fact]
    public void A_living_agents_socket_is_not_taken_over()
    {
        using AgentServer first = Start();

        Assert.Equal(
            $"somebody listens on '{_parts["socket"]}' already; stop it or choose another path",
            Assert.Throws<ChannelException>(Start).Message);

        using Host host = new(_parts["socket"]);
        host.Ask("guest-ping");
        string reply = "";
        _parts.TurnUntil(() => (reply += host.Read()).Length > 0);
        Assert.Equal("{\"return\": {}}\n", reply);
    }

    [Fact]
    public void The_server_may_go_while_a_command_runs()
    {
        AgentServer server = Start();
        using Host host = new(_parts["socket"]);
        host.Ask("guest-get-fsinfo");
        _parts.Turn();
        _parts.Storage.WaitUntilEntered();

        server.Dispose();
        _parts.Storage.Open();

        AgentParts.WaitUntil(() => host.IsClosed);
    }

    private AgentServer Start()
    {
        AgentSettings settings = new()
        {
            Method = ChannelMethod.UnixListen,
            Path = _parts["socket"],
            StateDirectory = _parts.Folder.FullName,
            ReportedVersion = "1.2.3",
        };
        AgentServer server = new(settings, _parts.Log, _parts.Loop, _parts.Handler, _parts.Freeze);
        server.OpenChannel();
        return server;
    }
}
