using System.CommandLine;
using Guestwire.Cli;

RootCommand root = CommandLine.Build();
return await root.Parse(args).InvokeAsync(new Surroundings()).ConfigureAwait(false);
