using System.Globalization;
using System.Runtime.Versioning;
using Guestwire.Protocol;

namespace Guestwire.Agent.State;

/// <summary>
/// The programs that hosts started, by process id, until somebody has asked how they ended. They belong to the agent, not to a connection.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ExecTable
{
    private readonly Dictionary<long, ExecProcess> _processes = [];

    /// <summary>Keeps a program. The system gives ids out again: one that ended long ago, and that nobody asked about, gives way.</summary>
    internal void Add(ExecProcess process)
    {
        if (_processes.Remove(process.ProcessId, out ExecProcess? forgotten))
        {
            forgotten.Dispose();
        }

        _processes.Add(process.ProcessId, process);
    }

    /// <summary>The program with that id; one that has ended is forgotten, having been asked about.</summary>
    /// <exception cref="QapiException">GenericError: none such, or already asked about.</exception>
    internal ExecProcess Ask(long processId)
    {
        if (!_processes.TryGetValue(processId, out ExecProcess? process))
        {
            throw new QapiException($"PID {processId.ToString(CultureInfo.InvariantCulture)} does not exist");
        }

        if (process.HasEnded)
        {
            _processes.Remove(processId);
        }

        return process;
    }
}
