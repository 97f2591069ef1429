using System.Runtime.Versioning;
using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>__org.guestwire_*: what the standard protocol lacks.</summary>
/// <param name="programs">Programs that stream, and signals to them.</param>
/// <param name="files">Files by name.</param>
/// <param name="memory">What the system knows of its memory.</param>
/// <param name="processes">What it knows of its processes.</param>
[SupportedOSPlatform("linux")]
internal sealed class OrgGuestwireCommands(
    ExecStreamCommands programs, FileTreeCommands files, IMemoryUse memory, IProcessFacts processes) : IOrgGuestwireCommands
{
    private const long DefaultProcesses = 1024;
    private const long MaxProcesses = 4096;

    /// <inheritdoc/>
    public GuestwireExecOutput OrgGuestwireExecRead(OrgGuestwireExecReadArguments arguments) => programs.Read(arguments);

    /// <inheritdoc/>
    public GuestwireExecInput OrgGuestwireExecWrite(OrgGuestwireExecWriteArguments arguments) => programs.Write(arguments);

    /// <inheritdoc/>
    public void OrgGuestwireExecSignal(OrgGuestwireExecSignalArguments arguments) => programs.Signal(arguments);

    /// <inheritdoc/>
    public GuestwireFileStatus OrgGuestwireFileStat(OrgGuestwireFileStatArguments arguments) => files.Stat(arguments);

    /// <inheritdoc/>
    public GuestwireDirectoryList OrgGuestwireFileList(OrgGuestwireFileListArguments arguments) => files.List(arguments);

    /// <inheritdoc/>
    public void OrgGuestwireFileMakeDirectory(OrgGuestwireFileMakeDirectoryArguments arguments) => files.MakeDirectory(arguments);

    /// <inheritdoc/>
    public void OrgGuestwireFileRemove(OrgGuestwireFileRemoveArguments arguments) => files.Remove(arguments);

    /// <inheritdoc/>
    public void OrgGuestwireFileRename(OrgGuestwireFileRenameArguments arguments) => files.Rename(arguments);

    /// <inheritdoc/>
    public void OrgGuestwireFileSetAttributes(OrgGuestwireFileSetAttributesArguments arguments) => files.SetAttributes(arguments);

    /// <inheritdoc/>
    public void OrgGuestwireFileLink(OrgGuestwireFileLinkArguments arguments) => files.Link(arguments);

    /// <inheritdoc/>
    public GuestwireFileChecksum OrgGuestwireFileChecksum(OrgGuestwireFileChecksumArguments arguments) => files.Checksum(arguments);

    /// <inheritdoc/>
    public GuestwireMemory OrgGuestwireGetMemory() => memory.Read();

    /// <inheritdoc/>
    public GuestwireProcessList OrgGuestwireGetProcesses(OrgGuestwireGetProcessesArguments arguments)
    {
        long limit = ArgumentRange.Check(arguments.Limit ?? DefaultProcesses, 1, MaxProcesses, "limit");
        return processes.List(arguments.After ?? 0, (int)limit);
    }
}
