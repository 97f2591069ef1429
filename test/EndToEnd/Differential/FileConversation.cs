using System.Globalization;

namespace EndToEnd.Differential;

/// <summary>
/// Makes requests for guest-file-*, right and wrong, by a fixed seed: a few files, a few handles, arguments that mostly fit and sometimes
/// are missing, of another type, or too many. Writes only below the folder that stands for <c>FOLDER</c> in a request.
/// </summary>
internal sealed class FileConversation(Random random)
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "1", "-1", "1.0", "1e3", "9223372036854775808", "18446744073709551615", "\"x\"", "\"\"", "[]", "{}", "[\"a\",1]", "\"YWJj\"",
    ];

    private static readonly (string Command, string[] Arguments)[] Commands =
    [
        ("guest-file-open", ["path", "mode"]),
        ("guest-file-read", ["handle", "count"]),
        ("guest-file-write", ["handle", "buf-b64", "count"]),
        ("guest-file-seek", ["handle", "offset", "whence"]),
        ("guest-file-flush", ["handle"]),
        ("guest-file-close", ["handle"]),
        ("guest-ping", []),
    ];

    private static readonly Dictionary<string, string[]> Fitting = new()
    {
        ["path"] = ["\"FOLDER/one\"", "\"FOLDER/two\"", "\"FOLDER/missing/x\"", "\"FOLDER\"", "\"/dev/null\""],
        ["mode"] = ["\"r\"", "\"r\"", "\"r+\"", "\"r+\"", "\"a+\"", "\"rb\"", "\"w\"", "\"a+b\"", "\"x\""],
        ["handle"] = ["1000", "1001", "1002", "1003", "1004", "5"],
        ["count"] = ["0", "1", "10", "300", "5000", "48000000", "60000000", "-1"],
        ["buf-b64"] = ["\"YWJj\"", "\"YQ==\"", "\"YWJ\"", "\"YW Jj\"", "\"YW\\nJj\"", "\"\"", $"\"{Convert.ToBase64String(new byte[5000])}\""],
        ["offset"] = ["0", "5", "-3", "100000", "-100000"],
        ["whence"] = ["0", "1", "2", "3", "\"set\"", "\"cur\"", "\"end\"", "\"foo\""],
    };

    /// <summary>The next request.</summary>
    internal string Next()
    {
        (string command, string[] names) = Pick(Commands);
        List<string> arguments = [];
        foreach (string name in names)
        {
            if (!OneIn(15))
            {
                arguments.Add($"\"{name}\": {(OneIn(10) ? Pick(Values) : Pick(Fitting[name]))}");
            }
        }

        if (OneIn(20))
        {
            arguments.Add($"\"more\": {Pick(Values)}");
        }

        List<string> members = [$"\"execute\": \"{command}\""];
        if (arguments.Count > 0 || OneIn(2))
        {
            members.Add(OneIn(30) ? $"\"arguments\": {Pick(Values)}" : $"\"arguments\": {{{Shuffled(arguments)}}}");
        }

        if (OneIn(5))
        {
            members.Add($"\"id\": {random.Next(100).ToString(CultureInfo.InvariantCulture)}");
        }

        return $"{{{Shuffled(members)}}}";
    }

    private bool OneIn(int chances) => random.Next(chances) == 0;

    private T Pick<T>(T[] choices) => choices[random.Next(choices.Length)];

    private string Shuffled(List<string> parts)
    {
        string[] shuffled = [.. parts];
        random.Shuffle(shuffled);
        return string.Join(", ", shuffled);
    }
}
