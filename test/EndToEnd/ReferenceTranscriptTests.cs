using EndToEnd.Corpus;
using EndToEnd.Play;
using EndToEnd.Sandbox;

namespace EndToEnd;

/// <summary>
/// Plays the corpus against Debian's qemu-ga. These tests say nothing of our agent: they are why the player may be trusted.
/// </summary>
[Trait("Suite", "reference-transcripts")]
public sealed class ReferenceTranscriptTests(ReferenceTranscriptTests.Image image) : IClassFixture<ReferenceTranscriptTests.Image>
{
    /// <summary>Every case that was recorded of the reference at hand.</summary>
    public static TheoryData<string> Names => new(CorpusFile.OfReference.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_reference_does_as_recorded(string name)
    {
        string? difference = await new TranscriptPlayer(image.Value).PlayAsync(CorpusFile.OfReference[name]);

        Assert.True(difference is null, difference);
    }

    /// <summary>The sandbox image with the reference in it.</summary>
    public sealed class Image : IDisposable
    {
        internal SandboxImage Value { get; } = new(AgentBinary.Reference);

        /// <inheritdoc/>
        public void Dispose() => Value.Dispose();
    }
}
