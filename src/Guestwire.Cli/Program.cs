using Guestwire.Cli;

return await CommandLine.Parse(args).InvokeAsync(new Surroundings()).ConfigureAwait(false);
