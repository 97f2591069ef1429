using System.Runtime.Versioning;
using Guestwire.Agent.State;
using Guestwire.Protocol.Json;

namespace Guestwire.Agent.Commands;

/// <summary>What a program wrote, on its way into the reply; the memory goes with it.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ExecOutputSource : Base64Source
{
    private readonly ExecOutput _output;
    private readonly ExecOutput? _following;
    private bool _isThrough;

    private ExecOutputSource(ExecOutput output, ExecOutput? following)
    {
        _output = output;
        _following = following;
    }

    /// <summary>Whether there was more than is kept.</summary>
    internal bool IsTruncated => _output.IsTruncated;

    /// <summary>The source for one stream of a program that has ended.</summary>
    /// <param name="output">The stream.</param>
    /// <param name="following">The stream whose turn comes after this one: nobody else gives it back when the host leaves before that.</param>
    /// <returns>Null when it was not captured, or nothing came.</returns>
    internal static ExecOutputSource? Of(ExecOutput? output, ExecOutput? following = null)
    {
        if (output is { Bytes.Count: > 0 })
        {
            return new ExecOutputSource(output, following);
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
        _isThrough = count < destination.Length;
        return count;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _output.Dispose();
        if (!_isThrough)
        {
            _following?.Dispose();
        }

        base.Dispose();
    }
}
