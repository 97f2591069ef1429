using System.CommandLine;
using System.Diagnostics;
using Guestwire.Cli.Tests.Programs;
using Guestwire.Cli.Verbs;

namespace Guestwire.Cli.Tests.Manual;

public sealed class ManualTests
{
    [Fact]
    public async Task There_is_a_page_for_each_verb_that_groff_has_nothing_to_say_about()
    {
        using TemporaryFolder folder = new();

        Assert.Equal(0, (await new ProgramCall().RunAsync("manual", folder.Path)).Code);

        VerbCommand[] verbs = [.. CommandLine.Build().Subcommands.OfType<VerbCommand>().Where(verb => !verb.Hidden)];
        string[] pages = [.. Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal)];
        Assert.Equal([.. verbs.Select(verb => folder.File($"guestwire-{verb.Name}.1")).Append(folder.File("guestwire.1")).Order(StringComparer.Ordinal)], pages);
        foreach (string page in pages)
        {
            Assert.Equal("", await ComplaintsAsync(page));
        }

        foreach (VerbCommand verb in verbs)
        {
            string page = await File.ReadAllTextAsync(folder.File($"guestwire-{verb.Name}.1"));
            Assert.All(verb.Options.Where(option => !option.Hidden), option => Assert.Contains(option.Name.Replace("-", "\\-", StringComparison.Ordinal), page, StringComparison.Ordinal));
        }
    }

    private static async Task<string> ComplaintsAsync(string page)
    {
        using Process groff = Process.Start(new ProcessStartInfo("groff", ["-man", "-ww", "-Tutf8", "-z", page]) { RedirectStandardError = true })!;
        string complaints = await groff.StandardError.ReadToEndAsync();
        await groff.WaitForExitAsync();
        return complaints;
    }
}
