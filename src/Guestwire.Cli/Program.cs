using System.CommandLine;
using Guestwire.Cli;

RootCommand root = CommandLine.Build();
InvocationConfiguration configuration = new() { ProcessTerminationTimeout = CommandLine.CleanUpTime };
return await root.Parse(args).InvokeAsync(configuration).ConfigureAwait(false);
