using System.Text.RegularExpressions;
using Guestwire.Client.Interop;
using Guestwire.Protocol;

namespace Guestwire.Client.Links;

/// <summary>What an error of libvirt means for the call that it answers.</summary>
/// <remarks>
/// <para>As seen with libvirt 9, except for 97, which is the word of virterror.h; the codes 111 and 112 are there since 11.2.</para>
/// <code>
/// code  says                                                                    means
/// 1     internal error: unable to execute QEMU agent command 'NAME': DESC       the agent answered with an error; 112 since 11.2
/// 86    Guest agent is not responding: QEMU guest agent is not connected        nobody has opened the port in the guest
/// 86    ...: QEMU guest agent is not available due to an error                  libvirt ignores the agent until it opens its port anew
/// 86    ...: Guest agent disappeared while executing command                    the agent ended, or the guest
/// 86    ...: Guest agent not available for now                                  no reply in time; 111 since 11.2
/// 97    ...: a reply with a wrong id to the sync before the command             the agent has not got the command
/// 74    argument unsupported: QEMU guest agent is not configured                the domain has no such channel
/// 55    Requested operation is not valid: domain is not running
/// 42    Domain not found: ...                                                   undefined meanwhile
/// 39    Unable to encode message payload                                        the reply is over 4 MiB, the longest string in libvirt's protocol
/// 38    No complete agent response found in 10485760 bytes                      the reply is over 10 MiB; from then on as "due to an error"
/// </code>
/// <para>The class of an agent's error is lost on the way; its description tells those of commands that are not there or disabled. A daemon in
/// another language says all this in that language, but for what stands in quotation marks.</para>
/// </remarks>
/// <param name="IsBeforeSending">Whether the agent has not got the request.</param>
/// <param name="Exception">What the caller hears.</param>
internal sealed partial record LibvirtFailure(bool IsBeforeSending, Exception Exception)
{
    /// <summary>What is wrong with a domain that has none.</summary>
    internal const string NoChannel = "the domain has no channel for an agent";

    /// <summary>libvirt's name for a request without a command.</summary>
    private const string Unknown = "<unknown>";

    /// <summary>Reads an error.</summary>
    /// <param name="error">libvirt's.</param>
    /// <param name="command">The command; empty when there was none in the request.</param>
    internal static LibvirtFailure Read(LibvirtError error, string command) => error switch
    {
        { Code: Libvirt.VIR_ERR_INTERNAL_ERROR or Libvirt.VIR_ERR_AGENT_COMMAND_FAILED, Domain: Libvirt.VIR_FROM_QEMU }
            when DescriptionIn(error.Message, command) is string description => new(false, new QapiException(ClassOf(description), description)),
        { Code: Libvirt.VIR_ERR_AGENT_COMMAND_TIMEOUT } => Silence(command),
        { Code: Libvirt.VIR_ERR_AGENT_UNSYNCED } => Silence(command) with { IsBeforeSending = true },
        { Code: Libvirt.VIR_ERR_AGENT_UNRESPONSIVE } => Unresponsive(error, command),
        { Code: Libvirt.VIR_ERR_ARGUMENT_UNSUPPORTED } => new(true, new IOException(
            $"{NoChannel}: its definition needs <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>")),
        { Code: Libvirt.VIR_ERR_OPERATION_INVALID } => new(true, new IOException($"the domain cannot be asked, start it first: {error.Message}")),
        { Code: Libvirt.VIR_ERR_NO_SUPPORT } => new(true, new IOException($"this connection of libvirt knows no agents: {error.Message}")),
        { Code: Libvirt.VIR_ERR_NO_DOMAIN } => new(true, new IOException(error.Message)),
        { Code: Libvirt.VIR_ERR_RPC, Domain: Libvirt.VIR_FROM_RPC } => new(false, new IOException(
            $"libvirt could not hand over the reply to {Quoted(command)}; ask for less at once, it takes no more than 4 MiB: {error.Message}")),
        { Code: Libvirt.VIR_ERR_SYSTEM_ERROR, Domain: Libvirt.VIR_FROM_QEMU } => new(false, new IOException(
            $"libvirt lost the agent over the reply to {Quoted(command)}; ask for less at once, and restart the agent in the guest: {error.Message}")),
        _ => new(false, new IOException(error.Message)),
    };

    private static LibvirtFailure Unresponsive(LibvirtError error, string command) => error.Message switch
    {
        string text when text.Contains("not connected", StringComparison.Ordinal) => new(true, new IOException(
            "no agent has opened its port in the guest: is it installed there, and running?")),
        string text when text.Contains("due to an error", StringComparison.Ordinal) => new(true, new IOException(
            "libvirt lost the agent over an earlier reply and ignores it until the agent is restarted in the guest")),
        string text when text.Contains("disappeared", StringComparison.Ordinal) => new(false, new IOException(
            $"the agent ended while it was asked for {Quoted(command)}")),
        _ => Silence(command),
    };

    private static LibvirtFailure Silence(string command) =>
        new(false, new TimeoutException($"the agent did not answer {Quoted(command)} in the time that libvirt gave it"));

    private static string? DescriptionIn(string message, string command)
    {
        string name = $"'{(command.Length == 0 ? Unknown : command)}'";
        int start = message.IndexOf(name, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        int colon = message.IndexOf(": ", start + name.Length, StringComparison.Ordinal);
        return colon < 0 ? "unspecified error" : message[(colon + 2)..];
    }

    private static ErrorClass ClassOf(string description) =>
        CommandNotFound().IsMatch(description) ? ErrorClass.CommandNotFound : ErrorClass.GenericError;

    private static string Quoted(string command) => command.Length == 0 ? "the request" : command;

    /// <summary>As QEMU's agent has said it since 1.1, in three ways, and libvirt where the agent gave a class alone.</summary>
    [GeneratedRegex("^(The command|Command)( [^ ]+)? has (not been found|been disabled)")]
    private static partial Regex CommandNotFound();
}
