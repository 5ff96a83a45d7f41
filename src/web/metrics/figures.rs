//! What is read at the moment somebody asks: the database, letters, places, work, the process.

use std::time::Duration;

use chrono::{DateTime, Utc};
use metrics::{counter, describe_counter, describe_gauge, gauge, with_local_recorder};
use metrics_exporter_prometheus::PrometheusBuilder;

use crate::{
    actions::{ActionContext, work_done::WorkDone},
    store::{
        StoreError,
        figures::{self, Figures},
    },
};

/// How long the database may take; whoever watches wants to hear that it is slow.
const PATIENCE: Duration = Duration::from_secs(3);

/// The figures of this moment, in a recorder of their own: what could not be read is left out, so
/// that nobody takes an old number for a new one.
pub(super) async fn text(ctx: &ActionContext, work: &WorkDone) -> String {
    let now = ctx.now();
    let read = tokio::time::timeout(PATIENCE, read(ctx, now)).await;
    let figures = match read {
        Ok(Ok(figures)) => Some(figures),
        Ok(Err(error)) => {
            log::warn!("the figures could not be read: {error}");
            None
        }
        Err(_) => None,
    };
    let recorder = PrometheusBuilder::new().build_recorder();
    with_local_recorder(&recorder, || {
        describe();
        of_the_process();
        of_the_database(ctx, figures.is_some());
        if let Some(figures) = figures {
            of_letters_and_places(&figures, now);
        }
        of_work(work);
    });
    recorder.handle().render()
}

async fn read(ctx: &ActionContext, now: DateTime<Utc>) -> Result<Figures, StoreError> {
    figures::read(&mut ctx.store.read().await?, now).await
}

fn describe() {
    describe_gauge!("turnout_build_info", "The version, and the kind of database.");
    describe_gauge!("turnout_database_up", "Whether the database answered just now.");
    describe_gauge!("turnout_database_connections", "Connections to the database.");
    describe_gauge!("turnout_database_connections_most", "How many there may be.");
    describe_gauge!("turnout_database_writers_waiting", "Who waits for the turn to write.");
    describe_counter!("turnout_write_errors_total", "Writes that failed.");
    describe_gauge!("turnout_letters_waiting", "Letters still to be delivered.");
    describe_gauge!("turnout_letters_oldest_seconds", "Since when the oldest of them waits.");
    describe_gauge!("turnout_letters_given_up", "Letters that were given up.");
    describe_gauge!("turnout_places", "Places of sessions that are not over.");
    describe_gauge!("turnout_work_success_timestamp_seconds", "When work last went well.");
    describe_counter!("turnout_work_failures_total", "How often work failed.");
    describe_gauge!("process_resident_memory_bytes", "Memory of this process.");
    describe_gauge!("process_open_fds", "Files and sockets that it has open.");
}

fn of_the_database(ctx: &ActionContext, is_up: bool) {
    let connections = ctx.store.connections();
    let labels = [
        ("version", ctx.publisher.product_version.clone()),
        ("database", connections.database.to_owned()),
    ];
    gauge!("turnout_build_info", &labels).set(1.0);
    gauge!("turnout_database_up").set(if is_up { 1.0 } else { 0.0 });
    let busy = connections.open.saturating_sub(connections.idle);
    gauge!("turnout_database_connections", "state" => "busy").set(busy);
    gauge!("turnout_database_connections", "state" => "idle").set(connections.idle);
    gauge!("turnout_database_connections_most").set(connections.most);
    let waiting = u32::try_from(connections.waiting_to_write).unwrap_or(u32::MAX);
    gauge!("turnout_database_writers_waiting").set(waiting);
    counter!("turnout_write_errors_total").absolute(ctx.store.write_errors());
}

fn of_letters_and_places(figures: &Figures, now: DateTime<Utc>) {
    gauge!("turnout_letters_waiting").set(figures.letters_waiting as f64);
    let age = figures.oldest_letter.map_or(0, |oldest| (now - oldest).num_seconds().max(0));
    gauge!("turnout_letters_oldest_seconds").set(age as f64);
    gauge!("turnout_letters_given_up").set(figures.letters_given_up as f64);
    let places = figures.places;
    for (state, count) in [
        ("confirmed", places.confirmed),
        ("held", places.held),
        ("offered", places.offered),
        ("waiting", places.waiting),
        ("requested", places.requested),
    ] {
        gauge!("turnout_places", "state" => state).set(count);
    }
}

fn of_work(work: &WorkDone) {
    for (name, runs) in work.all() {
        if let Some(at) = runs.succeeded_at {
            let at = at.timestamp() as f64;
            gauge!("turnout_work_success_timestamp_seconds", "work" => name).set(at);
        }
        counter!("turnout_work_failures_total", "work" => name).absolute(runs.failures);
    }
}

/// What Linux says of us, under the names that every exporter uses.
fn of_the_process() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = resident.and_then(|text| text.trim().strip_suffix(" kB")?.parse::<u32>().ok());
    if let Some(kibibytes) = kibibytes {
        gauge!("process_resident_memory_bytes").set(f64::from(kibibytes) * 1024.0);
    }
    if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
        gauge!("process_open_fds").set(files.count() as f64);
    }
}
