//! How many requests there were, with what answer, and how long they took.

use std::time::Instant;

use metrics::{counter, describe_counter, describe_histogram, histogram, with_local_recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use rocket::{Request, http::Status};

/// The bounds of the histogram, in seconds: from a page that was kept to one that nobody waits for.
const BOUNDS: [f64; 9] = [0.001, 0.005, 0.025, 0.1, 0.25, 1.0, 2.5, 5.0, 10.0];

/// Counts the requests of one server.
pub(super) struct Counted {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
}

impl Default for Counted {
    fn default() -> Self {
        let builder = PrometheusBuilder::new();
        // Only an empty list of bounds is refused.
        let builder = builder.set_buckets(&BOUNDS).unwrap_or_default();
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        with_local_recorder(&recorder, || {
            describe_counter!(REQUESTS, "Requests by the pattern of their route.");
            describe_histogram!(SECONDS, "How long answers took, without sending them.");
        });
        Self { recorder, handle }
    }
}

const REQUESTS: &str = "turnout_http_requests_total";
const SECONDS: &str = "turnout_http_request_seconds";

/// When a request arrived.
struct Arrived(Instant);

/// Starts the clock.
pub(super) fn begin(request: &Request<'_>) {
    request.local_cache(|| Arrived(Instant::now()));
}

impl Counted {
    /// Counts a request that was answered.
    pub(super) fn end(&self, request: &Request<'_>, status: Status) {
        let took = request.local_cache(|| Arrived(Instant::now())).0.elapsed();
        // What matched no route is counted together: an address is anybody's to invent.
        let route = request.route().map_or("none", |route| route.uri.path()).to_owned();
        let method = request.method().as_str();
        with_local_recorder(&self.recorder, || {
            let (pattern, status) = (route.clone(), status.code.to_string());
            counter!(REQUESTS, "method" => method, "route" => pattern, "status" => status)
                .increment(1);
            histogram!(SECONDS, "route" => route).record(took.as_secs_f64());
        });
    }

    /// Adds up what was measured, so that it does not pile up while nobody asks.
    pub(super) fn add_up(&self) {
        self.handle.run_upkeep();
    }

    /// Everything counted so far.
    pub(super) fn text(&self) -> String {
        self.handle.render()
    }
}
