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
        string open = $"{{\"execute\":\"guest-file-open\",\"arguments\":{{\"path\":\"{path}\"}}}}";
        string reply = await agents.Reference.AskAsync(open);
        Assert.Equal(reply, await agents.Ours.AskAsync(open));
        Assert.StartsWith("{\"return\": ", reply, StringComparison.Ordinal);
        string handle = reply[11..^1];

        foreach (string request in (string[])
        [
            "{\"execute\":\"guest-file-read\",\"arguments\":{\"handle\":HANDLE,\"count\":10}}",
            "{\"execute\":\"guest-file-read\",\"arguments\":{\"handle\":HANDLE}}",
            "{\"execute\":\"guest-file-read\",\"arguments\":{\"handle\":HANDLE}}",
            "{\"execute\":\"guest-file-seek\",\"arguments\":{\"handle\":HANDLE,\"offset\":3,\"whence\":\"set\"}}",
            "{\"execute\":\"guest-file-read\",\"arguments\":{\"handle\":HANDLE,\"count\":0}}",
            "{\"execute\":\"guest-file-read\",\"arguments\":{\"handle\":HANDLE,\"count\":7}}",
            "{\"execute\":\"guest-file-seek\",\"arguments\":{\"handle\":HANDLE,\"offset\":-1,\"whence\":\"set\"}}",
            "{\"execute\":\"guest-file-write\",\"arguments\":{\"handle\":HANDLE,\"buf-b64\":\"YQ==\"}}",
            "{\"execute\":\"guest-file-flush\",\"arguments\":{\"handle\":HANDLE}}",
            "{\"execute\":\"guest-file-close\",\"arguments\":{\"handle\":HANDLE}}",
            "{\"execute\":\"guest-file-close\",\"arguments\":{\"handle\":HANDLE}}",
        ])
        {
            string question = request.Replace("HANDLE", handle, StringComparison.Ordinal);
            Assert.Equal(await agents.Reference.AskAsync(question), await agents.Ours.AskAsync(question));
        }
    }
}
