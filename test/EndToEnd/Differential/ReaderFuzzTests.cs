using System.Globalization;
using System.Text;
using EndToEnd.Corpus;
using EndToEnd.Play;
using EndToEnd.Sandbox;

namespace EndToEnd.Differential;

/// <summary>
/// Thousands of broken requests to the reference and to ours: both complain in the same words, line by line. The agents
/// are in sandboxes, because nobody knows what a broken request may turn out to be.
/// </summary>
[Trait("Suite", "differential")]
public sealed class ReaderFuzzTests
{
    private const int Texts = 4000;

    /// <summary>Our reader may cut the text of a stray token that is longer than this; no text here is.</summary>
    private const int LongestText = 4096;

    /// <summary>The requests of the corpus about the wire itself; none of them has an effect.</summary>
    private static readonly byte[][] Seeds =
    [
        .. CorpusFile.OfNewest.Values
            .SelectMany(transcript => transcript.Steps)
            .Select(step => step.Bytes ?? Encoding.UTF8.GetBytes(step.Text!))
            .Where(text => text.Length is > 0 and < 300 && IsHarmless(Encoding.Latin1.GetString(text))),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Both_complain_in_the_same_words(int seed)
    {
        using SandboxImage referenceImage = new(AgentBinary.Reference);
        using SandboxImage ourImage = new(AgentBinary.Ours);
        await using SandboxedAgent reference = await StartAsync(referenceImage);
        await using SandboxedAgent ours = await StartAsync(ourImage);
        using LineConnection toReference = new(await reference.ConnectAsync());
        using LineConnection toOurs = new(await ours.ConnectAsync());
        TextMutator mutator = new(new Random(seed), Seeds);

        List<string> differences = [];
        for (int i = 1; i <= Texts && differences.Count < 10; i++)
        {
            byte[] text = mutator.Next();
            if (text.Length > LongestText || !IsHarmless(Encoding.Latin1.GetString(text)))
            {
                continue;
            }

            string expected = await SendAsync(toReference, text, i);
            string actual = string.Join('\n', (await SendAsync(toOurs, text, i)).Split('\n').Select(Rewrite));
            // A number beyond a double's range in an id is the one listed difference: the reference writes inf.
            if (expected != actual && !expected.Contains("inf", StringComparison.Ordinal))
            {
                differences.Add($"text {Encoding.Latin1.GetString(text)}\nreference {expected}\nours      {actual}");
            }
        }

        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
    }

    // Only commands that answer at once, with what both know alike, are let through.
    private static bool IsHarmless(string text)
    {
        for (int at = text.IndexOf("guest-", StringComparison.Ordinal); at >= 0; at = text.IndexOf("guest-", at + 1, StringComparison.Ordinal))
        {
            string rest = text[at..];
            if (!rest.StartsWith("guest-ping", StringComparison.Ordinal) && !rest.StartsWith("guest-sync", StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static Task<SandboxedAgent> StartAsync(SandboxImage image) =>
        SandboxedAgent.StartAsync(image, SandboxCase.Empty, SandboxCase.Listening, new TextVariables());

    // The sync tells where the answers to the text end.
    private static async Task<string> SendAsync(LineConnection connection, byte[] text, int number)
    {
        using CancellationTokenSource deadline = new(SandboxedAgent.Patience);
        string sync = string.Create(
            CultureInfo.InvariantCulture, $"{{\"execute\":\"guest-sync-delimited\",\"arguments\":{{\"id\":{number + 1000000}}}}}");
        await connection.SendAsync((byte[])[.. text, 0xFF, .. Encoding.ASCII.GetBytes(sync)], deadline.Token);
        string end = string.Create(CultureInfo.InvariantCulture, $"\u00FF{{\"return\": {number + 1000000}}}\n");
        StringBuilder answers = new();
        while (!answers.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            byte[] lines = await connection.ReadLinesAsync(1, deadline.Token);
            if (lines.Length == 0)
            {
                return $"{answers}the connection was closed";
            }

            answers.Append(Encoding.Latin1.GetString(lines));
        }

        return answers.ToString();
    }

    private static string Rewrite(string line)
    {
        string json = line.TrimStart('\u00FF');
        return json.Length == 0
            ? line
            : line[..^json.Length] + (ReferenceForm.TryRewrite(json) ?? $"not written as the protocol has it: {json}");
    }
}
