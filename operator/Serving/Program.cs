using ModelOperator.Serving.Fetching;
using ModelOperator.Serving.Hosting;
using ModelOperator.Telemetry.Hosting;

SocketThreads.Use();

return args switch
{
    ["fetch", .. var options] => await FetchCommand.RunAsync(options),
    ["serve", .. var options] => await ServeCommand.RunAsync(options),
    _ => Usage.Refuse(args),
};
