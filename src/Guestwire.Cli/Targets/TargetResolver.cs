using System.IO.Enumeration;
using Guestwire.Client;

namespace Guestwire.Cli.Targets;

/// <summary>Finds the guests that somebody means: by target, by name, by pattern, or all.</summary>
/// <param name="sources">Who knows guests by name; the first that knows a name is right.</param>
internal sealed class TargetResolver(IReadOnlyList<IGuestSource> sources)
{
    /// <summary>One that asks this host.</summary>
    internal static TargetResolver OfHost() => new([ConfigurationFile.OfUser(), ProxmoxMachines.OfNode(), new LibvirtGuests()]);

    /// <summary>Who knows guests by name.</summary>
    internal IReadOnlyList<IGuestSource> Sources => sources;

    /// <summary>Finds guests; each once, in the order in which they were named.</summary>
    /// <param name="names">Targets, names, patterns.</param>
    /// <param name="all">Whether every guest is meant that may run.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="UsageException">One of them means no guest.</exception>
    internal async Task<IReadOnlyList<Target>> ResolveAsync(IReadOnlyList<string> names, bool all, CancellationToken cancellation)
    {
        if (names.Count == 0 && !all)
        {
            throw new UsageException($"name a guest ({TargetForms.Text}), or say --all");
        }

        List<Target> found = [];
        IReadOnlyList<Target>? known = null;
        foreach (string name in names)
        {
            if (name.Contains(':', StringComparison.Ordinal))
            {
                found.Add(new Target(name, GuestTransport.Parse(name)));
                continue;
            }

            if (IsPattern(name))
            {
                known ??= await ListAsync(cancellation).ConfigureAwait(false);
                Target[] meant = [.. known.Where(target => IsMeant(target, name))];
                found.AddRange(meant.Length > 0 ? meant : throw new UsageException($"no guest matches '{name}'; {Places()}"));
            }
            else
            {
                found.Add(await FindAsync(name, known, cancellation).ConfigureAwait(false));
            }
        }

        if (all)
        {
            known ??= await ListAsync(cancellation).ConfigureAwait(false);
            found.AddRange(known.Where(target => target.State is null or "running"));
        }

        return [.. found.DistinctBy(target => target.Transport)];
    }

    /// <summary>Whether somebody may mean several guests by it.</summary>
    internal static bool IsPattern(string name) => name.AsSpan().ContainsAny('*', '?') && !name.Contains(':', StringComparison.Ordinal);

    /// <summary>Whether a name or a pattern means a guest.</summary>
    internal static bool IsMeant(Target target, string name) =>
        IsPattern(name) ? FileSystemName.MatchesSimpleExpression(name, target.Name, ignoreCase: false) : target.Name == name;

    /// <summary>Every guest that somebody knows, of each name the first.</summary>
    internal async Task<IReadOnlyList<Target>> ListAsync(CancellationToken cancellation)
    {
        List<Target> known = [];
        foreach (IGuestSource source in sources)
        {
            known.AddRange(await source.ListAsync(cancellation).ConfigureAwait(false));
        }

        return [.. known.DistinctBy(target => target.Name)];
    }

    /// <summary>Finds one guest: who knows it is not kept waiting for who does not.</summary>
    private async Task<Target> FindAsync(string name, IReadOnlyList<Target>? known, CancellationToken cancellation)
    {
        Target? found = known?.FirstOrDefault(target => target.Name == name);
        foreach (IGuestSource source in known is null ? sources : [])
        {
            IReadOnlyList<Target> guests = await source.ListAsync(cancellation).ConfigureAwait(false);
            found = guests.FirstOrDefault(target => target.Name == name);
            if (found is not null)
            {
                break;
            }
        }

        return found ?? throw new UsageException($"there is no guest '{name}'; {Places()}");
    }

    private string Places() => $"looked in {string.Join(", ", sources.Select(source => source.Name))}";
}
