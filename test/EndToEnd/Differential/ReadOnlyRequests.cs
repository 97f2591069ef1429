namespace EndToEnd.Differential;

/// <summary>Requests that change nothing, whatever becomes of them.</summary>
internal static class ReadOnlyRequests
{
    /// <summary>Commands that read facts; each is asked for as it is, and with an argument that nobody knows.</summary>
    private static readonly string[] Facts =
    [
        "guest-ping", "guest-get-time", "guest-info", "guest-network-get-interfaces", "guest-get-vcpus", "guest-get-fsinfo",
        "guest-get-disks", "guest-get-diskstats", "guest-get-cpustats", "guest-get-memory-blocks", "guest-get-memory-block-info",
        "guest-get-host-name", "guest-get-users", "guest-get-timezone", "guest-get-osinfo",
    ];

    /// <summary>Values of every type that an argument can have.</summary>
    private static readonly string[] Values =
    [
        "null", "true", "\"x\"", "\"\"", "0", "-1", "1.0", "1e3", "2.5", "9223372036854775807", "9223372036854775808",
        "18446744073709551615", "18446744073709551616", "[]", "[1]", "{}", "{\"a\":1}",
    ];

    /// <summary>Commands with arguments; every value is tried for every argument, beside others that lead to no effect.</summary>
    private static readonly (string Command, string Argument, string Others)[] Arguments =
    [
        ("guest-sync", "id", ""),
        ("guest-file-close", "handle", ""),
        ("guest-file-flush", "handle", ""),
        ("guest-file-read", "handle", ""),
        ("guest-file-read", "count", "\"handle\":77"),
        ("guest-file-write", "buf-b64", "\"handle\":77"),
        ("guest-file-write", "count", "\"handle\":77,\"buf-b64\":\"YQ==\""),
        ("guest-file-seek", "offset", "\"handle\":77,\"whence\":0"),
        ("guest-file-seek", "whence", "\"handle\":77,\"offset\":0"),
        ("guest-file-open", "path", "\"mode\":\"nonsense\""),
        ("guest-file-open", "mode", "\"path\":\"/nonexistent/file\""),
        ("guest-exec", "path", "\"input-data\":\"!\""),
        ("guest-exec", "arg", "\"path\":\"/nonexistent/program\",\"input-data\":\"!\""),
        ("guest-exec", "env", "\"path\":\"/nonexistent/program\",\"input-data\":\"!\""),
        ("guest-exec", "input-data", "\"path\":\"/nonexistent/program\",\"bogus\":1"),
    ];

    /// <summary>Envelopes with something odd about them.</summary>
    private static readonly string[] Envelopes =
    [
        "{}", "[]", "\"guest-ping\" ", "42 ", "null ", "{\"execute\":null}", "{\"execute\":1}", "{\"execute\":\"\"}",
        "{\"execute\":\"guest-nope\"}", "{\"execute\":\"Guest-Ping\"}", "{\"execute\":\"guest-ping \"}", "{\"execute\":\"guest_ping\"}",
        "{\"execute\":\"guest-ping\",\"arguments\":null}", "{\"execute\":\"guest-ping\",\"arguments\":[]}",
        "{\"execute\":\"guest-ping\",\"arguments\":{}}", "{\"execute\":\"guest-ping\",\"id\":null}",
        "{\"execute\":\"guest-ping\",\"id\":{\"a\":[1,2.5,\"\\u00e9\\ud83d\\ude00\"],\"b\":null}}",
        "{\"execute\":\"guest-nope\",\"id\":7}", "{\"execute\":\"guest-ping\",\"extra\":1}", "{\"exec-oob\":\"guest-ping\"}",
        "{\"execute\":\"guest-ping\",\"control\":{}}", "{\"id\":5}", "{\"arguments\":{}}", "{\"execute\":1,\"bogus\":2,\"arguments\":3}",
    ];

    /// <summary>All requests.</summary>
    internal static IEnumerable<string> All =>
    [
        .. Facts.Select(command => $"{{\"execute\":\"{command}\"}}"),
        .. Facts.Select(command => $"{{\"execute\":\"{command}\",\"arguments\":{{\"bogus\":1}}}}"),
        .. from a in Arguments
           from value in Values
           let others = a.Others.Length == 0 ? "" : $",{a.Others}"
           select $"{{\"execute\":\"{a.Command}\",\"arguments\":{{\"{a.Argument}\":{value}{others}}}}}",
        .. Arguments.Select(a => a.Command).Distinct().Select(command => $"{{\"execute\":\"{command}\"}}"),
        .. Envelopes,
    ];
}
