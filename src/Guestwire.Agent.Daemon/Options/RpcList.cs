namespace Guestwire.Agent.Daemon.Options;

/// <summary>
/// The comma lists of <c>-b</c> and <c>-a</c>. Items are split at commas and nowhere else, blanks belong to them, and each
/// list is kept back to front: <c>-b a,b,c -b d</c> is <c>c,b,a,d</c>, because that is how <c>--dump-conf</c> prints it.
/// </summary>
internal static class RpcList
{
    /// <summary>Appends one list to those before it. An empty text is a list of one empty item, which matches no command.</summary>
    public static IReadOnlyList<string> Append(IReadOnlyList<string> before, string commaList)
    {
        string[] items = commaList.Split(',');
        Array.Reverse(items);
        return [.. before, .. items];
    }
}
