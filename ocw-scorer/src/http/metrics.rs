//! What an operator sees of the server, for Prometheus.

use crate::{Judgement, Scorers};
use poq_wire::Verdict;
use prometheus::{
    Encoder, Histogram, HistogramOpts, HistogramTimer, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};

/// From 5 ms, a short pair, to 10 s, longer than any sensible deadline.
const SECONDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The server's metrics. `/metrics` shows them alone; a host may have them in its own registry as
/// well.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    answers: IntCounterVec,
    latency: Histogram,
    /// How many requests wait for a worker.
    pub queue_depth: IntGauge,
}

impl Metrics {
    /// Makes the metrics for a server that runs these judges, and adds them to the host's registry
    /// if there is one.
    pub fn new(judges: &Scorers, host: Option<&Registry>) -> Result<Self, prometheus::Error> {
        let requests = IntCounterVec::new(
            Opts::new("ocw_scorer_requests_total", "Requests for scores, by how they ended"),
            &["outcome"],
        )?;
        let answers = IntCounterVec::new(
            Opts::new("ocw_scorer_answers_total", "Answers that were judged or refused, by verdict"),
            &["verdict"],
        )?;
        let latency = Histogram::with_opts(
            HistogramOpts::new("ocw_scorer_request_seconds", "Time from a request's head to its response, in seconds")
                .buckets(SECONDS.to_vec()),
        )?;
        let queue_depth = IntGauge::new("ocw_scorer_queue_depth", "Requests that wait for a worker")?;
        let model = IntGaugeVec::new(
            Opts::new("ocw_scorer_model_info", "1 for each model that judges, by name and digest"),
            &["name", "digest"],
        )?;
        for judge in judges.all() {
            model.with_label_values(&[&judge.manifest().name, &hex::encode(judge.digest())]).set(1);
        }
        let registry = Registry::new();
        for registry in [Some(&registry), host].into_iter().flatten() {
            registry.register(Box::new(requests.clone()))?;
            registry.register(Box::new(answers.clone()))?;
            registry.register(Box::new(latency.clone()))?;
            registry.register(Box::new(queue_depth.clone()))?;
            registry.register(Box::new(model.clone()))?;
        }
        Ok(Self { registry, requests, answers, latency, queue_depth })
    }

    /// Starts the clock of one request; it stops when dropped.
    pub fn time_request(&self) -> HistogramTimer {
        self.latency.start_timer()
    }

    /// Counts one request by how it ended.
    pub fn ended(&self, outcome: &str) {
        self.requests.with_label_values(&[outcome]).inc();
    }

    /// Counts the answers of one request by their verdicts.
    pub fn judged(&self, judgements: &[Judgement]) {
        for judgement in judgements {
            let verdict = match judgement.verdict {
                Verdict::Judged(_) => "judged",
                Verdict::Refused(refusal) => super::body::refusal_name(refusal),
            };
            self.answers.with_label_values(&[verdict]).inc();
        }
    }

    /// All metrics in Prometheus' text format.
    pub fn text(&self) -> Result<String, prometheus::Error> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}
