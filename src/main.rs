//! The `turnout` program.

use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use turnout::cli;

/// Not by Rocket's macro, which panics where its settings are wrong before anybody can say so.
fn main() -> ExitCode {
    match start(cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("turnout: {}", cli::said_once(&error));
            ExitCode::FAILURE
        }
    }
}

fn start(asked: cli::Cli) -> anyhow::Result<()> {
    let (workers, blocking) = cli::threads()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .max_blocking_threads(blocking)
        .thread_name("turnout-worker")
        .enable_all()
        .build();
    runtime.context("no threads can be started")?.block_on(cli::run(asked))
}
