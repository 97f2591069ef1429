using System.CommandLine;
using Guestwire.Protocol;

namespace Guestwire.Cli.Paths;

/// <summary>A path in a guest, as people write it: <c>web1:/etc/hosts</c>, <c>unix:/run/web1.sock:/etc/hosts</c>.</summary>
/// <param name="Guest">The guest: a name or a target.</param>
/// <param name="Path">The path, absolute.</param>
internal sealed record GuestPath(string Guest, string Path)
{
    /// <summary>The last part of the path.</summary>
    internal string Name => Path.TrimEnd('/')[(Path.TrimEnd('/').LastIndexOf('/') + 1)..];

    /// <summary>Reads a path in a guest.</summary>
    /// <returns>Null when the text is a path on this host: it has no colon, or begins with a slash or a dot.</returns>
    /// <exception cref="UsageException">It names a guest, and the path is not absolute.</exception>
    internal static GuestPath? TryParse(string text)
    {
        if (text.StartsWith('/') || text.StartsWith('.') || !text.Contains(':', StringComparison.Ordinal))
        {
            return null;
        }

        int colon = EndOfGuest(text);
        string path = colon < 0 ? "" : text[(colon + 1)..];
        return path.StartsWith('/')
            ? new GuestPath(text[..colon], path)
            : throw new UsageException($"'{text}' is no path in a guest: write GUEST:/PATH, such as web1:/etc/hosts (and ./NAME for a file here whose name has a colon)");
    }

    /// <summary>Reads what has to be a path in a guest.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    internal static GuestPath Parse(string text) =>
        TryParse(text) ?? throw new UsageException($"'{text}' is no path in a guest: write GUEST:/PATH, such as web1:/etc/hosts");

    /// <summary>The argument that takes paths and, behind them, another one.</summary>
    internal static Argument<string[]> FromAndTo(string name, string description) =>
        new("path") { Description = description, HelpName = name, Arity = new ArgumentArity(2, 100_000) };

    /// <summary>The complaint when there is none.</summary>
    internal QapiException Missing() => new($"{this}: there is no such file");

    /// <summary>The complaint when several files would become one.</summary>
    internal static UsageException NoDirectory(string path) => new($"{path} is no directory, so only one file can go there");

    /// <inheritdoc/>
    public override string ToString() => $"{Guest}:{Path}";

    /// <summary>The colon between guest and path. A target has colons of its own.</summary>
    private static int EndOfGuest(string text)
    {
        int scheme = text.IndexOf(':', StringComparison.Ordinal);
        return text[..scheme] switch
        {
            "unix" or "serial" => text.IndexOf(":/", scheme + 1, StringComparison.Ordinal),
            "vsock" => NthColon(text, 3),
            "pve" => NthColon(text, 2),
            "libvirt" => EndOfDomain(text, scheme + 1),
            _ => scheme,
        };
    }

    private static int NthColon(string text, int wanted)
    {
        int position = -1;
        for (int i = 0; i < wanted; i++)
        {
            position = text.IndexOf(':', position + 1);
            if (position < 0)
            {
                return -1;
            }
        }

        return position;
    }

    // In a URI a colon and a slash are followed by another slash.
    private static int EndOfDomain(string text, int start)
    {
        int position = text.IndexOf(":/", start, StringComparison.Ordinal);
        while (position >= 0 && position + 2 < text.Length && text[position + 2] == '/')
        {
            position = text.IndexOf(":/", position + 1, StringComparison.Ordinal);
        }

        return position;
    }
}
