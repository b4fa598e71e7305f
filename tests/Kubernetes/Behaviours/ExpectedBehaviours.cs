namespace ModelOperator.Kubernetes.Tests.Behaviours;

/// <summary>What makes client-go and controller-runtime robust, and is therefore expected of this library.</summary>
internal static class ExpectedBehaviours
{
    public static IReadOnlyDictionary<int, string> All { get; } = new Dictionary<int, string>
    {
        [1] = "The first list may come from the watch cache, a relist not older than what was seen, and the watch continues from it",
        [2] = "The version reached moves on with every event and bookmark",
        [3] = "An expired version leads to a list; a version that the list refuses too leads to the newest one at once",
        [4] = "A relist replaces the store and tells deletes with the last known object",
        [5] = "Failures wait from 800 ms to 30 s with jitter, from the start again after two healthy minutes",
        [6] = "A refused connection and 429 only open the watch again; other errors lead to a list",
        [7] = "A watch asks for 5 to 10 minutes, and one that outlives its time is dropped",
        [8] = "A watch that ends within a second without an event is a failure",
        [9] = "Bookmarks are asked for and never relied on",
        [10] = "The first list is streamed through the watch where the server can, and listed where it cannot",
        [11] = "Lists are paged, and taken in one piece when their snapshot expires",
        [12] = "What is stored is trimmed before",
        [13] = "One informer serves all who ask for a kind and scope, and a slow handler holds up nobody else",
        [14] = "Objects are found by namespace, by owner and by any index without a search",
        [15] = "A resync tells the stored objects again without asking the server",
        [16] = "No worker starts before the caches are filled, and caches that do not fill in time fail the controller",
        [17] = "A key waits once, is worked on by one worker at a time and again when it was added meanwhile",
        [18] = "The queue holds keys and the reconciler sees the latest state",
        [19] = "Delays share one timer and the earliest of a key counts",
        [20] = "Failures of a key wait 5 ms doubled each time up to 1000 s, without end",
        [21] = "Failures are forgotten only on success or a requeue after a time",
        [22] = "An error is retried with backoff whatever else is asked, a terminal error is not, a requeue after a time is kept",
        [23] = "The first list and resyncs stand behind changes but do not starve",
        [24] = "A reconciliation that throws or hangs harms no other and is counted, and its log lines carry an id",
        [25] = "A key is not reconciled from a cache that has not seen its last writes",
        [26] = "Children with generated names are not created twice",
        [27] = "A change of an owned object reconciles its old and its new owner",
        [28] = "Predicates filter events, never retries",
        [29] = "A controller has one worker unless told otherwise",
        [30] = "A conflict is retried from a newer cache",
        [31] = "Timings of leader election that contradict each other are refused",
        [32] = "Only local time counts in leader election",
        [33] = "A leader renews without reading the lease first",
        [34] = "Every candidate has an identity of its own, and one hung request does not cost leadership",
        [35] = "A lost lease ends the process, a clean stop drains and then releases",
        [36] = "A standby keeps its caches warm and only its reconcilers wait",
        [37] = "Events are aggregated, limited, and never hold up a reconciliation",
        [38] = "A finalizer is added before anything else and removed last, harming no other's",
        [39] = "Parts start in order and stop in reverse",
        [40] = "Overdue renewals and stuck workers show",
    };
}
