using System.Diagnostics;
using Guestwire.Fuzz.Targets;

namespace Guestwire.Fuzz.Search;

/// <summary>What an input did that it should not.</summary>
/// <param name="Signature">Tells one fault from another: the rule broken, or the exception and the method it came from.</param>
/// <param name="Text">All there is to say.</param>
internal sealed record Fault(string Signature, string Text)
{
    /// <summary>The fault that an exception is.</summary>
    internal static Fault Of(Exception exception)
    {
        if (exception is Violation violation)
        {
            return new Fault(violation.Rule, exception.Message);
        }

        // The first method of ours: where the runtime noticed says little.
        IEnumerable<string> methods = new StackTrace(exception).GetFrames()
            .Select(frame => frame.GetMethod()?.DeclaringType is { } type ? $"{type.FullName}.{frame.GetMethod()!.Name}" : "")
            .Where(name => name.StartsWith("Guestwire.", StringComparison.Ordinal) || name.StartsWith("Qapi.", StringComparison.Ordinal));
        return new Fault($"{exception.GetType().Name} in {methods.FirstOrDefault()}", exception.ToString());
    }
}
