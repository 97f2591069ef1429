namespace Qapi.Generator;

/// <summary>A file that the generator adds to the compilation.</summary>
/// <param name="Name">Its name: <c>File.g.cs</c>.</param>
/// <param name="Text">What it holds.</param>
internal sealed record GeneratedFile(string Name, string Text);
