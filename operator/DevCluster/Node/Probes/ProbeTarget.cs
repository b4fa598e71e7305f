using System.Net;
using ModelOperator.DevCluster.Node.Processes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Probes;

/// <summary>The container a probe looks at.</summary>
/// <param name="Container">Its spec.</param>
/// <param name="ContainerId">The run of it.</param>
/// <param name="Address">The pod's address.</param>
/// <param name="Exec">How a command is run in it: its environment and working directory.</param>
internal sealed record ProbeTarget(V1Container Container, string ContainerId, IPAddress Address, Func<IList<string>, LaunchSpec> Exec);
