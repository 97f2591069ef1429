using Guestwire.Client;
using Guestwire.Protocol;

namespace EndToEnd.Libvirt;

/// <summary>The client library through libvirt's own C library, on the domain that the tests share.</summary>
[Trait("Suite", "libvirt")]
[Collection(LibvirtMachine.Collection)]
public sealed class LibvirtClientTests(LibvirtMachine guest)
{
    [Fact]
    public async Task A_command_goes_through_and_its_reply_comes_back()
    {
        await using GuestClient client = Open("guestwire");

        GuestHostName name = await client.GuestGetHostNameAsync();

        Assert.Equal((await guest.Shell.DoAsync("hostname")).Trim(), name.HostName);
        Assert.Equal("{\"return\":{},\"id\":[1]}", await client.SendRawAsync("{\"execute\": \"guest-ping\", \"id\": [1]}"));
    }

    [Fact]
    public async Task An_error_of_the_agent_has_its_class_and_text()
    {
        await using GuestClient client = Open("guestwire");

        QapiException error = await Assert.ThrowsAsync<QapiException>(() => client.GuestFileOpenAsync("/run/no: such 'file'"));

        Assert.Equal(ErrorClass.GenericError, error.ErrorClass);
        Assert.Contains("'/run/no: such 'file''", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"The command guest-no-such-thing has not been found\"}}",
            await client.SendRawAsync("{\"execute\": \"guest-no-such-thing\"}"));
    }

    [Fact]
    public async Task A_reply_too_large_for_libvirt_fails_alone()
    {
        await guest.Shell.DoAsync("head -c 4000000 /dev/zero > /run/large");
        await using GuestClient client = Open("guestwire");
        long handle = await client.GuestFileOpenAsync("/run/large");

        IOException error = await Assert.ThrowsAsync<IOException>(() => client.GuestFileReadAsync(handle, 4_000_000));

        await client.GuestFileCloseAsync(handle);
        await guest.Shell.DoAsync("rm /run/large");
        Assert.Contains("less at once", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_largest_request_gets_through_whole()
    {
        const string Empty = "{\"execute\": \"\"}\n";
        await using GuestClient client = Open("guestwire");

        string reply = await client.SendRawAsync($"{{\"execute\": \"{new string('x', (192 * 1024) - Empty.Length)}\"}}");

        Assert.Contains("xx has not been found", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_was_stopped_is_a_timeout_and_answers_again_when_it_goes_on()
    {
        string pid = await guest.ReadAgentPidAsync();
        await using GuestClient client = Open("guestwire");
        await guest.Shell.DoAsync($"kill -STOP {pid}");

        await Assert.ThrowsAsync<TimeoutException>(() => client.WithTimeout(TimeSpan.FromSeconds(1)).GuestGetTimeAsync());
        await Assert.ThrowsAsync<TimeoutException>(() => client.GuestShutdownAsync());

        await guest.Shell.DoAsync($"kill -CONT {pid}");
        await guest.WaitUntilAgentAnswersAsync();
        Assert.Equal(GuestFsfreezeStatus.Thawed, await client.GuestFsfreezeStatusAsync());
    }

    [Fact]
    public async Task A_command_that_succeeds_in_silence_puts_the_guest_to_sleep()
    {
        await using GuestClient client = Open("guestwire");

        await client.GuestSuspendRamAsync();

        await guest.WakeAsync();
    }

    [Fact]
    public async Task A_domain_that_is_not_there_is_named()
    {
        await using GuestClient client = Open("nobody");

        Assert.Contains("'nobody'", (await Assert.ThrowsAsync<IOException>(() => client.GuestPingAsync())).Message, StringComparison.Ordinal);
    }

    private GuestClient Open(string domain) => new(new LibvirtTransport(guest.Uri, domain));
}
