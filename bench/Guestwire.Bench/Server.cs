using System.Diagnostics;

namespace Guestwire.Bench;

/// <summary>A target that is ready: it has answered a first ping on the connection that is used from then on.</summary>
internal sealed class Server : IDisposable
{
    private readonly string folder = "";
    private readonly string socket;

    /// <summary>Starts the target's program on a socket in a folder of its own, or connects to where it runs already.</summary>
    /// <param name="target">What to start.</param>
    /// <param name="start">How, if not just so: called with the command line and the files for what it prints.</param>
    internal Server(Target target, Func<string[], string, string, ServerProcess>? start = null)
    {
        Interruption.ThrowIfAsked();
        Target = target;
        if (target.Socket is not null)
        {
            socket = target.Socket;
            Connection = Connection.Open(socket, isWorthTrying: () => false);
            Connection.Synchronize();
            return;
        }

        folder = TemporaryFolder.Make();
        socket = Path.Combine(folder, "s");
        string errors = Path.Combine(folder, "errors");
        try
        {
            Process = (start ?? ServerProcess.Start)(target.MakeCommandLine(socket, folder), Path.Combine(folder, "output"), errors);
            Connection = Connection.Open(socket, IsStarting);
            Connection.Ask(Requests.Ping);
            StartToAnswer = Stopwatch.GetElapsedTime(Process.Started);
        }
        catch (BenchException e)
        {
            string said = File.Exists(errors) ? File.ReadAllText(errors).Trim() : "";
            Dispose();
            throw new BenchException($"{target.Program} does not answer: {e.Message}{(said.Length > 0 ? $"\nIt says: {said}" : "")}");
        }
    }

    /// <summary>What it is.</summary>
    internal Target Target { get; }

    /// <summary>Where it listens.</summary>
    internal string SocketPath => socket;

    /// <summary>From before the start of the process to after the first reply.</summary>
    internal TimeSpan StartToAnswer { get; }

    /// <summary>The connection that was made first.</summary>
    internal Connection Connection { get; } = null!;

    /// <summary>Its process; null when it runs in a guest.</summary>
    internal ServerProcess? Process { get; }

    /// <summary>The processor time used so far; zero when it runs in a guest.</summary>
    internal TimeSpan ProcessorTime => Process?.ProcessorTime ?? TimeSpan.Zero;

    /// <summary>One more connection.</summary>
    internal Connection Connect() => Connection.Open(socket, isWorthTrying: () => false);

    /// <summary>One more connection, if the server takes it in time.</summary>
    internal Connection? TryConnect(TimeSpan patience) => Connection.TryOpen(socket, patience);

    /// <inheritdoc/>
    public void Dispose()
    {
        Connection?.Dispose();
        Process?.Dispose();
        if (folder.Length > 0)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private bool IsStarting() =>
        Process!.IsRunning() && Stopwatch.GetElapsedTime(Process.Started) < TimeSpan.FromSeconds(30);
}
