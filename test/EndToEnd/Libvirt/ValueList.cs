namespace EndToEnd.Libvirt;

/// <summary>What virsh prints as lines of "name : value".</summary>
internal static class ValueList
{
    /// <summary>The values by their names.</summary>
    internal static Dictionary<string, string> Parse(string output) => output
        .Split('\n')
        .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
        .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
}
