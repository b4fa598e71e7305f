using ModelOperator.Serving.Loading;

namespace ModelOperator.Serving.Hosting;

/// <summary><c>modelserver serve</c>: until SIGTERM with exit code 0, or 1 and one sentence on stderr when the model cannot be served.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var app = ModelServer.Build(ServingSettings.From(args));
            var slot = app.Services.GetRequiredService<ModelSlot>();
            await app.RunAsync();
            if (slot.Failure is null)
            {
                return 0;
            }
            Console.Error.WriteLine("serve: " + slot.Failure);
            return 1;
        }
        catch (Exception failure) when (failure is SettingException or FormatException)
        {
            Console.Error.WriteLine("serve: " + failure.Message);
            return Usage.UsageExitCode;
        }
        catch (IOException failure)
        {
            Console.Error.WriteLine($"serve: cannot listen: {failure.Message}");
            return 1;
        }
    }
}
