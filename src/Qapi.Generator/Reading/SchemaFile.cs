namespace Qapi.Generator.Reading;

/// <summary>A schema file as the compiler handed it over.</summary>
/// <param name="Path">Its path, with forward slashes.</param>
/// <param name="Text">What it holds.</param>
internal sealed record SchemaFile(string Path, string Text)
{
    /// <summary>The name without folders.</summary>
    internal string Name => Path.Substring(Path.LastIndexOf('/') + 1);

    /// <summary>The module it is: the name without extension.</summary>
    internal string Module => System.IO.Path.GetFileNameWithoutExtension(Name);
}
