using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.Commands;

/// <summary>guest-get-vcpus, guest-set-vcpus, guest-get-cpustats: processors.</summary>
/// <param name="processors">What the system knows of its processors.</param>
/// <param name="switches">Switches them.</param>
internal sealed class CpuCommands(IProcessorFacts processors, IProcessorSwitch switches) : ICpuCommands
{
    /// <inheritdoc/>
    public IReadOnlyList<GuestLogicalProcessor> GuestGetVcpus() => processors.List();

    /// <inheritdoc/>
    public long GuestSetVcpus(GuestSetVcpusArguments arguments)
    {
        int done = 0;
        foreach (GuestLogicalProcessor wanted in arguments.Vcpus)
        {
            try
            {
                switches.Switch(wanted.LogicalId, wanted.Online);
            }
            catch (QapiException) when (done > 0)
            {
                // What is done is the news; the host has the error when it asks for the rest.
                break;
            }

            done++;
        }

        return done;
    }

    /// <inheritdoc/>
    public IReadOnlyList<GuestCpuStats> GuestGetCpustats() => processors.ReadTimes();
}
