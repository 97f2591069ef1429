using EndToEnd.Sandbox;

namespace EndToEnd.Differential;

/// <summary>Long conversations about files, right and wrong: both agents say the same, and leave the same files behind.</summary>
[Trait("Suite", "differential")]
public sealed class FileConversationTests
{
    private const int Requests = 2000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Both_say_the_same_and_leave_the_same_files(int seed)
    {
        using AgentPair agents = new();
        using TemporaryFolder referenceFolder = new();
        using TemporaryFolder ourFolder = new();
        byte[] content = [.. Enumerable.Range(0, 10240).Select(i => (byte)i)];
        File.WriteAllBytes(referenceFolder.Combine("one"), content);
        File.WriteAllBytes(ourFolder.Combine("one"), content);
        FileConversation conversation = new(new Random(seed));

        for (int i = 0; i < Requests; i++)
        {
            string request = conversation.Next();

            Assert.Equal(
                $"{request} => {await AskAsync(agents.Reference, request, referenceFolder.Path)}",
                $"{request} => {await AskAsync(agents.Ours, request, ourFolder.Path)}");
        }

        Assert.Equal(FilesIn(referenceFolder.Path), FilesIn(ourFolder.Path));
    }

    private static async Task<string> AskAsync(LocalAgent agent, string request, string folder)
    {
        string reply = await agent.AskAsync(request.Replace("FOLDER", folder, StringComparison.Ordinal));
        return reply.Replace(folder, "FOLDER", StringComparison.Ordinal);
    }

    private static IEnumerable<string> FilesIn(string folder) =>
        Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)} {Convert.ToHexString(File.ReadAllBytes(file))}");
}
