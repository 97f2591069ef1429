namespace Qapi;

/// <summary>A rule of the language.</summary>
/// <param name="Id">Its stable id. Ids are never reused for another rule.</param>
/// <param name="Title">The rule in a few words.</param>
public sealed record DiagnosticRule(string Id, string Title);
