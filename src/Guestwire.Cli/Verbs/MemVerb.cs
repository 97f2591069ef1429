using System.CommandLine;
using System.Text.Json;
using Guestwire.Cli.Facts;
using Guestwire.Cli.Output;
using Guestwire.Client;
using Guestwire.Protocol;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Shows a guest's memory, and switches blocks of it on and off.</summary>
internal sealed class MemVerb : GuestVerb
{
    private readonly Option<string[]> _online = new("--online") { Description = "switch memory blocks on, such as 32, 32-39 or 32,40", HelpName = "BLOCK" };
    private readonly Option<string[]> _offline = new("--offline") { Description = "switch memory blocks off", HelpName = "BLOCK" };

    /// <inheritdoc/>
    internal override string Name => "mem";

    /// <inheritdoc/>
    internal override string Summary => "Show how a guest uses its memory, or switch blocks of it on or off";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire mem web1", "prints how much memory is in use, and which blocks there are"),
        ("guestwire mem web1 --online 32-39", "switches eight blocks on that were plugged in, and prints how it is then"),
    ];

    /// <inheritdoc/>
    internal override string Remarks => "Where the agent does not tell how memory is used, /proc/meminfo of the guest is read, if its agent lets files be read.";

    /// <inheritdoc/>
    private protected override void DeclareMore(Command command)
    {
        command.Options.Add(_online);
        command.Options.Add(_offline);
    }

    /// <inheritdoc/>
    private protected override void Check(ParseResult parsed) => Changes(parsed);

    /// <inheritdoc/>
    private protected override async Task<VerbResult> RunAsync(GuestClient guest, ParseResult parsed, CancellationToken cancellation)
    {
        IReadOnlyList<GuestMemoryBlock> changes = Changes(parsed);
        IReadOnlyList<GuestMemoryBlockResponse> responses =
            changes.Count > 0 ? await guest.GuestSetMemoryBlocksAsync(changes, cancellation).ConfigureAwait(false) : [];
        GuestQuestions questions = await GuestQuestions.BeginAsync(guest, cancellation).ConfigureAwait(false);
        Task<Answer<IReadOnlyList<GuestMemoryBlock>>> blocks = questions.AskAsync("guest-get-memory-blocks", () => guest.GuestGetMemoryBlocksAsync(cancellation));
        Task<Answer<GuestMemoryBlockInfo>> size = questions.AskAsync("guest-get-memory-block-info", () => guest.GuestGetMemoryBlockInfoAsync(cancellation));
        Answer<GuestwireMemory> memory = await MemoryFigures.AskAsync(guest, questions, cancellation).ConfigureAwait(false);
        return new Result(memory, await blocks.ConfigureAwait(false), await size.ConfigureAwait(false), responses);
    }

    private GuestMemoryBlock[] Changes(ParseResult parsed)
    {
        GuestMemoryBlock[] changes =
        [
            .. NumberRanges.Parse("--online", parsed.GetValue(_online) ?? []).Select(number => new GuestMemoryBlock { PhysIndex = (ulong)number, Online = true }),
            .. NumberRanges.Parse("--offline", parsed.GetValue(_offline) ?? []).Select(number => new GuestMemoryBlock { PhysIndex = (ulong)number, Online = false }),
        ];
        return changes.DistinctBy(change => change.PhysIndex).Count() == changes.Length
            ? changes
            : throw new UsageException("a block is named twice in --online and --offline");
    }

    private sealed class Result(
        Answer<GuestwireMemory> memory,
        Answer<IReadOnlyList<GuestMemoryBlock>> blocks,
        Answer<GuestMemoryBlockInfo> size,
        IReadOnlyList<GuestMemoryBlockResponse> responses) : VerbResult
    {
        /// <inheritdoc/>
        internal override int Code =>
            (!memory.IsKnown && !blocks.IsKnown) || responses.Any(response => response.Response != GuestMemoryBlockResponseType.Success)
                ? ExitCode.Failed
                : ExitCode.Done;

        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console)
        {
            Page page = new();
            if (memory.IsKnown)
            {
                Add(page, memory.Value);
            }
            else
            {
                page.Add("memory", $"not known: {memory.Remark}");
            }

            if (blocks.IsKnown)
            {
                string each = size.IsKnown ? $" of {HumanText.Size(size.Value.Size)}" : "";
                page.Add("blocks", Blocks(each));
            }
            else
            {
                page.Add("blocks", $"not known: {blocks.Remark}");
            }

            page.Add("refused", responses
                .Where(response => response.Response != GuestMemoryBlockResponseType.Success)
                .Select(response => $"block {response.PhysIndex}: {Reason(response)}"));
            page.Write(console);
        }

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            Wire.WriteMember(writer, "memory", memory, GuestwireMemoryCodec.Write);
            Wire.WriteMember(writer, "memory-blocks", blocks, GuestMemoryBlockCodec.WriteList);
            Wire.WriteMember(writer, "memory-block-info", size, GuestMemoryBlockInfoCodec.Write);
            if (responses.Count > 0)
            {
                Wire.WriteMember(writer, "responses", json => GuestMemoryBlockResponseCodec.WriteList(json, responses));
            }

            writer.WriteEndObject();
        }

        private static void Add(Page page, GuestwireMemory memory)
        {
            page.Add("total", HumanText.Size(memory.TotalBytes));
            page.Add("used", HumanText.Size(MemoryFigures.UsedBytes(memory)));
            page.Add("available", HumanText.Size(memory.AvailableBytes));
            page.Add("free", HumanText.Size(memory.FreeBytes));
            page.Add("buffers", HumanText.Size(memory.BuffersBytes));
            page.Add("cached", HumanText.Size(memory.CachedBytes));
            page.Add("swap", memory.SwapTotalBytes == 0 ? "none" : $"{HumanText.Size(MemoryFigures.SwapUsedBytes(memory))} of {HumanText.Size(memory.SwapTotalBytes)} used");
            if (memory.Pressure is { } pressure)
            {
                page.Add("pressure", FormattableString.Invariant(
                    $"some tasks wait {pressure.SomeAvg10:0.00} % of the time, all {pressure.FullAvg10:0.00} % (over 10 seconds)"));
            }
        }

        private static string Reason(GuestMemoryBlockResponse response) =>
            $"{(Enum.IsDefined(response.Response) ? GuestMemoryBlockResponseTypeCodec.WireName(response.Response) : "failed")}{(response.ErrorCode is { } code ? $", error {code} of the system" : "")}";

        private IEnumerable<string> Blocks(string each)
        {
            foreach (IGrouping<bool, GuestMemoryBlock> group in (blocks.Value ?? []).GroupBy(block => block.Online).OrderByDescending(group => group.Key))
            {
                yield return $"{group.Count()}{each} {(group.Key ? "online" : "offline")}: {HumanText.Ranges(group.Select(block => block.PhysIndex))}";
            }

            if (blocks.Value is { Count: 0 })
            {
                yield return "none that can be switched";
            }
        }
    }
}
