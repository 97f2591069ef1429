namespace Guestwire.Agent.Daemon.Logging;

/// <summary>Takes finished log lines.</summary>
internal interface ILogSink
{
    /// <summary>Writes one line; what cannot be written is lost, for there is nobody to tell.</summary>
    /// <param name="line">UTF-8, with the newline at its end.</param>
    void Write(ReadOnlySpan<byte> line);
}
