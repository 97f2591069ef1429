using System.Net.Sockets;

namespace EndToEnd.Hooks;

/// <summary>Redis; it does not save without being asked.</summary>
internal sealed class RedisServer : DatabaseServer
{
    private const string User = "redis";

    /// <param name="image">Another one's data, or null for none.</param>
    /// <param name="settings">Words of its command line.</param>
    internal RedisServer(string? image, params string[] settings)
        : base(User, image) =>
        Start($"redis-cli -s {Socket} PING | grep PONG", "redis-server", ["--port", "0", "--unixsocket", Socket, "--dir", Data, .. settings]);

    /// <summary>Where it listens.</summary>
    internal string Socket => Path.Combine(SocketFolder, "s");

    /// <inheritdoc/>
    internal override string Ask(string question) => Run("redis-cli", ["-s", Socket, .. question.Split(' ')]);

    /// <inheritdoc/>
    internal override AcknowledgedWriter StartWriter()
    {
        Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        connection.Connect(new UnixDomainSocketEndPoint(Socket));
        NetworkStream stream = new(connection, ownsSocket: true);
        return new AcknowledgedWriter(new StreamWriter(stream), new StreamReader(stream), stream, number => $"RPUSH acknowledged {number}");
    }
}
