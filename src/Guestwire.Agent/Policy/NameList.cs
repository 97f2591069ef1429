namespace Guestwire.Agent.Policy;

/// <summary>Looks in short lists of names from the configuration; linear, as they have tens of entries.</summary>
internal static class NameList
{
    /// <summary>Whether the list has the name, exactly.</summary>
    internal static bool Has(IReadOnlyList<string> names, ReadOnlySpan<char> name)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (name.SequenceEqual(names[i]))
            {
                return true;
            }
        }

        return false;
    }
}
