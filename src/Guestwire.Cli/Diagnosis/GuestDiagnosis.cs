using System.Diagnostics;
using System.Globalization;
using Guestwire.Cli.Facts;
using Guestwire.Client;
using Guestwire.Client.Links;
using Guestwire.Protocol;

namespace Guestwire.Cli.Diagnosis;

/// <summary>Looks at a guest from the host inwards: the way to its agent, the agent, what the agent may do, the state of the guest.</summary>
internal sealed class GuestDiagnosis(GuestClient guest, TimeProvider time)
{
    /// <summary>Older ones lack half of what hosts ask today.</summary>
    private const int OldMajorVersion = 5;

    private static readonly TimeSpan s_tolerableOffset = TimeSpan.FromSeconds(1);

    /// <summary>What is missed most, and what for.</summary>
    private static readonly (string Command, string Use)[] s_important =
    [
        ("guest-exec", "running programs"),
        ("guest-exec-status", "running programs"),
        ("guest-file-open", "copying files"),
        ("guest-file-read", "copying files from the guest"),
        ("guest-file-write", "copying files to the guest"),
        ("guest-fsfreeze-freeze", "consistent backups"),
        ("guest-fsfreeze-thaw", "consistent backups"),
        ("guest-fsfreeze-status", "consistent backups"),
        ("guest-fstrim", "giving disk space back"),
        ("guest-get-fsinfo", "knowing the filesystems"),
        ("guest-network-get-interfaces", "knowing the addresses"),
        ("guest-set-time", "setting the clock after the host slept"),
        ("guest-set-user-password", "setting passwords"),
        ("guest-ssh-add-authorized-keys", "SSH keys"),
        ("guest-shutdown", "shutting down cleanly"),
    ];

    /// <summary>Looks.</summary>
    internal async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellation)
    {
        List<Finding> findings = [];
        if (await ReachAsync(findings, cancellation).ConfigureAwait(false))
        {
            GuestQuestions questions = await GuestQuestions.BeginAsync(guest, cancellation).ConfigureAwait(false);
            bool isFrozen = await FreezeAsync(findings, questions, cancellation).ConfigureAwait(false);
            Agent(findings, questions.Features, isFrozen);
            await ClockAsync(findings, questions, cancellation).ConfigureAwait(false);
            await SelinuxAsync(findings, questions, cancellation).ConfigureAwait(false);
        }

        return findings;
    }

    /// <returns>Whether the agent answered.</returns>
    private async Task<bool> ReachAsync(List<Finding> findings, CancellationToken cancellation)
    {
        SocketDiagnosis? socket = SocketDiagnosis.Of(guest.Transport);
        try
        {
            // The first one also opens the connection.
            await guest.GuestPingAsync(cancellation).ConfigureAwait(false);
            long began = Stopwatch.GetTimestamp();
            await guest.GuestPingAsync(cancellation).ConfigureAwait(false);
            findings.Add(socket?.WhenAnswered() ?? Finding.Ok("channel", $"{guest.Transport} is there"));
            findings.Add(Finding.Ok("agent", string.Create(CultureInfo.InvariantCulture, $"it answers in {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0.0} ms")));
            return true;
        }
        catch (TimeoutException exception)
        {
            findings.Add(socket?.WhenSilent() ?? Silent(exception));
        }
        catch (IOException exception)
        {
            findings.Add(socket?.WhenRefused(exception) ?? Unreachable(exception));
        }
        catch (QapiException exception)
        {
            // It answered, if only with a no.
            findings.Add(Finding.Warning("agent", exception.Message, "the agent answers, and refuses even guest-ping", "see its configuration in the guest"));
            return true;
        }

        return false;
    }

    private static Finding Silent(TimeoutException exception) => Finding.Problem(
        "agent",
        exception.Message,
        "the virtual machine has an agent channel, but nobody in the guest reads it: no agent is installed, it does not run, the guest is still starting, or it hangs",
        "in the guest: install guestwire-agent or qemu-guest-agent, then 'systemctl status qemu-guest-agent' and 'ls -l /dev/virtio-ports'");

    private static Finding Unreachable(IOException exception) =>
        exception.Message.StartsWith(LibvirtFailure.NoChannel, StringComparison.Ordinal)
            ? Finding.Problem(
                "channel",
                exception.Message,
                "the domain has no agent channel",
                "'virsh edit DOMAIN', and add to its devices: <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>; then shut it down and start it")
            : Finding.Problem("channel", exception.Message, "the guest's agent cannot be reached", "see that the guest runs, and that the target is right: 'guestwire list'");

    private async Task<bool> FreezeAsync(List<Finding> findings, GuestQuestions questions, CancellationToken cancellation)
    {
        Answer<GuestFsfreezeStatus> status =
            await questions.AskAsync("guest-fsfreeze-status", () => guest.GuestFsfreezeStatusAsync(cancellation)).ConfigureAwait(false);
        if (status is { IsKnown: true, Value: GuestFsfreezeStatus.Frozen })
        {
            findings.Add(Finding.Problem(
                "freeze",
                "filesystems are frozen",
                "programs in the guest that write stand still; unless a backup is running just now, one has forgotten to thaw them",
                $"'guestwire thaw {guest.Transport}'"));
            return true;
        }

        if (status.IsKnown)
        {
            findings.Add(Finding.Ok("freeze", "no filesystem is frozen"));
        }

        return false;
    }

    private static void Agent(List<Finding> findings, Answer<GuestFeatures> answer, bool isFrozen)
    {
        if (!answer.IsKnown)
        {
            findings.Add(Finding.Warning("version", answer.Remark, "what the agent can do is not known", "allow guest-info in the agent's configuration in the guest"));
            return;
        }

        GuestFeatures features = answer.Value;
        GuestAgent agent = new(features);
        findings.Add(IsOld(features.Version)
            ? Finding.Warning("version", $"{agent.Text} is old", "it lacks much of what hosts ask today: disks, SSH keys, statistics", "update the agent in the guest")
            : Finding.Ok("version", agent.Text));
        (string Command, string Use)[] missing = [.. s_important.Where(item => !features.Has(item.Command))];
        (string Command, string Use)[] disabled = [.. s_important.Where(item => features.Has(item.Command) && !features.IsEnabled(item.Command))];
        if (missing.Length > 0)
        {
            findings.Add(Finding.Warning(
                "commands", $"the agent has no {Names(missing)}", $"this will not work: {Uses(missing)}", "install a newer agent in the guest, or one that was built with them"));
        }

        if (disabled.Length > 0 && !isFrozen)
        {
            findings.Add(Finding.Warning(
                "policy",
                $"disabled in the guest: {Names(disabled)}",
                $"its administrator does not allow {Uses(disabled)}",
                "in the guest: take them out of block-rpcs (older: blacklist) or add them to allow-rpcs in /etc/qemu/qemu-ga.conf; on Red Hat's systems see /etc/sysconfig/qemu-ga; then restart the agent"));
        }
        else if (missing.Length == 0 && !isFrozen)
        {
            findings.Add(Finding.Ok("policy", "every important command is allowed"));
        }
    }

    private async Task ClockAsync(List<Finding> findings, GuestQuestions questions, CancellationToken cancellation)
    {
        Answer<ClockReading> clock = await questions.AskAsync("guest-get-time", () => ClockReading.ReadAsync(guest, time, cancellation)).ConfigureAwait(false);
        if (clock.IsKnown)
        {
            findings.Add(clock.Value.Offset.Duration() > s_tolerableOffset + (clock.Value.RoundTrip / 2)
                ? Finding.Warning(
                    "clock",
                    $"the guest's clock is {clock.Value.OffsetText}",
                    "certificates, tickets and logs of the guest go wrong",
                    $"'guestwire time --sync {guest.Transport}', and a time service in the guest")
                : Finding.Ok("clock", $"the guest's clock is {clock.Value.OffsetText}"));
        }
    }

    private async Task SelinuxAsync(List<Finding> findings, GuestQuestions questions, CancellationToken cancellation)
    {
        if (!questions.Features.IsKnown || new GuestAgent(questions.Features.Value).IsGuestwire || !questions.CanAsk("guest-file-open"))
        {
            return;
        }

        Answer<string> enforcing = await questions.AskAsync(
            "guest-file-open", () => GuestTextFile.ReadAsync(guest, "/sys/fs/selinux/enforce", cancellation)).ConfigureAwait(false);
        if (enforcing.IsKnown && enforcing.Value.Trim() == "1")
        {
            findings.Add(Finding.Warning(
                "selinux",
                "the guest enforces SELinux",
                "it confines qemu-ga: many files cannot be read or written, and programs that it runs may do little",
                "in the guest: 'setsebool -P virt_qemu_ga_read_nonsecurity_files on', and 'virt_qemu_ga_run_unconfined on' for programs; 'ausearch -m avc -c qemu-ga' shows what was denied"));
        }
    }

    private static bool IsOld(string version) =>
        int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) && major < OldMajorVersion;

    private static string Names((string Command, string Use)[] items) => string.Join(", ", items.Select(item => item.Command));

    private static string Uses((string Command, string Use)[] items) => string.Join(", ", items.Select(item => item.Use).Distinct());
}
