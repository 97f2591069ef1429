namespace Guestwire.Agent.Policy;

/// <summary>
/// What one argument of a program may look like: <c>?</c> is any character, <c>*</c> any run of them, both but for <c>/</c>; <c>**</c> is any
/// run whatsoever; <c>\</c> makes the next character an ordinary one.
/// </summary>
/// <remarks>
/// Wildcards open less than they seem to, so that a careless rule opens no door: at the beginning of a pattern they match no <c>-</c>, which
/// would make an option of it, and never do they stand for the way up, <c>..</c>, in a path.
/// </remarks>
internal sealed class ArgumentPattern
{
    private readonly List<Step> _steps = [];
    private readonly bool _beginsWithWildcard;
    private readonly bool _goesUp;

    internal ArgumentPattern(string text)
    {
        Text = text;
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '*' when i + 1 < text.Length && text[i + 1] == '*':
                    i++;
                    _steps.Add(new Step(StepKind.AnyRun));
                    break;
                case '*':
                    _steps.Add(new Step(StepKind.Run));
                    break;
                case '?':
                    _steps.Add(new Step(StepKind.One));
                    break;
                case '\\' when i + 1 < text.Length:
                    _steps.Add(new Step(StepKind.Exactly, text[++i]));
                    break;
                default:
                    _steps.Add(new Step(StepKind.Exactly, text[i]));
                    break;
            }
        }

        _beginsWithWildcard = _steps.Count > 0 && _steps[0].Kind != StepKind.Exactly;
        _goesUp = GoesUp(text);
    }

    private enum StepKind
    {
        Exactly,
        One,
        Run,
        AnyRun,
    }

    /// <summary>The pattern as it was written.</summary>
    internal string Text { get; }

    /// <summary>Whether an argument fits. Takes at most the pattern's length times the argument's.</summary>
    internal bool Matches(string argument)
    {
        if ((_beginsWithWildcard && argument.StartsWith('-')) || (!_goesUp && GoesUp(argument)))
        {
            return false;
        }

        // All places in the pattern at which one may be after the characters so far; no going back, whatever the pattern.
        bool[] places = new bool[_steps.Count + 1];
        bool[] next = new bool[_steps.Count + 1];
        places[0] = true;
        SkipRuns(places);
        int component = 0;
        for (int at = 0; at < argument.Length; at++)
        {
            component = at > 0 && argument[at - 1] == '/' ? at : component;
            bool isOfWayUp = argument[at] == '.' && IsWayUp(argument.AsSpan(component));
            Array.Clear(next);
            for (int i = 0; i < _steps.Count; i++)
            {
                if (places[i] && _steps[i].Accepts(argument[at], isOfWayUp))
                {
                    next[_steps[i].IsRun ? i : i + 1] = true;
                }
            }

            SkipRuns(next);
            (places, next) = (next, places);
        }

        return places[^1];
    }

    // A run may be empty.
    private void SkipRuns(bool[] places)
    {
        for (int i = 0; i < _steps.Count; i++)
        {
            places[i + 1] |= places[i] && _steps[i].IsRun;
        }
    }

    private static bool GoesUp(string path)
    {
        foreach (Range component in path.AsSpan().Split('/'))
        {
            if (path.AsSpan(component) is "..")
            {
                return true;
            }
        }

        return false;
    }

    // Whether a path begins with a component that leads up.
    private static bool IsWayUp(ReadOnlySpan<char> path) => path is ".." || path.StartsWith("../");

    private readonly record struct Step(StepKind Kind, char Character = '\0')
    {
        internal bool IsRun => Kind is StepKind.Run or StepKind.AnyRun;

        internal bool Accepts(char character, bool isOfWayUp) => Kind switch
        {
            StepKind.Exactly => character == Character,
            StepKind.AnyRun => !isOfWayUp,
            _ => !isOfWayUp && character != '/',
        };
    }
}
