using Qapi.Model;
using Qapi.Syntax;

namespace Qapi;

/// <summary>What was found wrong so far.</summary>
internal sealed class DiagnosticList
{
    private const int MaxDiagnostics = 100; // our own limit: more than anybody reads

    private readonly List<Diagnostic> _items = [];

    /// <summary>Whether nothing was found.</summary>
    internal bool IsEmpty => _items.Count == 0;

    /// <summary>Notes a breach of a rule, unless there are very many already.</summary>
    internal void Report(DiagnosticRule rule, SourcePosition at, string message)
    {
        if (_items.Count < MaxDiagnostics)
        {
            _items.Add(new Diagnostic(rule.Id, at.File, at.Line, at.Column, message));
        }
    }

    /// <summary>All of them, by file and place: the checks run one after another, the reader reads top down.</summary>
    internal EquatableArray<Diagnostic> ToArray() => new(
        _items.OrderBy(item => item.File, StringComparer.Ordinal).ThenBy(item => item.Line).ThenBy(item => item.Column));
}
