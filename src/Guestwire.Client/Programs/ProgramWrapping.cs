using System.Globalization;
using Guestwire.Protocol;

namespace Guestwire.Client.Programs;

/// <summary>What an agent does not know of a program, put into words that the guest's own programs know: env, timeout, runuser, sh.</summary>
internal static class ProgramWrapping
{
    /// <summary>The command line for an agent that knows the standard arguments alone.</summary>
    internal static (string Path, IReadOnlyList<string> Arguments) Of(GuestProgram program)
    {
        List<string> words = [.. VariablesOf(program), program.Path, .. program.Arguments];
        if (program.WorkingDirectory is { } folder)
        {
            words = ["/bin/sh", "-c", "cd -- \"$1\" || exit 125; shift; exec \"$@\"", "sh", folder, .. words];
        }

        if (program.User is { } user)
        {
            words = ["runuser", "-u", user, "--", .. words];
        }

        if (program.Timeout is { } timeout)
        {
            words = ["timeout", "-k", "5", SecondsOf(timeout).ToString(CultureInfo.InvariantCulture), .. words];
        }

        return (words[0], words[1..]);
    }

    /// <summary>The command line for an agent that knows all but added variables.</summary>
    internal static (string Path, IReadOnlyList<string> Arguments) WithVariables(GuestProgram program)
    {
        List<string> words = [.. VariablesOf(program), program.Path, .. program.Arguments];
        return (words[0], words[1..]);
    }

    /// <summary>Which output the agent keeps. Words are for what yes and no cannot say, since agents before 8.0 know no words.</summary>
    internal static GuestExecCaptureOutput CaptureOf(GuestProgram program) => program.CapturesOutput && program.MergesError
        ? new GuestExecCaptureOutput.Mode(GuestExecCaptureOutputMode.Merged)
        : new GuestExecCaptureOutput.Flag(program.CapturesOutput);

    /// <summary>Whole seconds, at least one.</summary>
    internal static long SecondsOf(TimeSpan timeout) => Math.Max(1, (long)Math.Ceiling(timeout.TotalSeconds));

    private static IEnumerable<string> VariablesOf(GuestProgram program) => program.Variables.Count == 0 ? [] : ["env", .. program.Variables];
}
