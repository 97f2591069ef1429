namespace Guestwire.Bench.Groups;

/// <summary>A file that an agent has open and goes through again and again, in chunks.</summary>
internal sealed class FileCursor
{
    private readonly Connection connection;
    private readonly byte[] rewind;
    private readonly int fileBytes;
    private int position;

    internal FileCursor(Connection connection, string path, string mode, int fileBytes)
    {
        this.connection = connection;
        this.fileBytes = fileBytes;
        Handle = Requests.ReadNumber(connection.Ask(Requests.FileOpen(path, mode)));
        rewind = Requests.FileRewind(Handle);
    }

    /// <summary>The agent's handle.</summary>
    internal long Handle { get; }

    /// <summary>Makes sure that there is room for one more chunk in front of it.</summary>
    /// <returns>The request that it was called with.</returns>
    internal byte[] Next(byte[] request, int bytes)
    {
        if (position + bytes > fileBytes)
        {
            Rewind();
        }

        position += bytes;
        return request;
    }

    /// <summary>Goes back to the file's beginning.</summary>
    internal void Rewind()
    {
        connection.Ask(rewind);
        position = 0;
    }

    /// <summary>Closes it.</summary>
    internal void Close() => connection.Ask(Requests.FileClose(Handle));
}
