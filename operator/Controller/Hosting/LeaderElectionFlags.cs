using System.CommandLine;
using ModelOperator.Api.Conventions;

namespace ModelOperator.Controller.Hosting;

/// <summary>The flags of leader election, under the names that Kubernetes' own components give them.</summary>
internal sealed class LeaderElectionFlags
{
    private readonly Option<bool> _enabled = new("--leader-elect")
    {
        Description = "Whether one of several operators is elected and the others stand by; false is right only for a single one. Or $LEADER_ELECT.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("LEADER_ELECT") is not { Length: > 0 } value || !bool.TryParse(value, out var enabled) || enabled,
    };

    private readonly Option<string> _name = new("--leader-elect-resource-name")
    {
        Description = "The name of the Lease.",
        DefaultValueFactory = _ => "modeloperator",
    };

    private readonly Option<string> _namespace = new("--leader-elect-resource-namespace")
    {
        Description = "The namespace of the Lease; default: that of the operator, $POD_NAMESPACE.",
        DefaultValueFactory = _ => OperatorOptions.Home,
    };

    private readonly Option<TimeSpan> _leaseDuration = Time("--leader-elect-lease-duration", "15s", "How long standbys wait for a leader that has fallen silent.");
    private readonly Option<TimeSpan> _renewDeadline = Time("--leader-elect-renew-deadline", "10s", "How long a leader tries to renew before it ends.");
    private readonly Option<TimeSpan> _retryPeriod = Time("--leader-elect-retry-period", "2s", "The pause between attempts.");

    /// <summary>Adds the flags to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_enabled, _name, _namespace, _leaseDuration, _renewDeadline, _retryPeriod])
        {
            command.Add(option);
        }
    }

    /// <summary>What was typed.</summary>
    public OperatorOptions ApplyTo(OperatorOptions options, ParseResult result) => options with
    {
        LeaderElection = result.GetValue(_enabled),
        LeaseName = result.GetRequiredValue(_name),
        LeaseNamespace = result.GetRequiredValue(_namespace),
        LeaseDuration = result.GetValue(_leaseDuration),
        RenewDeadline = result.GetValue(_renewDeadline),
        RetryPeriod = result.GetValue(_retryPeriod),
    };

    private static Option<TimeSpan> Time(string name, string standard, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => Duration.Parse(standard),
        CustomParser = argument =>
        {
            var text = argument.Tokens.Single().Value;
            if (!Duration.TryParse(text, out var time))
            {
                argument.AddError($"{name}: \"{text}\" is not a duration such as {standard}");
            }

            return time;
        },
    };
}
