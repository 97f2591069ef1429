using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-get-vcpus, guest-set-vcpus, guest-get-cpustats: processors.</summary>
/// <param name="processors">What the system knows of its processors.</param>
internal sealed class CpuCommands(IProcessorFacts processors) : ICpuCommands
{
    /// <inheritdoc/>
    public IReadOnlyList<GuestLogicalProcessor> GuestGetVcpus() => processors.List();

    /// <inheritdoc/>
    public long GuestSetVcpus(GuestSetVcpusArguments arguments) => throw IPlatformCapabilities.NotSupported();

    /// <inheritdoc/>
    public IReadOnlyList<GuestCpuStats> GuestGetCpustats() => processors.ReadTimes();
}
