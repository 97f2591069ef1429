using Qapi.Model;

namespace Qapi.Tests;

/// <summary>The schema files that the tests hold against each other.</summary>
internal static class SchemaFiles
{
    /// <summary>Our contract.</summary>
    internal static Schema Ours => Compile("schema/guest-agent.json");

    /// <summary>The protocol as version 1.1 or 4.0 had it, stripped to its facts.</summary>
    internal static Schema Historical(string version) => Compile($"Historical/schema-{version}.json");

    private static Schema Compile(string path)
    {
        CompilationResult result = SchemaCompiler.Compile(
            Path.Combine(AppContext.BaseDirectory, path),
            file => File.Exists(file) ? File.ReadAllText(file) : null);
        Assert.Equal([], result.Diagnostics.Select(diagnostic => diagnostic.ToString()));
        return result.Schema!;
    }
}
