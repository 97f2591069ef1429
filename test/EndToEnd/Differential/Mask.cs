using System.Text.Json.Nodes;
using EndToEnd.Corpus;

namespace EndToEnd.Differential;

/// <summary>
/// Takes out of a reply what may differ between two agents asked one after the other: times, counters and free space, and
/// what version 10.2, which ours follows, does otherwise than version 7.2, the reference at hand.
/// </summary>
internal static class Mask
{
    private static readonly HashSet<string> Volatile =
    [
        "used-bytes", "rx-bytes", "rx-packets", "rx-errs", "rx-dropped", "tx-bytes", "tx-packets", "tx-errs", "tx-dropped",
        "user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal", "guest", "guestnice", "smart", "total-bytes",
        "read-ios", "read-merges", "read-sectors", "read-ticks", "write-ios", "write-merges", "write-sectors", "write-ticks",
        "discard-ios", "discard-merges", "discard-sectors", "discard-ticks", "flush-ios", "flush-ticks", "ios-pgr",
        "total-ticks", "weight-ticks",
    ];

    /// <summary>Commands that 10.2 has and 7.2 has not.</summary>
    private static readonly HashSet<string> NewCommands = ["guest-get-load", "guest-network-get-route"];

    /// <summary>How the names of commands begin that no other agent has.</summary>
    private const string OurPrefix = "__org.guestwire_";

    /// <summary>What the reply is compared by.</summary>
    internal static string Apply(string request, string reply, bool isReference)
    {
        if (JsonNode.Parse(reply) is not JsonObject json)
        {
            return reply;
        }

        MaskNumbers(json);
        string? command = CommandOf(request);
        switch (command)
        {
            case "guest-get-time" when json.ContainsKey("return"):
                json["return"] = "masked";
                break;
            case "guest-info" when json["return"] is JsonObject info:
                info["version"] = "masked";
                info["supported_commands"] = MaskCommands(info["supported_commands"]!.AsArray());
                break;
            case "guest-get-fsinfo" when json["return"] is JsonArray filesystems:
                MaskFilesystems(filesystems, isReference);
                break;
            case "guest-network-get-interfaces" when json["return"] is JsonArray interfaces:
                MaskStatistics(interfaces);
                break;
            case "guest-get-vcpus" or "guest-get-memory-blocks" when json["return"] is JsonArray entries:
                json["return"] = Sorted(entries);
                break;
        }

        if (json["error"] is JsonObject error)
        {
            error["desc"] = MaskText(error["desc"]!.GetValue<string>());
        }

        return json.ToJsonString();
    }

    private static string? CommandOf(string request)
    {
        try
        {
            return (JsonNode.Parse(request) as JsonObject)?["execute"] is JsonValue name && name.TryGetValue(out string? text) ? text : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static void MaskNumbers(JsonNode node)
    {
        switch (node)
        {
            case JsonObject json:
                foreach (string name in json.Select(member => member.Key).ToList())
                {
                    if (Volatile.Contains(name))
                    {
                        json[name] = "masked";
                    }
                    else if (json[name] is { } member)
                    {
                        MaskNumbers(member);
                    }
                }

                break;
            case JsonArray array:
                foreach (JsonNode item in array.OfType<JsonNode>())
                {
                    MaskNumbers(item);
                }

                break;
        }
    }

    // 7.2 lists guest-get-devices as disabled, which 10.2 leaves out; commands that wait are listed by the reference alone.
    // Ours lists commands in the order of its own schema, and commands that only it has.
    private static JsonArray MaskCommands(JsonArray commands) => Sorted(commands.Where(entry =>
        entry!["name"]!.GetValue<string>() is var name
        && name != "guest-get-devices" && !NewCommands.Contains(name) && !name.StartsWith(OurPrefix, StringComparison.Ordinal) && !DeviationFile.WaitingCommands.Contains(name)));

    private static JsonArray Sorted(IEnumerable<JsonNode?> entries) =>
        [.. entries.Select(entry => entry!.DeepClone()).OrderBy(entry => entry.ToJsonString(), StringComparer.Ordinal)];

    // Ours has statistics of interfaces without an address too: a deliberate deviation.
    private static void MaskStatistics(JsonArray interfaces)
    {
        foreach (JsonObject entry in interfaces.OfType<JsonObject>().Where(entry => !entry.ContainsKey("ip-addresses")))
        {
            entry.Remove("statistics");
        }
    }

    // 10.2 adds total-bytes-privileged, and lists each device once: where it was mounted first, which is the last of the
    // list because the list is reversed.
    private static void MaskFilesystems(JsonArray filesystems, bool isReference)
    {
        if (isReference)
        {
            HashSet<string> seen = [];
            for (int i = filesystems.Count - 1; i >= 0; i--)
            {
                if (!seen.Add(filesystems[i]!["name"]!.GetValue<string>()))
                {
                    filesystems.RemoveAt(i);
                }
            }
        }

        foreach (JsonNode? filesystem in filesystems)
        {
            filesystem!.AsObject().Remove("total-bytes-privileged");
        }
    }

    private static string MaskText(string description) => description switch
    {
        // Both call bases of the argument what they are; 10.2 knows more than two ways to capture.
        "Invalid parameter type for 'capture-output', expected: boolean" => "Invalid parameter type for 'capture-output', expected: GuestExecCaptureOutput",
        _ => description,
    };
}
