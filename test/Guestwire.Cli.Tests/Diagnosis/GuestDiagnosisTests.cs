using Guestwire.Cli.Diagnosis;
using Guestwire.Client;
using Guestwire.Client.Interop;
using Guestwire.Client.Links;

namespace Guestwire.Cli.Tests.Diagnosis;

public sealed class GuestDiagnosisTests
{
    [Fact]
    public async Task A_domain_without_a_channel_is_told_how_to_get_one()
    {
        await using GuestClient guest = new(new DomainWithoutChannel());

        Finding finding = Assert.Single(await new GuestDiagnosis(guest, TimeProvider.System).RunAsync(CancellationToken.None));

        Assert.Equal(("channel", FindingLevel.Problem), (finding.Check, finding.Level));
        Assert.Contains("virsh edit", finding.Remedy, StringComparison.Ordinal);
    }

    private sealed record DomainWithoutChannel : GuestTransport
    {
        public override string ToString() => "libvirt:web";

        internal override ValueTask<GuestLink> OpenAsync(GuestClientOptions options, CancellationToken cancellation) => throw LibvirtFailure.Read(
            new LibvirtError(Libvirt.VIR_ERR_ARGUMENT_UNSUPPORTED, Libvirt.VIR_FROM_QEMU, "argument unsupported: QEMU guest agent is not configured"),
            "guest-ping").Exception;
    }
}
