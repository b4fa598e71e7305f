using ModelOperator.Controller.Hosting;

return await OperatorCommands.Root().Parse(args).InvokeAsync();
