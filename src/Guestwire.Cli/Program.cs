using System.CommandLine;
using Guestwire.Cli;

ParseResult parsed = CommandLine.Parse(args);
return await CommandLine.RunAsync(parsed, CommandLine.SurroundingsFor(parsed)).ConfigureAwait(false);
