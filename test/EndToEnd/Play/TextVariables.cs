using System.Text;

namespace EndToEnd.Play;

/// <summary>The values of <c>${NAME}</c> in a case's texts, and the integers that its templates store.</summary>
internal sealed class TextVariables
{
    private readonly Dictionary<string, string> texts = [];
    private readonly Dictionary<string, string> integers = [];

    /// <summary>Gives <c>${name}</c> its text.</summary>
    internal void Set(string name, string value) => texts[name] = value;

    /// <summary>Stores what the template <c>&lt;&lt;int=name&gt;&gt;</c> met.</summary>
    internal void SetInteger(string name, string value) => integers[name] = value;

    /// <summary>
    /// The text with every variable replaced. A stored integer takes the place of <c>"${name}"</c> with its quotes,
    /// or of <c>${name}</c> within a longer text.
    /// </summary>
    internal string Replace(string text)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder replaced = new(text);
        foreach ((string name, string value) in integers)
        {
            replaced.Replace($"\"${{{name}}}\"", value).Replace($"${{{name}}}", value);
        }

        foreach ((string name, string value) in texts)
        {
            replaced.Replace($"${{{name}}}", value);
        }

        return replaced.ToString();
    }
}
