using System.Diagnostics;

namespace EndToEnd.Sandbox;

/// <summary>The small system with an agent in it that every sandbox gets its own copy of; made once for many cases.</summary>
internal sealed class SandboxImage : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>Makes the image.</summary>
    internal SandboxImage(AgentBinary agent)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new InvalidOperationException("sandboxes need root: namespaces, mounts and device nodes (./check sees to it)");
        }

        if (!File.Exists(agent.Path))
        {
            throw new FileNotFoundException($"no agent at {agent.Path} (./build makes it)", agent.Path);
        }

        Agent = agent;
        Version = agent.ReadVersion();
        ProcessStartInfo info = new("bash", [Checkout.BesideTests("Sandbox", "make-image.sh"), Path, agent.Path])
        {
            RedirectStandardError = true,
        };
        using Process make = Process.Start(info)!;
        string complaint = make.StandardError.ReadToEnd();
        make.WaitForExit();
        if (make.ExitCode != 0)
        {
            throw new InvalidOperationException($"make-image.sh: {complaint}");
        }
    }

    /// <summary>The agent in the image.</summary>
    internal AgentBinary Agent { get; }

    /// <summary>The version that the agent states.</summary>
    internal string Version { get; }

    /// <summary>The image's folder.</summary>
    internal string Path => folder.Combine("image");

    /// <summary>The agent's program as a sandbox sees it.</summary>
    internal string Program => $"/usr/sbin/{System.IO.Path.GetFileName(Agent.Path)}";

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();
}
