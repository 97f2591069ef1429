namespace EndToEnd.DebianGuest;

/// <summary>The drop-in that the program makes for the configuration at hand, in force for as long as a test lasts.</summary>
internal sealed class UnitDropIn : IAsyncDisposable
{
    private const string Folder = $"/etc/systemd/system/{DebianMachine.Service}.d";
    private readonly DebianMachine guest;

    private UnitDropIn(DebianMachine guest) => this.guest = guest;

    /// <summary>Installs it, has systemd check the unit with it, and starts the service anew.</summary>
    internal static async Task<UnitDropIn> InstallAsync(DebianMachine guest)
    {
        await guest.Shell.DoAsync($"mkdir -p {Folder} && guestwire-agent --unit-drop-in > {Folder}/privilege.conf");
        UnitDropIn dropIn = new(guest);
        try
        {
            Assert.Equal("", await guest.Shell.DoAsync($"systemd-analyze verify --man=no --recursive-errors=no {DebianMachine.Service} 2>&1"));
            await dropIn.RestartAsync();
            return dropIn;
        }
        catch
        {
            await dropIn.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await guest.Shell.DoAsync($"rm -r {Folder}");
        await RestartAsync();
    }

    private async Task RestartAsync()
    {
        await guest.Shell.DoAsync($"systemctl daemon-reload && systemctl restart {DebianMachine.Service}");
        await guest.WaitForAgentAsync();
    }
}
