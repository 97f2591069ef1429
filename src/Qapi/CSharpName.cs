using System.Text;

namespace Qapi;

/// <summary>How names on the wire are spelt in C#.</summary>
public static class CSharpName
{
    /// <summary>
    /// The name in C# of a command, type, member or value: each part between <c>-</c>, <c>_</c> and <c>.</c> starts with a
    /// capital, and the rest stays: <c>guest-file-read</c> is <c>GuestFileRead</c>. A name that would start with a digit
    /// gets an underscore in front.
    /// </summary>
    public static string Of(string wireName)
    {
        var name = new StringBuilder(wireName.Length + 1);
        bool startsPart = true;
        foreach (char character in wireName)
        {
            if (character is '-' or '_' or '.')
            {
                startsPart = true;
                continue;
            }

            if (name.Length == 0 && character is >= '0' and <= '9')
            {
                name.Append('_');
            }

            name.Append(startsPart ? char.ToUpperInvariant(character) : character);
            startsPart = false;
        }

        return name.ToString();
    }

    /// <summary>The name in C# of the record that holds a command's arguments.</summary>
    public static string OfArguments(string commandName) => Of(commandName) + "Arguments";
}
