namespace Guestwire.Cli.Diagnosis;

/// <summary>How bad a finding is.</summary>
internal enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Something will not work, or not as well as it could.</summary>
    Warning,

    /// <summary>The guest cannot be worked with until this is mended.</summary>
    Problem,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Check">A word for what was looked at.</param>
/// <param name="Level">How bad it is.</param>
/// <param name="Text">What was found.</param>
/// <param name="Meaning">What that means; empty when all is well.</param>
/// <param name="Remedy">How to mend it; empty when all is well.</param>
internal sealed record Finding(string Check, FindingLevel Level, string Text, string Meaning = "", string Remedy = "")
{
    /// <summary>The level's word.</summary>
    internal string LevelName => Level switch { FindingLevel.Ok => "ok", FindingLevel.Warning => "warning", _ => "problem" };

    /// <summary>All is well.</summary>
    internal static Finding Ok(string check, string text) => new(check, FindingLevel.Ok, text);

    /// <summary>Something will not work.</summary>
    internal static Finding Warning(string check, string text, string meaning, string remedy) => new(check, FindingLevel.Warning, text, meaning, remedy);

    /// <summary>Nothing will work.</summary>
    internal static Finding Problem(string check, string text, string meaning, string remedy) => new(check, FindingLevel.Problem, text, meaning, remedy);
}
