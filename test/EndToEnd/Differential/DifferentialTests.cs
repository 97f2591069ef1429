namespace EndToEnd.Differential;

/// <summary>The same request to Debian's qemu-ga and to ours on this machine: the replies are the same but for what is volatile.</summary>
[Trait("Suite", "differential")]
public sealed class DifferentialTests(AgentPair agents) : IClassFixture<AgentPair>
{
    /// <summary>Requests that change nothing.</summary>
    public static TheoryData<string> Requests => new(ReadOnlyRequests.All);

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Both_answer_the_same(string request)
    {
        string reference = await agents.Reference.AskAsync(request);
        string ours = await agents.Ours.AskAsync(request);

        Assert.Equal(Mask.Apply(request, reference, isReference: true), Mask.Apply(request, ours, isReference: false));
    }

    [Theory]
    [InlineData("/proc/version")]
    [InlineData("/etc/os-release")]
    [InlineData("/etc")]
    [InlineData("/dev/null")]
    public async Task Both_read_a_file_the_same_way(string path)
    {
        string opened = await agents.Reference.AskAsync($"{{\"execute\":\"guest-file-open\",\"arguments\":{{\"path\":\"{path}\"}}}}");
        string handle = opened[(opened.IndexOf(' ') + 1)..^1];
        Assert.Equal(opened, await agents.Ours.AskAsync($"{{\"execute\":\"guest-file-open\",\"arguments\":{{\"path\":\"{path}\"}}}}"));

        foreach (string request in (string[])
        [
            $"{{\"execute\":\"guest-file-read\",\"arguments\":{{\"handle\":{handle},\"count\":10}}}}",
            $"{{\"execute\":\"guest-file-read\",\"arguments\":{{\"handle\":{handle}}}}}",
            $"{{\"execute\":\"guest-file-read\",\"arguments\":{{\"handle\":{handle}}}}}",
            $"{{\"execute\":\"guest-file-seek\",\"arguments\":{{\"handle\":{handle},\"offset\":3,\"whence\":\"set\"}}}}",
            $"{{\"execute\":\"guest-file-read\",\"arguments\":{{\"handle\":{handle},\"count\":0}}}}",
            $"{{\"execute\":\"guest-file-read\",\"arguments\":{{\"handle\":{handle},\"count\":7}}}}",
            $"{{\"execute\":\"guest-file-seek\",\"arguments\":{{\"handle\":{handle},\"offset\":-1,\"whence\":\"set\"}}}}",
            $"{{\"execute\":\"guest-file-write\",\"arguments\":{{\"handle\":{handle},\"buf-b64\":\"YQ==\"}}}}",
            $"{{\"execute\":\"guest-file-flush\",\"arguments\":{{\"handle\":{handle}}}}}",
            $"{{\"execute\":\"guest-file-close\",\"arguments\":{{\"handle\":{handle}}}}}",
            $"{{\"execute\":\"guest-file-close\",\"arguments\":{{\"handle\":{handle}}}}}",
        ])
        {
            Assert.Equal(await agents.Reference.AskAsync(request), await agents.Ours.AskAsync(request));
        }
    }
}
