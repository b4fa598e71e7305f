using ModelOperator.Router.Forwarding;

namespace ModelOperator.Router.Failover;

/// <summary>What is known when an attempt has ended.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="CanFailOver">It was a candidate's, the route wants failover and stable is ready.</param>
/// <param name="CanSendAgain">The body is still there in full, nothing has reached the caller, and there is time left.</param>
/// <param name="WasSameArmRetry">It was itself a second try of the same revision.</param>
internal readonly record struct RetryQuestion(AttemptResult Result, bool CanFailOver, bool CanSendAgain, bool WasSameArmRetry);
