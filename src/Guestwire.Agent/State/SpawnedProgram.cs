using Microsoft.Win32.SafeHandles;

namespace Guestwire.Agent.State;

/// <summary>A program that was just started, with our ends of its pipes.</summary>
/// <param name="ProcessId">The system's id.</param>
/// <param name="PidFd">Readable when it ends.</param>
/// <param name="Input">Its standard input, or null when that is <c>/dev/null</c>.</param>
/// <param name="InputData">What to feed into it.</param>
/// <param name="Output">Its standard output, or null when not captured.</param>
/// <param name="Error">Its standard error, or null when not captured.</param>
internal sealed record SpawnedProgram(
    int ProcessId, SafeFileHandle PidFd, SafeFileHandle? Input, ReadOnlyMemory<byte> InputData, SafeFileHandle? Output, SafeFileHandle? Error);
