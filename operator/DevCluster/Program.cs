using ModelOperator.DevCluster;

return await DevClusterCommand.RunAsync(args);
