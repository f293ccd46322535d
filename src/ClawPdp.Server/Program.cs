using ClawPdp.Server.Cli;

return await CommandLine.RunAsync(args);
