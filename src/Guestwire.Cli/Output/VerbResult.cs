using System.Text.Json;
using Spectre.Console;

namespace Guestwire.Cli.Output;

/// <summary>What a verb found in a guest.</summary>
internal abstract class VerbResult
{
    /// <summary>The exit code that it means.</summary>
    internal virtual int Code => ExitCode.Done;

    /// <summary>Writes it for people.</summary>
    internal abstract void WriteText(IAnsiConsole console);

    /// <summary>Writes it as one JSON value. Names are the wire's, sizes bytes, times seconds unless the name says otherwise.</summary>
    internal abstract void WriteJson(Utf8JsonWriter writer);
}
