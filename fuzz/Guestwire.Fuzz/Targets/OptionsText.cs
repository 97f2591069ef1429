using System.Reflection;
using System.Text;
using Guestwire.Agent.Daemon.Options;
using Guestwire.Agent.Policy;
using Guestwire.Agent.State;

namespace Guestwire.Fuzz.Targets;

/// <summary>Everything that options say, as text that differs where they differ: unlike a dumped configuration it tells an empty name from no name.</summary>
internal static class OptionsText
{
    /// <summary>The text.</summary>
    internal static string Of(AgentOptions options)
    {
        StringBuilder text = new();
        Append(text, options with { Rules = AccessRules.None, Freeze = FreezeSettings.Default });
        Append(text, options.Freeze);

        AccessRules rules = options.Rules;
        text.Append(rules.Profile).Append(' ').Append(List(rules.ReadPaths)).Append(List(rules.WritePaths)).Append(List(rules.Users)).Append(Quote(rules.AuditLog));
        foreach (ExecRule rule in rules.Programs ?? [])
        {
            text.Append('\n').Append(Quote(rule.Name)).Append(Quote(rule.Program)).Append(List([.. rule.Arguments.Select(pattern => pattern.Text)]))
                .Append(rule.AllowsFurtherArguments).Append(List(rule.Environment)).Append(rule.AllowsInput);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, object settings)
    {
        foreach (PropertyInfo option in settings.GetType().GetProperties())
        {
            object? value = option.GetValue(settings);

            // A dump turns the lists of commands round, as the reference does; their order means nothing.
            text.Append(option.Name).Append('=').Append(value is IReadOnlyList<string> list ? List([.. list.Order(StringComparer.Ordinal)]) : Quote(value?.ToString()))
                .Append('\n');
        }
    }

    private static string List(IReadOnlyList<string>? list) => list is null ? "-" : $"[{string.Concat(list.Select(Quote))}]";

    private static string Quote(string? text) => text is null ? "-" : $"{text.Length}:{text} ";
}
