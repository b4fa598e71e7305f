using ModelOperator.Cli.Hosting;

return await KubectlModel.RunAsync(args, Surroundings.OfProcess());
