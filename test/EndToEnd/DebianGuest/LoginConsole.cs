using System.Text;
using System.Text.RegularExpressions;
using EndToEnd.Play;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>The guest's console hvc0 as somebody sees it who sits before it: a prompt for a name, one for a password, a shell.</summary>
internal sealed class LoginConsole : IDisposable
{
    private const string NamePrompt = "guestwire-debian login: ";

    private readonly DebianMachine guest;
    private readonly LineConnection connection;

    private LoginConsole(DebianMachine guest, LineConnection connection)
    {
        this.guest = guest;
        this.connection = connection;
    }

    /// <summary>Sits down before the console and has it begin anew: what it said to nobody is lost.</summary>
    internal static async Task<LoginConsole> OpenAsync(DebianMachine guest)
    {
        LoginConsole console = new(guest, await guest.ConnectRawAsync("login.sock"));
        await guest.Shell.DoAsync("systemctl restart serial-getty@hvc0.service");
        await console.ReadUntilAsync(NamePrompt);
        return console;
    }

    /// <summary>Gives a name and a password.</summary>
    /// <returns>Whether that opened a shell. If not, it asks for a name again.</returns>
    internal async Task<bool> TryLogInAsync(string user, string password)
    {
        await TypeAsync(user);
        await ReadUntilAsync("Password: ");
        await TypeAsync(password);

        // The shell shows whose it is. What is said before it may tell of the last login.
        string shell = $"{user}@guestwire-debian:";
        string said = await ReadUntilAsync($"{shell}|Login incorrect(.|\n)*login: ");
        return said.Contains(shell, StringComparison.Ordinal);
    }

    /// <summary>Leaves the shell, and waits until the guest knows of nobody who is logged in.</summary>
    internal async Task LogOutAsync()
    {
        await TypeAsync("exit");
        await ReadUntilAsync(NamePrompt);
        await guest.Shell.DoAsync("until [ -z \"$(who)\" ]; do sleep 0.2; done");
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private async Task TypeAsync(string line)
    {
        using CancellationTokenSource deadline = new(BootedMachine.Patience);
        await connection.SendAsync(Encoding.ASCII.GetBytes(line + "\n"), deadline.Token);
    }

    private async Task<string> ReadUntilAsync(string pattern)
    {
        using CancellationTokenSource deadline = new(BootedMachine.Patience);
        StringBuilder said = new();
        while (!Regex.IsMatch(said.ToString(), pattern))
        {
            byte[] more = await connection.ReadSomeAsync(deadline.Token);
            Assert.True(more.Length > 0, "the console is gone");
            said.Append(Encoding.UTF8.GetString(more));
        }

        return said.ToString();
    }
}
