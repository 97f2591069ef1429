using Guestwire.Protocol;

namespace Guestwire.Client.Files;

/// <summary>The shell of a guest. Names go to a script as its arguments, never into its text.</summary>
internal sealed class GuestShell(GuestClient client)
{
    /// <summary>Programs speak English and take names as bytes; what they make is not writable for others.</summary>
    private const string Preamble = "LC_ALL=C; export LC_ALL; umask 022\n";

    /// <summary>Runs a script.</summary>
    /// <param name="script">The text, for a POSIX shell.</param>
    /// <param name="arguments">What it finds in <c>$1</c> and so on.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal Task<GuestProgramResult> TryRunAsync(string script, IEnumerable<string> arguments, CancellationToken cancellation) =>
        client.RunProgramAsync(new GuestProgram("/bin/sh") { Arguments = ["-c", Preamble + script, "sh", .. arguments] }, cancellation: cancellation);

    /// <summary>Runs a script that has to succeed.</summary>
    /// <exception cref="QapiException">It failed; the message is what it complained of.</exception>
    internal async Task<GuestProgramResult> RunAsync(string script, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        GuestProgramResult result = await TryRunAsync(script, arguments, cancellation).ConfigureAwait(false);
        return result.Exit.Status == 0 ? result : throw Failure(result);
    }

    /// <summary>A failure in the words of the program that failed.</summary>
    internal static QapiException Failure(GuestProgramResult result)
    {
        string complaint = result.ErrorText.Trim();
        return new QapiException(
            ErrorClass.GenericError,
            complaint.Length > 0 ? complaint : $"a program of the guest ended with status {result.Exit.Status} and said nothing");
    }
}
