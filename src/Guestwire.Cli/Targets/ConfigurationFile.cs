using Guestwire.Client;

namespace Guestwire.Cli.Targets;

/// <summary>
/// <c>~/.config/guestwire/config</c>, or the file that <c>GUESTWIRE_CONFIG</c> names:
/// <code>
/// # comment
/// [guests]
/// web1 = libvirt:qemu+ssh://root@host7/system/web1
/// old = unix:/run/vms/old.sock
/// </code>
/// </summary>
/// <param name="path">The file; it need not exist.</param>
internal sealed class ConfigurationFile(string path) : IGuestSource
{
    private const string PathVariable = "GUESTWIRE_CONFIG";

    /// <inheritdoc/>
    public string Name => path;

    /// <summary>The user's own.</summary>
    internal static ConfigurationFile OfUser()
    {
        string folder = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } configured
            ? configured
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return new ConfigurationFile(Environment.GetEnvironmentVariable(PathVariable) ?? Path.Combine(folder, "guestwire", "config"));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Target>> ListAsync(CancellationToken cancellation) => Task.FromResult(Read());

    /// <exception cref="UsageException">A line is none.</exception>
    private IReadOnlyList<Target> Read()
    {
        if (!File.Exists(path))
        {
            return [];
        }

        List<Target> guests = [];
        string section = "";
        int number = 0;
        foreach (string raw in File.ReadLines(path))
        {
            number++;
            string line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            if (line[0] == '[' && line[^1] == ']')
            {
                section = line[1..^1];
                if (section != "guests")
                {
                    throw Wrong(number, $"there is no section [{section}]; the section that is known is [guests]");
                }

                continue;
            }

            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || section.Length == 0)
            {
                throw Wrong(number, "a line is 'NAME = TARGET' in the section [guests]");
            }

            guests.Add(Guest(line[..equals].Trim(), line[(equals + 1)..].Trim(), number));
        }

        return guests;
    }

    private Target Guest(string name, string target, int number)
    {
        try
        {
            return new Target(name, GuestTransport.Parse(target));
        }
        catch (FormatException exception)
        {
            throw Wrong(number, exception.Message, exception);
        }
    }

    private UsageException Wrong(int number, string what, Exception? cause = null) => new($"{path}, line {number}: {what}", cause);
}
