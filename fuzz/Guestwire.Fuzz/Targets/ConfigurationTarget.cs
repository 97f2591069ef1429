using System.Text;
using Guestwire.Agent.Daemon.Options;
using Guestwire.Fuzz.Mutation;
using Guestwire.Fuzz.Seeds;

namespace Guestwire.Fuzz.Targets;

/// <summary>
/// The configuration file. It is refused with a reason, or understood; what <c>--dump-conf</c> makes of it is understood as the same. A line that a reason
/// names is one of the file.
/// </summary>
internal sealed class ConfigurationTarget : FuzzTarget
{
    internal override string Name => "configuration";

    internal override string About => "configuration files: read, dumped, read again, the same";

    internal override InputShape Shape => InputShape.Lines;

    internal override int MaxInputBytes => 1024;

    internal override IEnumerable<byte[]> Seeds => [SeedTexts.Named("general.conf"), SeedTexts.Named("rules.conf"), .. SeedTexts.ManualConfigurations];

    internal override IReadOnlyList<byte[]> Words { get; } = SeedTexts.Words(
        "[general]\n", "[policy]\n", "[exec a]\nprogram=/a\n", "profile=", "full", "managed", "backup", "readonly", "read-paths=", "write-paths=", "users=", "audit-log=",
        "arguments=", "environment=", "input=", "true", "false", "program=", "...", "\"...\"", "\\s", "\\t", "\\n", "\\r", "\\\\", "/", "/,/", "[de]", "Encoding=UTF-8", "\"a b\"",
        "[freeze]\n", "freeze-timeout=", "filesystem-timeout=", "auto-thaw=", "auto-thaw-idle=", "exclude=", "include=", "hook-directory=", "hook-timeout=", "86400", "block-rpcs=", "allow-rpcs=", "daemon=1\n", "path=", "..");

    internal override void Run(ReadOnlySpan<byte> input)
    {
        if (!ConfigurationFile.TryParse(input, out ConfigurationFile? file, out string? reason))
        {
            Violation.Unless(!string.IsNullOrEmpty(reason), "a refusal has a reason");
            CheckLine(input, reason);
            return;
        }

        Violation.Unless(reason is null, "what is understood has no reason to be refused", () => reason!);
        string dumped = ConfigurationDump.Write(file.Options);
        bool isRead = ConfigurationFile.TryParse(Encoding.UTF8.GetBytes(dumped), out ConfigurationFile? again, out string? why);
        Violation.Unless(isRead, "what was dumped is understood", () => $"{why}: {dumped}");
        Violation.UnlessSame(OptionsText.Of(file.Options), OptionsText.Of(again!.Options), "what was dumped means the same");
        Violation.Unless(again.Warnings.Count == 0, "in what was dumped all is read");
    }

    private static void CheckLine(ReadOnlySpan<byte> input, string reason)
    {
        if (reason.StartsWith("line ", StringComparison.Ordinal))
        {
            string number = reason[5..reason.IndexOf(':', StringComparison.Ordinal)];
            Violation.Unless(int.TryParse(number, out int line) && line >= 1 && line <= input.Count((byte)'\n') + 1, "a reason names a line of the file", () => reason);
        }
    }
}
