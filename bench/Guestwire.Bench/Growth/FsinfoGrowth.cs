using System.Text;

namespace Guestwire.Bench.Growth;

/// <summary>What the groups have in common that ask an agent for guest-get-fsinfo which was started beside many mounts.</summary>
internal static class FsinfoGrowth
{
    /// <summary>Starts the agent and measures.</summary>
    /// <param name="turn">Whose turn it is.</param>
    /// <param name="row">Where the median goes.</param>
    /// <param name="fill">Makes the mounts, in folders of the one that it is given.</param>
    /// <returns>How many of them the agent tells of.</returns>
    internal static int Measure(Turn turn, Row row, Action<string> fill)
    {
        string folder = TemporaryFolder.Make();
        try
        {
            MountNamespace mountNamespace = new(folder, () => fill(folder));
            using Server server = new(turn.Target, mountNamespace.Start);
            byte[] request = Requests.Plain("guest-get-fsinfo");
            int found = server.Connection.Ask(request).Count(Encoding.UTF8.GetBytes($"\"mountpoint\": \"{folder}/"));
            turn.Add(row, Latencies.Take(server, TimeSpan.FromSeconds(0.3), warmUp: 3, () => server.Connection.Ask(request)).Percentile(0.5));
            return found;
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    /// <summary>Says so when such a group can do nothing.</summary>
    internal static bool IsPossible(Turn turn, string group)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            turn.Results.Note($"{group}: left out, because only root can mount.");
        }

        return turn.Target.IsAgent && Environment.IsPrivilegedProcess;
    }
}
