using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Qapi.Generator.Tests;

/// <summary>The generator works again only when the schema changed.</summary>
public sealed class IncrementalTests
{
    private static readonly CSharpCompilation Before = CSharpCompilation.Create("project", [CSharpSyntaxTree.ParseText("class A;")]);

    [Fact]
    public void The_same_input_does_not_regenerate()
    {
        GeneratorDriver driver = GeneratorRun.Driver("types", ProjectFiles.Sample()).RunGenerators(Before);

        GeneratorRunResult again = driver.RunGenerators(Before).GetRunResult().Results.Single();

        AssertNotRun(again, QapiGenerator.FilesStep);
        AssertNotRun(again, QapiGenerator.ModelStep);
        AssertNotRun(again, QapiGenerator.TextStep);
    }

    [Fact]
    public void An_edit_of_the_code_around_does_not_regenerate()
    {
        GeneratorDriver driver = GeneratorRun.Driver("types", ProjectFiles.Sample()).RunGenerators(Before);

        CSharpCompilation edited = Before.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class B;"));
        GeneratorRunResult again = driver.RunGenerators(edited).GetRunResult().Results.Single();

        AssertNotRun(again, QapiGenerator.ModelStep);
        AssertNotRun(again, QapiGenerator.TextStep);
        Assert.All(again.TrackedOutputSteps.SelectMany(pair => pair.Value).SelectMany(step => step.Outputs),
            output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    [Fact]
    public void A_moved_definition_makes_the_same_model_and_no_new_text()
    {
        SchemaText[] files = ProjectFiles.Sample();
        GeneratorDriver driver = GeneratorRun.Driver("types", files).RunGenerators(Before);

        SchemaText moved = new(files[0].Path, "# A new comment.\n\n" + files[0].GetText());
        driver = driver.ReplaceAdditionalText(files[0], moved);
        GeneratorRunResult again = driver.RunGenerators(Before).GetRunResult().Results.Single();

        Assert.Equal(IncrementalStepRunReason.Modified, again.TrackedSteps[QapiGenerator.FilesStep][0].Outputs[0].Reason);
        Assert.Equal(IncrementalStepRunReason.Unchanged, again.TrackedSteps[QapiGenerator.ModelStep].Single().Outputs[0].Reason);
        AssertNotRun(again, QapiGenerator.TextStep);
    }

    [Fact]
    public void A_changed_module_gives_new_text_for_that_module_alone()
    {
        SchemaText[] files = ProjectFiles.Sample();
        GeneratorDriver driver = GeneratorRun.Driver("types", files).RunGenerators(Before);
        SchemaText bytes = files.Single(file => file.Path.EndsWith("bytes.json", StringComparison.Ordinal));

        string edited = bytes.GetText().ToString().Replace("whether it ended", "whether it has ended", StringComparison.Ordinal);
        driver = driver.ReplaceAdditionalText(bytes, new SchemaText(bytes.Path, edited));
        GeneratorRunResult again = driver.RunGenerators(Before).GetRunResult().Results.Single();

        Dictionary<string, IncrementalStepRunReason> reasons = again.TrackedSteps[QapiGenerator.TextStep]
            .SelectMany(step => step.Outputs)
            .ToDictionary(output => ((GeneratedFile)output.Value).Name, output => output.Reason);
        Assert.Equal(IncrementalStepRunReason.Modified, reasons["Bytes.g.cs"]);
        Assert.Equal(IncrementalStepRunReason.Unchanged, reasons["Shapes.g.cs"]);
    }

    [Fact]
    public void A_project_that_emits_nothing_gets_nothing()
    {
        GeneratorRunResult result = GeneratorRun.Of(emit: null, ProjectFiles.Sample());

        Assert.Empty(result.GeneratedSources);
        Assert.Empty(result.Diagnostics);
    }

    private static void AssertNotRun(GeneratorRunResult result, string step) => Assert.All(
        result.TrackedSteps[step].SelectMany(run => run.Outputs),
        output => Assert.Contains(output.Reason, new[] { IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged }));
}
