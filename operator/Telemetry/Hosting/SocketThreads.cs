using System.Globalization;
using Microsoft.AspNetCore.Builder;

namespace ModelOperator.Telemetry.Hosting;

/// <summary>
/// Requests are served on the threads that poll the sockets, two for each processor: handing each event to the thread
/// pool costs more than what is done with it, and with one for each processor a thread that is not scheduled holds up too many. Who blocks or computes for long on such a thread holds up the other
/// connections that it polls, so what may take long leaves it first.
/// </summary>
public static class SocketThreads
{
    // The runtime knows no other way to set it, and reads it when the first socket is used.
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private const string ThreadCount = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>Asks the runtime for it, unless the environment says otherwise. Call before anything uses a socket.</summary>
    public static void Use()
    {
        if (Environment.GetEnvironmentVariable(InlineCompletions) is null)
        {
            Environment.SetEnvironmentVariable(InlineCompletions, "1");
        }

        if (Environment.GetEnvironmentVariable(ThreadCount) is null)
        {
            Environment.SetEnvironmentVariable(ThreadCount, (2 * Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Serves what follows in this pipeline on the thread pool.</summary>
    public static IApplicationBuilder LeaveSocketThread(this IApplicationBuilder app) => app.Use(static next => async context =>
    {
        await Task.Yield();
        await next(context);
    });
}
