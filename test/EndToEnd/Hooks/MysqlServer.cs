using System.Diagnostics;
using SystemProcess = System.Diagnostics.Process;

namespace EndToEnd.Hooks;

/// <summary>MariaDB; InnoDB does not write its log without being asked.</summary>
public sealed class MysqlServer : DatabaseServer
{
    private const string User = "mysql";

    /// <summary>One with new data, with two empty tables, with and without transactions, and one for <see cref="LockBusyTable"/>.</summary>
    public MysqlServer()
        : this(null)
    {
    }

    /// <param name="image">Another one's data, or null for new.</param>
    internal MysqlServer(string? image)
        : base(User, image)
    {
        if (image is null)
        {
            Run(AsUser("mariadb-install-db", "--no-defaults", "--datadir=" + Data, "--auth-root-authentication-method=socket", "--skip-test-db"));
        }

        Start(
            $"mariadb-admin --no-defaults --socket={Socket} ping",
            "mariadbd",
            "--no-defaults",
            "--datadir=" + Data,
            "--socket=" + Socket,
            "--skip-networking",
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-flush-log-at-timeout=2700",
            "--innodb-buffer-pool-size=16M");
        if (image is null)
        {
            Ask("CREATE DATABASE d; CREATE TABLE d.acknowledged (n integer PRIMARY KEY) ENGINE=InnoDB; CREATE TABLE d.plain (n integer PRIMARY KEY) ENGINE=MyISAM; CREATE TABLE d.busy (n integer)");
        }
    }

    /// <summary>Where it listens.</summary>
    internal string Socket => Path.Combine(SocketFolder, "s");

    /// <inheritdoc/>
    internal override string Ask(string question) => Run(Client[0], [.. Client[1..], "--execute=" + question]);

    /// <inheritdoc/>
    internal override AcknowledgedWriter StartWriter()
    {
        Ask("DELETE FROM d.plain; DELETE FROM d.acknowledged");
        return AcknowledgedWriter.OfProgram(
            new ProcessStartInfo(Client[0], Client[1..]),
            number => $"INSERT INTO d.plain VALUES ({number}); INSERT INTO d.acknowledged VALUES ({number}); SELECT {number};");
    }

    /// <summary>A client that the global lock has to wait for, until it is disposed of; others do not.</summary>
    internal IDisposable LockBusyTable() => new TableLock(new ProcessStartInfo(Client[0], Client[1..]));

    private string[] Client => ["mariadb", "--no-defaults", "--batch", "--skip-column-names", "--unbuffered", "--socket=" + Socket];

    /// <summary>A client that has locked a table, and waits.</summary>
    private sealed class TableLock : IDisposable
    {
        private readonly SystemProcess _client;

        internal TableLock(ProcessStartInfo start)
        {
            start.RedirectStandardInput = true;
            start.RedirectStandardOutput = true;
            _client = SystemProcess.Start(start)!;
            _client.StandardInput.WriteLine("LOCK TABLES d.busy WRITE; SELECT 'locked';");
            _client.StandardInput.Flush();
            Assert.Equal("locked", _client.StandardOutput.ReadLine());
        }

        public void Dispose()
        {
            _client.StandardInput.Close();
            _client.WaitForExit();
            _client.Dispose();
        }
    }
}
