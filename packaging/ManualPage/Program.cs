using Qapi;
using Qapi.Model;

namespace ManualPage;

/// <summary>Usage: ManualPage SCHEMA VERSION DATE &lt; HELP &gt; PAGE, where HELP is what <c>guestwire-agent --help</c> prints.</summary>
internal static class Program
{
    private static int Main(string[] words)
    {
        if (words is not [string schemaPath, string version, string date])
        {
            Console.Error.WriteLine("usage: ManualPage SCHEMA VERSION DATE < HELP > PAGE");
            return 2;
        }

        CompilationResult result = SchemaCompiler.Compile(
            schemaPath, path => File.Exists(path) ? File.ReadAllText(path) : null);
        foreach (Diagnostic diagnostic in result.Diagnostics)
        {
            Console.Error.WriteLine(diagnostic);
        }

        if (result.Schema is not Schema schema)
        {
            return 1;
        }

        var page = new RoffWriter();
        page.Title("guestwire\\-agent", section: 8, date, $"Guestwire {version}");
        FixedSections.WriteOpening(page);
        OptionSection.Write(page, Console.In.ReadToEnd());
        FixedSections.WriteUse(page);
        SchemaSections.Write(page, schema);
        FixedSections.WriteClosing(page);
        Console.Out.Write(page.ToString());
        return 0;
    }
}
