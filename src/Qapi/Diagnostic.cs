namespace Qapi;

/// <summary>A rule of the language that a schema breaks.</summary>
/// <param name="Id">The rule's stable id, <c>QAPI0012</c>; its page is <c>docs/diagnostics/QAPI0012.md</c>.</param>
/// <param name="File">The schema file, by the path under which it was opened.</param>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Column">The column, counted from 1 in UTF-16 units.</param>
/// <param name="Message">The rule broken and the way out.</param>
public sealed record Diagnostic(string Id, string File, int Line, int Column, string Message)
{
    /// <summary>The form that compilers print: <c>file(line,column): error id: message</c>.</summary>
    public override string ToString() => $"{File}({Line},{Column}): error {Id}: {Message}";
}
