using System.Net.Sockets;
using Guestwire.Client;

namespace Guestwire.Cli.Diagnosis;

/// <summary>The socket of a guest's agent on this host: is it there, who listens, who else is connected.</summary>
internal sealed class SocketDiagnosis
{
    private readonly string _path;
    private readonly IReadOnlyList<string> _listeners;
    private readonly bool _isListening;
    private readonly int _connections;
    private readonly IReadOnlyList<string> _others;

    private SocketDiagnosis(string path)
    {
        _path = path;
        UnixSocketTable table = UnixSocketTable.Read(path);
        _isListening = table.Listening.Count > 0;
        _listeners = SocketHolders.Find(table.Listening);
        _connections = table.Connected.Count;
        _others = _connections > 0 ? Others(table) : [];
    }

    /// <summary>Looks at a socket. Before anybody connects: one's own connection would be counted.</summary>
    internal static SocketDiagnosis? Of(GuestTransport transport) => transport is UnixTransport unix ? new SocketDiagnosis(unix.Path) : null;

    /// <summary>What there is to say when the agent answers.</summary>
    internal Finding WhenAnswered() =>
        Finding.Ok("socket", $"{_path} is there{(_listeners.Count > 0 ? $"; {string.Join(", ", _listeners)} listens" : "")}");

    /// <summary>What there is to say when connecting failed.</summary>
    internal Finding WhenRefused(Exception failure)
    {
        SocketError error = ErrorOf(failure);
        return error switch
        {
            SocketError.AccessDenied => Finding.Problem(
                "socket", $"no permission to connect to {_path}", "the socket belongs to somebody else, usually to root or to the user that QEMU runs as", "run guestwire as root, or as that user"),
            _ when !Exists() => Missing(),
            SocketError.ConnectionRefused => Finding.Problem(
                "socket", $"nobody listens on {_path}", "it is a file that a virtual machine left behind that has ended", "start the guest; its QEMU makes the socket anew"),
            SocketError.WouldBlock or SocketError.TryAgain => Held(),
            _ => Finding.Problem("socket", failure.Message, "the guest's agent cannot be reached", "see that the path is that of the guest's agent channel"),
        };
    }

    /// <summary>What there is to say when the agent was silent; null when the socket is not to blame.</summary>
    internal Finding? WhenSilent() => _connections > 0 ? Held() : null;

    private static SocketError ErrorOf(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is SocketException socket)
            {
                return socket.SocketErrorCode;
            }
        }

        return SocketError.SocketError;
    }

    private static IReadOnlyList<string> Others(UnixSocketTable table)
    {
        Dictionary<ulong, ulong> peers = UnixSocketPeers.Read();
        return SocketHolders.Find([.. table.Connected.Where(peers.ContainsKey).Select(inode => peers[inode])]);
    }

    private bool Exists() => _isListening || File.Exists(_path);

    private Finding Missing() => Finding.Problem(
        "socket",
        $"{_path} is not there",
        "the guest does not run, or its virtual machine has no agent channel",
        _path.StartsWith("/var/run/qemu-server/", StringComparison.Ordinal)
            ? "start the guest; when it runs, 'qm set ID --agent 1' gives it a channel, after a stop and a start"
            : "start the guest; its QEMU needs -chardev socket,path=...,server=on,wait=off,id=ga0 -device virtio-serial -device virtserialport,chardev=ga0,name=org.qemu.guest_agent.0");

    private Finding Held() => Finding.Problem(
        "socket",
        $"{_path} is in use: {(_others.Count > 0 ? string.Join(", ", _others) : "somebody else")} {(_others.Count > 1 ? "are" : "is")} connected",
        "QEMU serves one connection at a time; others wait until that one ends",
        _others.Any(IsLibvirt) || (_others.Count == 0 && _path.Contains("libvirt", StringComparison.Ordinal))
            ? "the domain belongs to libvirt: name it libvirt:DOMAIN instead of its socket, or just DOMAIN"
            : "end the other program, or wait until it is done");

    private static bool IsLibvirt(string process) =>
        process.Contains("libvirt", StringComparison.Ordinal) || process.Contains("virtqemud", StringComparison.Ordinal);
}
