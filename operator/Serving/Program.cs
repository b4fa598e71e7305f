using ModelOperator.Serving.Fetching;
using ModelOperator.Serving.Hosting;

return args switch
{
    ["fetch", .. var options] => await FetchCommand.RunAsync(options),
    ["serve", .. var options] => await ServeCommand.RunAsync(options),
    _ => Usage.Refuse(args),
};
