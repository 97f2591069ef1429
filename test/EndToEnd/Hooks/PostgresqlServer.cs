namespace EndToEnd.Hooks;

/// <summary>PostgreSQL; nothing writes its log or a checkpoint without being asked.</summary>
public sealed class PostgresqlServer : DatabaseServer
{
    private const string User = "postgres";

    /// <summary>One with new data, with an empty table.</summary>
    public PostgresqlServer()
        : this(null)
    {
    }

    /// <param name="image">Another one's data, or null for new.</param>
    internal PostgresqlServer(string? image)
        : base(User, image)
    {
        if (image is null)
        {
            Run(AsUser(Program("initdb"), "--pgdata=" + Data, "--auth=peer", "--no-sync", "--no-locale", "--encoding=UTF8"));
        }
        else
        {
            File.Delete(Path.Combine(Data, "postmaster.pid"));
        }

        Start(
            $"{Program("pg_isready")} --host={SocketFolder}",
            Program("postgres"),
            [
                "-D", Data, "-k", SocketFolder,
                .. Setting("listen_addresses=", "checkpoint_timeout=1d", "max_wal_size=1GB", "wal_writer_delay=10s", "bgwriter_delay=10s", "shared_buffers=8MB"),
            ]);
        if (image is null)
        {
            Ask("CREATE TABLE acknowledged (n integer PRIMARY KEY)");
        }
    }

    /// <inheritdoc/>
    internal override string Ask(string question) => Run(AsUser([.. Client, "--command=" + question]));

    /// <summary>Its commits do not wait for their log.</summary>
    internal override AcknowledgedWriter StartWriter()
    {
        Ask("DELETE FROM acknowledged");
        return AcknowledgedWriter.OfProgram(
            AsUser(["env", "PGOPTIONS=-c synchronous_commit=off", .. Client]), number => $"INSERT INTO acknowledged VALUES ({number}) RETURNING n;");
    }

    /// <summary>A program of the server's, which Debian keeps out of PATH because there may be several versions.</summary>
    internal static string Program(string name) =>
        Path.Combine(Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last(), "bin", name);

    private static IEnumerable<string> Setting(params string[] settings) => settings.SelectMany(setting => (string[])["-c", setting]);

    private string[] Client => ["psql", "-XAtq", "--host=" + SocketFolder, "--dbname=postgres"];
}
