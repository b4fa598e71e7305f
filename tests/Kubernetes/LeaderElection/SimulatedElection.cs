using ModelOperator.Kubernetes.LeaderElection;

namespace ModelOperator.Kubernetes.Tests.LeaderElection;

/// <summary>
/// Several electors and one Lease, in simulated time. Clocks start anywhere and run up to 10 % fast or slow; requests and answers
/// are late or lost, and a request may arrive after its sender has given it up; processes stand still for a while.
/// </summary>
internal sealed class SimulatedElection
{
    public static readonly LeaderElectionSettings Settings = new() { LeaseName = "operator", LeaseNamespace = "system" };

    private readonly PriorityQueue<Action, (TimeSpan Due, int Order)> _agenda = new();
    private readonly IReadOnlyList<int> _choices;
    private readonly List<Candidate> _candidates = [];
    private LeaseVersion? _lease;
    private TimeSpan _now;
    private int _choice;
    private int _order;
    private int _version;

    /// <param name="candidates">How many.</param>
    /// <param name="choices">What goes wrong, from 0 to 99 each, taken in turn.</param>
    public SimulatedElection(int candidates, IReadOnlyList<int> choices)
    {
        _choices = choices;
        for (var i = 0; i < candidates; i++)
        {
            var candidate = new Candidate(new ElectorState(Settings with { Identity = $"candidate-{i}" }))
            {
                Offset = TimeSpan.FromHours(Choose() - 50),
                Rate = 0.9 + (Choose() * 0.002),
            };
            _candidates.Add(candidate);
            Schedule(TimeSpan.FromMilliseconds(Choose() * 20), () => Attempt(candidate));
        }
    }

    /// <summary>Whether anything still goes wrong.</summary>
    public bool IsFaulty { get; set; } = true;

    /// <summary>How often somebody began to lead.</summary>
    public int Elections { get; private set; }

    /// <summary>Those that believe to lead and would not have stopped yet if they were awake.</summary>
    public IReadOnlyList<string> Leaders =>
        [.. _candidates.Where(candidate => candidate.Leads(_now)).Select(candidate => candidate.State.Settings.Identity)];

    /// <summary>Lets time pass, and tells the most leaders that there were at one moment.</summary>
    public int Run(TimeSpan time)
    {
        var until = _now + time;
        var most = 0;
        while (_agenda.TryPeek(out var action, out var priority) && priority.Due <= until)
        {
            _agenda.Dequeue();
            _now = priority.Due;
            action();
            most = Math.Max(most, Leaders.Count);
        }

        _now = until;
        return most;
    }

    private static bool IsFresh(LeaseVersion? lease, ElectionStep step) => step switch
    {
        ElectionStep.Create => lease is null,
        ElectionStep.Replace replace => lease?.ResourceVersion == replace.ResourceVersion,
        _ => false,
    };

    private void Attempt(Candidate candidate)
    {
        if (IsFaulty && Choose() < 3)
        {
            // It stands still for up to 40 seconds.
            Schedule(TimeSpan.FromMilliseconds(Choose() * 400), () => Attempt(candidate));
            return;
        }

        Do(candidate, candidate.State.Begin(candidate.Clock(_now), candidate.Wall(_now)), candidate.State.IsLeading);
    }

    private void Do(Candidate candidate, ElectionStep step, bool mayRead)
    {
        switch (step)
        {
            case ElectionStep.GiveUp:
                // The process ends and another one starts.
                candidate.State = new ElectorState(candidate.State.Settings);
                Rest(candidate);
                break;
            case ElectionStep.Read:
                Send(candidate, () => _lease, (lease, _) =>
                {
                    candidate.State = candidate.State.See(lease, candidate.Clock(_now));
                    Do(candidate, candidate.State.Decide(candidate.Clock(_now), candidate.Wall(_now)), mayRead: false);
                }, () => Rest(candidate));
                break;
            case ElectionStep.Create or ElectionStep.Replace:
                var record = step is ElectionStep.Create create ? create.Record : ((ElectionStep.Replace)step).Record;
                Send(candidate, () => IsFresh(_lease, step) ? _lease = new LeaseVersion(record, $"{++_version}") : null, (written, sentAt) =>
                {
                    if (written is not null)
                    {
                        Elections += candidate.State.IsLeading ? 0 : 1;
                        candidate.State = candidate.State.Wrote(written, sentAt);
                        Rest(candidate);
                    }
                    else
                    {
                        AfterFailure();
                    }
                }, AfterFailure);
                break;
            default:
                Rest(candidate);
                break;
        }

        void AfterFailure()
        {
            if (mayRead)
            {
                Do(candidate, new ElectionStep.Read(), mayRead: false);
            }
            else
            {
                Rest(candidate);
            }
        }
    }

    private void Send(Candidate candidate, Func<LeaseVersion?> serve, Action<LeaseVersion?, TimeSpan> answered, Action failed)
    {
        var sentAt = candidate.Clock(_now);
        var limit = candidate.State.RequestTimeout(sentAt) / candidate.Rate;
        var (there, back) = IsFaulty && Choose() < 50
            ? (TimeSpan.FromMilliseconds(Choose() * 90), TimeSpan.FromMilliseconds(Choose() * 90))
            : (TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5));
        var isLost = IsFaulty && Choose() < 15;
        var isAnswerLost = IsFaulty && Choose() < 15;
        var inTime = there + back < limit && !isLost && !isAnswerLost;
        LeaseVersion? answer = null;
        if (!isLost)
        {
            // Also when the sender has given it up by then.
            Schedule(there, () => answer = serve());
        }

        Schedule(inTime ? there + back : limit, () =>
        {
            if (inTime)
            {
                answered(answer, sentAt);
            }
            else
            {
                failed();
            }
        });
    }

    private void Rest(Candidate candidate) =>
        Schedule(candidate.State.Pause(candidate.Clock(_now), Choose() / 100.0) / candidate.Rate, () => Attempt(candidate));

    private void Schedule(TimeSpan after, Action action) => _agenda.Enqueue(action, (_now + after, _order++));

    private int Choose() => _choices.Count == 0 ? 50 : _choices[_choice++ % _choices.Count];

    private sealed class Candidate(ElectorState state)
    {
        public ElectorState State { get; set; } = state;

        public TimeSpan Offset { get; init; }

        public double Rate { get; init; }

        public TimeSpan Clock(TimeSpan now) => (now * Rate) + TimeSpan.FromDays(3) + Offset;

        public DateTime Wall(TimeSpan now) => new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) + Clock(now);

        public bool Leads(TimeSpan now) => State.RenewedAt is { } at && Clock(now) < at + State.Settings.RenewDeadline;
    }
}
