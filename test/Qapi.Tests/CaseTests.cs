using Qapi.Model;

namespace Qapi.Tests;

/// <summary>
/// Each <c>Cases/*.json</c> is compiled; beside it stands what must come out: <c>.err</c> with the diagnostics, or
/// <c>.out</c> with the model. To write down what comes out now, for a reader to approve, set QAPI_APPROVE to the path
/// of the Cases folder in the source tree.
/// </summary>
public sealed class CaseTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Cases");

    public static TheoryData<string> Names =>
        new(Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_comes_out_as_written_beside_it(string name)
    {
        CompilationResult result = Compile(name);
        string extension = result.Schema is null ? ".err" : ".out";
        string actual = result.Schema is { } schema ? ModelText.Of(schema) : DiagnosticText(result);

        if (Environment.GetEnvironmentVariable("QAPI_APPROVE") is { Length: > 0 } approved)
        {
            File.WriteAllText(Path.Combine(approved, name + extension), actual);
        }

        string expectedPath = Path.Combine(Folder, name + extension);
        Assert.True(File.Exists(expectedPath), $"there is no {name}{extension} to compare with:\n{actual}");
        Assert.Equal(File.ReadAllText(expectedPath), actual);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_says_in_its_first_line_why_it_exists(string name)
    {
        string first = File.ReadLines(Path.Combine(Folder, name + ".json")).First();
        Assert.StartsWith("# ", first, StringComparison.Ordinal);
        Assert.EndsWith(".", first, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_rule_has_a_case_that_breaks_it()
    {
        HashSet<string> broken = [];
        foreach (string path in Directory.GetFiles(Folder, "*.json"))
        {
            broken.UnionWith(Compile(Path.GetFileNameWithoutExtension(path)).Diagnostics.Select(one => one.Id));
        }

        Assert.Equal(DiagnosticRules.All.Select(rule => rule.Id), broken.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_rule_has_a_page_with_its_title()
    {
        foreach (DiagnosticRule rule in DiagnosticRules.All)
        {
            string path = Path.Combine(AppContext.BaseDirectory, "diagnostics", rule.Id + ".md");
            Assert.True(File.Exists(path), $"{rule.Id} has no page in docs/diagnostics");
            Assert.Equal($"# {rule.Id}: {rule.Title}", File.ReadLines(path).First());
        }
    }

    [Fact]
    public void Every_message_is_one_line_and_points_to_a_place()
    {
        foreach (string path in Directory.GetFiles(Folder, "*.json"))
        {
            foreach (Diagnostic diagnostic in Compile(Path.GetFileNameWithoutExtension(path)).Diagnostics)
            {
                Assert.DoesNotContain('\n', diagnostic.Message);
                Assert.True(diagnostic.Line > 0 && diagnostic.Column > 0, diagnostic.ToString());
            }
        }
    }

    [Fact]
    public void The_same_schema_read_twice_compares_equal()
    {
        Schema first = Compile("every-construct").Schema!;
        Schema second = Compile("every-construct").Schema!;

        Assert.NotSame(first, second);
        Assert.Equal(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
    }

    private static CompilationResult Compile(string name) =>
        SchemaCompiler.Compile(name + ".json", path =>
        {
            string full = Path.Combine(Folder, path);
            return File.Exists(full) ? File.ReadAllText(full) : null;
        });

    private static string DiagnosticText(CompilationResult result) =>
        string.Concat(result.Diagnostics.Select(diagnostic => diagnostic + "\n"));
}
