namespace EndToEnd.DebianGuest;

/// <summary>A configuration file for the service, for as long as a test lasts.</summary>
internal sealed class ServiceConfiguration : IAsyncDisposable
{
    private const string File = "/etc/qemu/qemu-ga.conf";
    private readonly DebianMachine guest;

    private ServiceConfiguration(DebianMachine guest) => this.guest = guest;

    /// <summary>Writes the file and starts the service anew.</summary>
    /// <param name="guest">Where it runs.</param>
    /// <param name="options">Lines of the form <c>key=value</c>, and of other groups, each as a word of the shell.</param>
    internal static async Task<ServiceConfiguration> WriteAsync(DebianMachine guest, params string[] options)
    {
        await guest.Shell.DoAsync($"mkdir -p /etc/qemu && printf '%s\\n' '[general]' {string.Join(' ', options)} > {File}");
        ServiceConfiguration configuration = new(guest);
        await configuration.RestartAsync();
        return configuration;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A test that failed may have left the file frozen.
        await guest.ThawAsync();
        await guest.Shell.DoAsync("rm " + File);
        await RestartAsync();
    }

    private async Task RestartAsync()
    {
        await guest.Shell.DoAsync("systemctl restart " + DebianMachine.Service);
        await guest.WaitForAgentAsync();
    }
}
