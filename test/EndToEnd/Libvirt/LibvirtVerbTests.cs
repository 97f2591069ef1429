using System.Security.Cryptography;
using System.Text.Json;
using EndToEnd.Host;
using EndToEnd.Sandbox;

namespace EndToEnd.Libvirt;

/// <summary>The host's command through libvirt, on the domain that the tests share; what it does is looked at in the guest.</summary>
[Trait("Suite", "libvirt")]
[Collection(LibvirtMachine.Collection)]
public sealed class LibvirtVerbTests(LibvirtMachine guest)
{
    private string Target => guest.Target;

    [Fact]
    public async Task A_domain_is_a_guest_that_is_listed_and_has_its_name()
    {
        (string, string) variable = ("LIBVIRT_DEFAULT_URI", guest.Uri);

        JsonElement listed = Assert.Single((await HostCommand.RunInAsync([variable], "list", "--json")).Json.EnumerateArray());
        HostAnswer named = await HostCommand.RunInAsync([variable], "exec", "--no-stdin", "guestwire", "--", "cat", "/proc/sys/kernel/random/boot_id");
        HostAnswer unknown = await HostCommand.RunInAsync([variable], "ping", "no-such-domain");

        Assert.Equal(("guestwire", "running"), (listed.GetProperty("name").GetString(), listed.GetProperty("state").GetString()));
        Assert.Equal((0, await guest.ReadBootAsync()), (named.Status, named.Text));
        Assert.Equal(2, unknown.Status);
        Assert.Contains("libvirt", unknown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_go_in_and_come_out_in_pieces_that_libvirt_takes()
    {
        using TemporaryFolder here = new();
        byte[] content = RandomNumberGenerator.GetBytes(3_000_003);
        await File.WriteAllBytesAsync(here.Combine("file"), content);

        await HostCommand.DoAsync("cp", "--checksum", here.Combine("file"), $"{Target}:/run/copied");
        await HostCommand.DoAsync("cp", $"{Target}:/run/copied", here.Combine("back"));

        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(content)),
            (await guest.Shell.DoAsync("sha256sum < /run/copied | cut -d ' ' -f 1; rm /run/copied")).Trim());
        Assert.Equal(content, await File.ReadAllBytesAsync(here.Combine("back")));
    }

    [Fact]
    public async Task A_program_reads_writes_and_ends_as_on_any_other_link()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(700_001);

        HostAnswer echo = await HostCommand.RunWithInputAsync(bytes, "exec", Target, "--", "cat");
        HostAnswer failed = await HostCommand.RunAsync("exec", Target, "--", "sh", "-c", "echo out; echo err >&2; exit 5");
        HostAnswer refused = await HostCommand.RunAsync("cat", $"{Target}:/no/such/file");

        Assert.Equal(0, echo.Status);
        Assert.True(bytes.AsSpan().SequenceEqual(echo.Output), $"{echo.Output.Length} bytes came back: {echo.Errors}");
        Assert.Equal((5, "out\n", "err\n"), (failed.Status, failed.Text, failed.Errors));
        Assert.Equal(1, refused.Status);
        Assert.Contains("No such file or directory", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_a_program_of_the_host_runs_the_guest_is_frozen()
    {
        using TemporaryFolder here = new();
        string status = here.Combine("status");

        HostAnswer answer = await HostCommand.RunAsync(
            "freeze", Target, "--", "sh", "-c", $"{HostCommand.Program} freeze --status --json '{Target}' > {status}; exit 6");

        Assert.Equal(6, answer.Status);
        Assert.Equal("frozen", JsonDocument.Parse(await File.ReadAllTextAsync(status)).RootElement.GetProperty("status").GetString());
        Assert.Contains("thawed", await HostCommand.DoAsync("freeze", "--status", "--json", Target), StringComparison.Ordinal);
        await guest.Shell.DoAsync("touch /data/written && rm /data/written");
    }
}
