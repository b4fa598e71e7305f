namespace ModelOperator.DevCluster.ApiServer.Admission;

/// <summary>A Service that offers a webhook.</summary>
internal sealed record WebhookService(string Namespace, string Name, int Port);
