using System.CommandLine;
using Guestwire.Cli;

ParseResult parsed = CommandLine.Parse(args);
return await parsed.InvokeAsync(CommandLine.SurroundingsFor(parsed)).ConfigureAwait(false);
