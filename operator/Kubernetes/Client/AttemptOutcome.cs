using System.Net;

namespace ModelOperator.Kubernetes.Client;

/// <summary>What became of one attempt to send a request: an answer, a refusal of the credential, or a wait before the next.</summary>
internal readonly record struct AttemptOutcome(HttpResponseMessage? Answer, KubernetesException? Refusal, HttpStatusCode? Status, TimeSpan Wait)
{
    public static AttemptOutcome Answered(HttpResponseMessage answer) => new(answer, Refusal: null, answer.StatusCode, Wait: default);

    public static AttemptOutcome Unauthorized(KubernetesException refusal) => new(Answer: null, refusal, refusal.StatusCode, Wait: default);

    /// <param name="status">What was answered; null: the connection broke.</param>
    /// <param name="wait">How long until the next attempt.</param>
    public static AttemptOutcome Again(HttpStatusCode? status, TimeSpan wait) => new(Answer: null, Refusal: null, status, wait);
}
