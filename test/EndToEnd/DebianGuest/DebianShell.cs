using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>What a root shell does in a guest of Debian.</summary>
internal static class DebianShell
{
    /// <summary>Runs apt-get as a user does who has said yes to everything.</summary>
    internal static async Task AptAsync(this GuestShell shell, string arguments) =>
        await shell.DoAsync(
            $"DEBIAN_FRONTEND=noninteractive apt-get -qq --yes --allow-downgrades -o Dpkg::Use-Pty=0 {arguments} 2>&1", DebianMachine.AptPatience);

    /// <summary>What systemd says of the agent's service.</summary>
    internal static async Task<string> ReadServiceAsync(this GuestShell shell, string property) =>
        (await shell.DoAsync($"systemctl show --value --property={property} {DebianMachine.Service}")).Trim();
}
