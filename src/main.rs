//! The `turnout` program.

use std::process::ExitCode;

use clap::Parser;
use turnout::cli;

fn main() -> ExitCode {
    match cli::start(cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("turnout: {}", cli::said_once(&error));
            ExitCode::FAILURE
        }
    }
}
