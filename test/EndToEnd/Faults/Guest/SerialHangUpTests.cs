using System.Globalization;
using EndToEnd.DebianGuest;
using EndToEnd.Play;
using EndToEnd.VirtualMachine;

namespace EndToEnd.Faults.Guest;

/// <summary>A serial line whose host closes and comes back, and one that hangs up.</summary>
[Trait("Suite", "guest-faults")]
[Collection(DebianMachine.Collection)]
public sealed class SerialHangUpTests(DebianMachine guest)
{
    private const string Line = "/dev/ttyS2";
    private const string Socket = "isa.sock";
    private const string Arguments = "--method=isa-serial --path=" + Line;

    // TIOCVHANGUP of ioctl_tty(2), upon the line: what the kernel does by itself when a modem loses its carrier. Then it waits until the agent,
    // its argument, has closed the line and opened it again: a second later, in which a shell might not get to look.
    private const string HangUp = """
        python3 -c '
        import fcntl, os, sys
        def is_open():
            folder = "/proc/" + sys.argv[1] + "/fd/"
            for name in os.listdir(folder):
                try:
                    if os.readlink(folder + name) == "/dev/ttyS2":
                        return True
                except FileNotFoundError:
                    pass
            return False
        line = os.open("/dev/ttyS2", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        fcntl.ioctl(line, 0x5437)
        while is_open():
            pass
        while not is_open():
            pass
        '
        """;

    [Fact]
    public async Task A_host_that_closes_in_mid_request_or_mid_reply_and_comes_back_is_answered_after_a_delimited_sync()
    {
        await using StartedAgent agent = await StartedAgent.StartAsync(guest.Shell, Arguments);
        await guest.WaitForAgentAsync(Socket);
        for (int round = 0; round < 6; round++)
        {
            using (LineConnection host = await guest.ConnectRawAsync(Socket))
            {
                using CancellationTokenSource deadline = new(BootedMachine.Patience);
                await host.SendAsync(
                    round % 2 == 0 ? "{\"execute\":\"guest-info\"}\n"u8.ToArray() : "{\"execute\":\"guest-file-open\",\"arguments\":{\"path\":\"/tm"u8.ToArray(),
                    deadline.Token);
                if (round % 2 == 0)
                {
                    Assert.NotEmpty(await host.ReadSomeAsync(deadline.Token));
                }
            }

            await using AgentConversation next = await guest.ConnectAsync(Socket);

            Assert.Equal("{\"return\": {}}", await next.AskLineAsync("{\"execute\":\"guest-ping\"}"));
        }

        Assert.InRange(await agent.MeasureProcessorTimeAsync(), 0, 2);
    }

    [Fact]
    public async Task A_line_that_hangs_up_is_opened_again_and_nothing_of_before_is_left()
    {
        await using StartedAgent agent = await StartedAgent.StartAsync(guest.Shell, Arguments);
        await guest.WaitForAgentAsync(Socket);
        await using (AgentConversation first = await guest.ConnectAsync(Socket))
        {
            // With its first entry in the system's log it opens the way there.
            await first.AskAsync("guest-ping");
        }

        string descriptors = await agent.ListDescriptorsAsync();
        for (int round = 0; round < 3; round++)
        {
            using LineConnection host = await guest.ConnectRawAsync(Socket);
            using CancellationTokenSource deadline = new(BootedMachine.Patience);
            AgentConversation conversation = new(host);
            await conversation.SyncAsync(round, BootedMachine.Patience);
            await host.SendAsync("{\"execute\":\"guest-file-open\",\"arguments\":{\"path\":\"/tm"u8.ToArray(), deadline.Token);
            await guest.Shell.WaitUntilRestsAsync(agent.Pid);

            await guest.Shell.DoAsync(string.Create(CultureInfo.InvariantCulture, $"{HangUp} {agent.Pid}"));
            await guest.Shell.WaitUntilRestsAsync(agent.Pid);

            Assert.Equal("{\"return\": {}}", await conversation.AskLineAsync("{\"execute\":\"guest-ping\"}"));
        }

        Assert.Equal(descriptors, await agent.ListDescriptorsAsync());
    }
}
