using System.Runtime.Versioning;
using Guestwire.Agent.State;
using Guestwire.Protocol.Json;

namespace Guestwire.Agent.Commands;

/// <summary>What a program wrote, on its way into the reply; the memory goes with it.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ExecOutputSource : Base64Source
{
    private readonly ExecOutput _output;

    private ExecOutputSource(ExecOutput output) => _output = output;

    /// <summary>Whether there was more than is kept.</summary>
    internal bool IsTruncated => _output.IsTruncated;

    /// <summary>The source for one stream of a program that has ended.</summary>
    /// <returns>Null when it was not captured, or nothing came.</returns>
    internal static ExecOutputSource? Of(ExecOutput? output)
    {
        if (output is { Bytes.Count: > 0 })
        {
            return new ExecOutputSource(output);
        }

        output?.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _output.Bytes.Count);
        _output.Bytes.Bytes[..count].CopyTo(destination);
        _output.Bytes.Consume(count);
        return count;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _output.Dispose();
        base.Dispose();
    }
}
