using System.Diagnostics;

namespace EndToEnd;

/// <summary>A guest agent's program on this machine: ours, or Debian's qemu-ga, which is the reference.</summary>
/// <param name="Path">The program file.</param>
/// <param name="IsReference">True for qemu-ga 7.2: it is held to what was recorded of that version.</param>
internal sealed record AgentBinary(string Path, bool IsReference)
{
    /// <summary>Names our agent's program; the checkout's <c>out/guestwire-agent</c> without it.</summary>
    internal const string AgentVariable = "GUESTWIRE_AGENT";

    /// <summary>Names the reference's program; <c>/usr/sbin/qemu-ga</c> without it.</summary>
    internal const string ReferenceVariable = "GUESTWIRE_REFERENCE";

    /// <summary>Our agent.</summary>
    internal static AgentBinary Ours { get; } = new(
        Environment.GetEnvironmentVariable(AgentVariable) ?? System.IO.Path.Combine(Checkout.Root, "out", "guestwire-agent"),
        IsReference: false);

    /// <summary>Debian's qemu-ga.</summary>
    internal static AgentBinary Reference { get; } = new(
        Environment.GetEnvironmentVariable(ReferenceVariable) ?? "/usr/sbin/qemu-ga",
        IsReference: true);

    /// <summary>The version that the program states: the last word of <c>--version</c>.</summary>
    internal string ReadVersion()
    {
        using Process process = Process.Start(new ProcessStartInfo(Path, ["--version"]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{Path} did not start");
        string line = process.StandardOutput.ReadToEnd().TrimEnd();
        process.WaitForExit();
        return line[(line.LastIndexOf(' ') + 1)..];
    }
}
