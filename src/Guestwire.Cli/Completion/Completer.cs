using System.CommandLine;
using System.CommandLine.Completions;
using Guestwire.Cli.Targets;
using Guestwire.Cli.Verbs;
using Guestwire.Client;
using Guestwire.Protocol;

namespace Guestwire.Cli.Completion;

/// <summary>Finds what the last word of a command line may become: verbs, options, guests, files in guests.</summary>
/// <param name="root">The whole command line.</param>
/// <param name="guests">Who finds guests.</param>
internal sealed class Completer(Command root, TargetResolver guests)
{
    /// <summary>Finds the candidates. Guests that do not answer have none.</summary>
    /// <param name="words">The words behind the program's name; the last one is completed and may be empty.</param>
    /// <param name="cancellation">Ends the search.</param>
    internal async Task<IReadOnlyList<Candidate>> CompleteAsync(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        if (words.Count == 0)
        {
            return [];
        }

        Command command = root;
        Option? open = null;
        foreach (string word in words.SkipLast(1))
        {
            if (open is not null)
            {
                open = null;
            }
            else if (word == "--")
            {
                // A program and its arguments follow, of which we know nothing.
                return [];
            }
            else if (word.StartsWith('-'))
            {
                open = OptionsOf(command).FirstOrDefault(option => HasValue(option) && NamesOf(option).Contains(word));
            }
            else
            {
                command = command.Subcommands.FirstOrDefault(subcommand => subcommand.Name == word) ?? command;
            }
        }

        string last = words[^1];
        IEnumerable<Candidate> candidates =
            open is not null ? open.GetCompletions(CompletionContext.Empty).Select(item => new Candidate(item.Label))
            : last.StartsWith('-') ? OptionsOf(command).Where(option => !option.Hidden).Select(option => new Candidate(option.Name, option.Description ?? ""))
            : command.Subcommands.Count > 0 ? command.Subcommands.Where(subcommand => !subcommand.Hidden).Select(subcommand => new Candidate(subcommand.Name, subcommand.Description ?? ""))
            : TakesPaths(command) || command.Arguments.Any(argument => argument.Name == GuestOptions.ArgumentName) ? await GuestsAsync(command, last, cancellation).ConfigureAwait(false)
            : command.Arguments.SelectMany(argument => argument.GetCompletions(CompletionContext.Empty)).Select(item => new Candidate(item.Label));
        return [.. candidates.Where(candidate => candidate.Text.StartsWith(last, StringComparison.Ordinal)).DistinctBy(candidate => candidate.Text)];
    }

    private async Task<IEnumerable<Candidate>> GuestsAsync(Command command, string word, CancellationToken cancellation)
    {
        int colon = word.LastIndexOf(":/", StringComparison.Ordinal);
        if (colon < 0)
        {
            IReadOnlyList<Target> known = await guests.ListAsync(cancellation).ConfigureAwait(false);
            return known.Select(target => new Candidate(TakesPaths(command) ? $"{target.Name}:/" : target.Name, target.State ?? ""));
        }

        string guest = word[..colon];
        string path = word[(colon + 1)..];
        string folder = path[..(path.LastIndexOf('/') + 1)];
        IEnumerable<(string Name, bool IsFolder)> entries = guest is "unix" or "serial"
            ? Local(folder)
            : await RemoteAsync(guest, folder, cancellation).ConfigureAwait(false);

        // As shells do: what is hidden shows when its dot is written.
        bool withHidden = path[folder.Length..].StartsWith('.');
        return entries
            .Where(entry => withHidden || !entry.Name.StartsWith('.'))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => new Candidate($"{guest}:{folder}{entry.Name}{(entry.IsFolder ? "/" : "")}"));
    }

    private static IEnumerable<(string Name, bool IsFolder)> Local(string folder) => Directory.Exists(folder)
        ? new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }).Select(entry => (entry.Name, entry is DirectoryInfo))
        : [];

    private async Task<IEnumerable<(string Name, bool IsFolder)>> RemoteAsync(string name, string folder, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<Target> targets = await guests.ResolveAsync([name], all: false, cancellation).ConfigureAwait(false);
            GuestClient guest = new(targets[0].Transport);
            await using (guest.ConfigureAwait(false))
            {
                GuestFiles files = await guest.GetFilesAsync(cancellation).ConfigureAwait(false);
                return [.. (await files.ListAsync(folder, cancellation).ConfigureAwait(false)).Select(entry => (entry.Name, entry.Status.Type == GuestwireFileType.Directory))];
            }
        }
        catch (Exception exception) when (exception is UsageException or FormatException or QapiException or IOException or TimeoutException)
        {
            return [];
        }
    }

    private static bool TakesPaths(Command command) => command is VerbCommand { Verb.TakesGuestPaths: true };

    private static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(option => option.Recursive));

    private static IEnumerable<string> NamesOf(Option option) => [option.Name, .. option.Aliases];

    private static bool HasValue(Option option) => option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);
}
