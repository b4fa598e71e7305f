using System.Text.Json;

namespace ModelOperator.TestSupport.Pretend;

/// <summary>Every query gives 0.</summary>
public sealed class ZeroPrometheus : IPretendPrometheus
{
    public Task AnswerAsync(string query, double at, Stream answer) => JsonSerializer.SerializeAsync(answer, new
    {
        status = "success",
        data = new { resultType = "vector", result = new[] { new { metric = new { }, value = new object[] { at, "0" } } } },
    });
}
