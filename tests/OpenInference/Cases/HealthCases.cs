using ModelOperator.OpenInference.Rest;
using ModelOperator.OpenInference.Suite;

namespace ModelOperator.OpenInference.Cases;

internal static class HealthCases
{
    private const string Source = "inference_rest.md, Health";

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("rest.health.live", Source, "GET v2/health/live succeeds while the server lives.", async (subject, token) =>
            (await subject.Rest.GetAsync("v2/health/live", token)).Success()),
        new("rest.health.ready", Source, "GET v2/health/ready succeeds when all models can be asked.", async (subject, token) =>
            (await subject.Rest.GetAsync("v2/health/ready", token)).Success()),
        new("rest.health.model", Source, "GET v2/models/{model}/ready succeeds for a model that can be asked.", async (subject, token) =>
            (await subject.Rest.GetAsync(subject.Path() + "/ready", token)).Success()),
        new("rest.health.version", Source, "GET v2/models/{model}/versions/{version}/ready succeeds for a version that the metadata list.", async (subject, token) =>
            (await subject.Rest.GetAsync(subject.Path(subject.RequireVersion()) + "/ready", token)).Success()),
        new("rest.health.unknown-model", Source, "Asking whether an unknown model is ready is answered with a status of 4xx.", async (subject, token) =>
            IsClientError(await subject.Rest.GetAsync("v2/models/no-such-model/ready", token))),
        new("rest.health.unknown-version", Source, "Asking whether an unknown version is ready is answered with a status of 4xx.", async (subject, token) =>
            IsClientError(await subject.Rest.GetAsync(subject.Path("no-such-version") + "/ready", token))),
        new("rest.health.case", "inference_rest.md, HTTP/REST", "Paths are case-sensitive.", async (subject, token) =>
            IsClientError(await subject.Rest.GetAsync("V2/HEALTH/LIVE", token))),
    ];

    private static void IsClientError(RestAnswer answer) =>
        Expect.True(answer.Status is >= 400 and < 500, $"the status is {answer.Status}, expected 400 to 499");
}
