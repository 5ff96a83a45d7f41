//! The `turnout` program.

use std::process::ExitCode;

use clap::Parser;

#[rocket::main]
async fn main() -> ExitCode {
    match turnout::cli::run(turnout::cli::Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("turnout: {error:#}");
            ExitCode::FAILURE
        }
    }
}
