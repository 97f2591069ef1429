using Qapi.Model;

namespace Qapi;

/// <summary>What compiling a schema gave.</summary>
/// <param name="Schema">The schema, or null when it breaks a rule.</param>
/// <param name="Diagnostics">The rules broken; empty exactly when there is a schema.</param>
public sealed record CompilationResult(Schema? Schema, EquatableArray<Diagnostic> Diagnostics);
