using EndToEnd.Corpus;
using EndToEnd.Play;
using EndToEnd.Sandbox;

namespace EndToEnd;

/// <summary>Plays the corpus against our agent's published program.</summary>
[Trait("Suite", "transcripts")]
public sealed class AgentTranscriptTests(AgentTranscriptTests.Image image) : IClassFixture<AgentTranscriptTests.Image>
{
    private static readonly WaitingCommands Waiting = new(DeviationFile.WaitingCommands);

    /// <summary>The cases that our agent plays as recorded.</summary>
    public static TheoryData<string> Names => new(CorpusFile.OfNewest.Keys.Except(DeviationFile.Deviations.Keys));

    /// <summary>The cases in which it means to do better.</summary>
    public static TheoryData<string> Deviations => new(DeviationFile.Deviations.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_agent_does_as_recorded(string name)
    {
        string? difference = await PlayAsync(Waiting.Adapt(CorpusFile.OfNewest[name]));

        Assert.True(difference is null, difference);
    }

    [Theory]
    [MemberData(nameof(Deviations))]
    public async Task The_agent_does_better_where_it_says_so(string name)
    {
        Deviation deviation = DeviationFile.Deviations[name];

        string? difference = await PlayAsync(Waiting.Adapt(deviation.Apply(CorpusFile.OfNewest[name])));

        Assert.True(difference is null, difference);
    }

    [Theory]
    [MemberData(nameof(Deviations))]
    public async Task A_listed_deviation_is_one(string name)
    {
        string? difference = await PlayAsync(Waiting.Adapt(CorpusFile.OfNewest[name]));

        Assert.True(difference is not null, $"{name} passes as recorded: take it off the list");
    }

    private Task<string?> PlayAsync(TranscriptCase transcript) => new TranscriptPlayer(image.Value).PlayAsync(transcript);

    /// <summary>The sandbox image with our agent in it.</summary>
    public sealed class Image : IDisposable
    {
        internal SandboxImage Value { get; } = new(AgentBinary.Ours);

        /// <inheritdoc/>
        public void Dispose() => Value.Dispose();
    }
}
