using System.CommandLine;
using System.Globalization;
using System.Reflection;
using Guestwire.Cli.Targets;
using Guestwire.Cli.Verbs;
using ManualPage;

namespace Guestwire.Cli.Manual;

/// <summary>The manual: guestwire(1), and a page for each verb, from what also makes help.</summary>
/// <param name="root">The whole command line.</param>
/// <param name="date">The date that the pages bear.</param>
internal sealed class ManualPages(Command root, DateTimeOffset date)
{
    private const string Program = "guestwire";

    /// <summary>Writes the pages.</summary>
    internal IEnumerable<(string Name, string Text)> Write()
    {
        VerbCommand[] verbs = [.. Visible(root)];
        yield return (Program, Overview(verbs));
        foreach (VerbCommand verb in verbs)
        {
            yield return ($"{Program}-{verb.Name}", PageOf(verb));
        }
    }

    private string Overview(VerbCommand[] verbs)
    {
        RoffWriter page = Begin(Program, "look after virtual machines through their guest agents");
        page.Section("Synopsis");
        page.Line($"{Program} VERB [GUEST...] [OPTION...]");
        page.Section("Description");
        page.Line(root.Description!);
        page.Section("Verbs");
        foreach (VerbCommand verb in verbs)
        {
            page.Term($"{Program} {verb.Name}");
            page.Line($"{verb.Verb.Summary}. See {Program}-{verb.Name}(1).");
        }

        page.Section("Guests");
        page.Line($"A guest is named by {TargetForms.Text}. Names are those of libvirt, of Proxmox VE and of the configuration; they may have * and ?.");
        page.Section("Files");
        page.Term("~/.config/guestwire/config");
        page.Line("names for guests:");
        page.Example("[guests]\nweb1 = unix:/run/vms/web1.sock\ndb1 = libvirt:qemu:///system/db1");
        page.Section("Environment");
        page.Term("GUESTWIRE_CONFIG");
        page.Line("the configuration's file, when it is another one");
        page.Section("Exit status");
        page.Line($"{ExitCode.Explanation}. Verbs that run programs have others, which their pages tell.");
        page.Section("See also");
        page.Line($"{string.Join(", ", verbs.Select(verb => $"{Program}-{verb.Name}(1)"))}, guestwire-agent(8), virsh(1)");
        return page.ToString();
    }

    private string PageOf(VerbCommand verb)
    {
        RoffWriter page = Begin($"{Program}-{verb.Name}", char.ToLowerInvariant(verb.Verb.Summary[0]) + verb.Verb.Summary[1..]);
        VerbCommand[] subcommands = [.. Visible(verb)];
        page.Section("Synopsis");
        foreach (VerbCommand command in subcommands.Length > 0 ? subcommands : [verb])
        {
            page.Line(Synopsis(command));
            page.Break();
        }

        page.Section("Description");
        page.Line($"{verb.Verb.Summary}.");
        Remarks(page, verb.Verb);
        foreach (VerbCommand command in subcommands)
        {
            page.Subsection(command.Name);
            page.Line($"{command.Verb.Summary}.");
            Remarks(page, command.Verb);
        }

        page.Section("Options");
        foreach (IGrouping<string, Option> options in ((VerbCommand[])[verb, .. subcommands]).SelectMany(OptionsOf).GroupBy(option => option.Name))
        {
            Option option = options.First();
            page.Term(Term(option));
            page.Line($"{option.Description}{Default(option)}");
        }

        page.Section("Examples");
        foreach ((string commandLine, string effect) in ((VerbCommand[])[verb, .. subcommands]).SelectMany(command => command.Verb.Examples).Distinct())
        {
            page.Term(commandLine);
            page.Line(effect);
        }

        page.Section("Exit status");
        page.Line($"{char.ToUpperInvariant(verb.Verb.ExitCodes[0])}{verb.Verb.ExitCodes[1..]}.");
        page.Section("See also");
        page.Line($"{Program}(1), which says how guests are named");
        return page.ToString();
    }

    private RoffWriter Begin(string name, string purpose)
    {
        RoffWriter page = new();
        string version = typeof(ManualPages).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        page.Title(name.Replace("-", "\\-", StringComparison.Ordinal), section: 1, date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), $"Guestwire {version}", "User Commands");
        page.Section("Name");
        page.Name(name, purpose);
        return page;
    }

    private static void Remarks(RoffWriter page, Verb verb)
    {
        foreach (string paragraph in verb.Remarks.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            page.BeginParagraph();
            foreach (string line in paragraph.Split('\n'))
            {
                page.Line(line);
            }
        }
    }

    private static string Synopsis(VerbCommand command)
    {
        string path = string.Join(' ', command.Parents.OfType<VerbCommand>().Select(parent => parent.Name).Append(command.Name));
        string arguments = string.Concat(command.Arguments.Select(argument => $" {Placeholder(argument)}"));
        return $"{Program} {path} [OPTION...]{arguments}";
    }

    // A name for several words says itself how many there are.
    private static string Placeholder(Argument argument)
    {
        string name = argument.HelpName ?? argument.Name.ToUpperInvariant();
        return argument.Arity.MaximumNumberOfValues > 1 && !name.Contains("...", StringComparison.Ordinal) ? $"{name}..." : name;
    }

    private static string Term(Option option)
    {
        string names = string.Join(", ", option.Aliases.Append(option.Name).OrderBy(name => name.Length));
        return option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0 ? names : $"{names} {option.HelpName ?? "VALUE"}";
    }

    private static string Default(Option option) =>
        option.HasDefaultValue && option.ValueType != typeof(bool) && option.GetDefaultValue() is { } value and not Array
            ? string.Create(CultureInfo.InvariantCulture, $" (default: {value})")
            : "";

    private static IEnumerable<Option> OptionsOf(Command command) => command.Options.Where(option => !option.Hidden);

    private static IEnumerable<VerbCommand> Visible(Command command) => command.Subcommands.OfType<VerbCommand>().Where(verb => !verb.Hidden);
}
