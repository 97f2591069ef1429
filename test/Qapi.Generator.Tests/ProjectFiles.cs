using System.Reflection;

namespace Qapi.Generator.Tests;

/// <summary>Files of the source tree that the tests read.</summary>
internal static class ProjectFiles
{
    /// <summary>The folder of this project.</summary>
    internal static string Here { get; } = typeof(ProjectFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ProjectDirectory").Value!;

    /// <summary>The folder of the whole tree.</summary>
    internal static string Root { get; } = Path.GetFullPath(Path.Combine(Here, "..", ".."));

    /// <summary>The schema files in a folder.</summary>
    internal static SchemaText[] Schema(string folder) =>
    [
        .. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal)
            .Select(path => new SchemaText(path, File.ReadAllText(path))),
    ];

    /// <summary>The schema that uses every construct.</summary>
    internal static SchemaText[] Sample() => Schema(Path.Combine(Here, "Sample"));

    /// <summary>The schema of the protocol.</summary>
    internal static SchemaText[] Protocol() => Schema(Path.Combine(Root, "schema"));
}
