//! The command line.

mod backup;
mod demo;
mod demo_before;
pub mod export;
mod logging;
mod person;
mod receive_reply;
mod requests;
mod serve;
mod session;
pub mod setup;
mod staff;
mod supervisor;

pub mod import;

use std::path::PathBuf;

use anyhow::Context;
use chrono::NaiveDate;
use clap::{Parser, Subcommand};

use crate::{actions::notice, config::Config};

/// Training-event booking: fair places, rosters, and calendars that never lie.
#[derive(Debug, Parser)]
#[command(name = "turnout", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site.
    Serve,
    /// Serve the site with sample data from a folder it makes here: needs nothing.
    Demo,
    /// Bring the database up to this version.
    Migrate,
    /// Load alliances, institutions, courses, staff, sessions and registrations from CSV files.
    Import {
        /// The folder with the files.
        dir: PathBuf,
        /// Write to the people of new bookings, as if they had booked on the pages.
        #[arg(long)]
        send_letters: bool,
    },
    /// Write everything as files that `turnout import` reads.
    Export(export::Export),
    /// Save the database and the mail folder in one file, while the server goes on.
    Backup(backup::Backup),
    /// Bring back what a backup holds.
    Restore(backup::Restore),
    /// Change a session that people have booked: places, times, venue, or call it off.
    #[command(subcommand)]
    Session(session::SessionCommand),
    /// Answer people who ask for places.
    #[command(subcommand)]
    Requests(requests::RequestsCommand),
    /// Hand out what is held about somebody, or erase it.
    #[command(subcommand)]
    Person(person::PersonCommand),
    /// Erase now what the privacy page says is kept no longer, as the server does every hour.
    EraseDue,
    /// Take one message from standard input: for a mail server that pipes the reply mailbox here.
    ReceiveReply,
    /// Look for what must never be; names each row at fault.
    Doctor,
    /// Look after staff accounts.
    #[command(subcommand)]
    Staff(staff::StaffCommand),
}

/// Does what the command line asks, on threads of its own. Not by Rocket's macro, which panics where its settings are
/// wrong before anybody can say so.
///
/// # Errors
/// Whatever went wrong, in one line for the terminal.
// All that is asynchronous ends here: whoever waits for a future compiles much of what it does, and `main.rs` would do
// so a second time (47 s of a release).
pub fn start(cli: Cli) -> anyhow::Result<()> {
    let (workers, blocking) = Config::threads()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .max_blocking_threads(blocking)
        .thread_name("turnout-worker")
        .enable_all()
        .build();
    runtime.context("no threads can be started")?.block_on(run(cli))
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Demo => demo::run().await,
        Command::Serve => serve::run().await,
        Command::Migrate => {
            let setup = setup::Setup::create_with(Config::figment()).await?;
            println!("The database is up to date.");
            setup.ctx.store.close().await;
            Ok(())
        }
        Command::Import { dir, send_letters } => {
            let setup = setup::Setup::open().await?;
            let letters =
                if send_letters { import::Letters::Written } else { import::Letters::None };
            let report = import::import_with(&setup.ctx, &dir, 0, letters).await?;
            println!("{report}");
            setup.ctx.store.close().await;
            Ok(())
        }
        Command::Export(asked) => export::run(asked).await,
        Command::Backup(asked) => backup::backup(asked).await,
        Command::Restore(asked) => backup::restore(asked).await,
        Command::Doctor => doctor().await,
        Command::Session(command) => {
            let setup = setup::Setup::open().await?;
            let done = session::run(&setup.ctx, command).await;
            setup.ctx.store.close().await;
            done
        }
        Command::Requests(command) => {
            let setup = setup::Setup::open().await?;
            let done = requests::run(&setup.ctx, command).await;
            setup.ctx.store.close().await;
            done
        }
        Command::Person(command) => {
            let setup = setup::Setup::open().await?;
            let done = person::run(&setup.ctx, command).await;
            setup.ctx.store.close().await;
            done
        }
        Command::EraseDue => erase_due().await,
        Command::ReceiveReply => receive_reply::run().await,
        Command::Staff(command) => staff::run(command).await,
    }
}

/// What went wrong, with its causes, on one line: a cause whose words stand in what was said already says
/// nothing new.
pub fn said_once(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |said, cause| {
        match (said.is_empty(), said.contains(&cause)) {
            (true, _) => cause,
            (_, true) => said,
            _ => format!("{said}: {cause}"),
        }
    })
}

/// Looks for what must never be.
async fn doctor() -> anyhow::Result<()> {
    let setup = setup::Setup::open().await?;
    let found = crate::actions::examine::examine(&setup.ctx).await?;
    let has_proxy = notice::has_unknown_proxy(&setup.ctx).await?;
    setup.ctx.store.close().await;
    println!("{}", zones(setup.ctx.now().date_naive()));
    if has_proxy {
        println!("Mind that {}.", notice::PROXY);
    }
    for finding in &found {
        println!("{}: not so in {}", finding.rule, finding.row);
    }
    if !found.is_empty() {
        anyhow::bail!("{} rows break a rule", found.len());
    }
    println!("All {} rules hold.", crate::actions::examine::rules());
    Ok(())
}

/// Erases what is due.
async fn erase_due() -> anyhow::Result<()> {
    let setup = setup::Setup::open().await?;
    let erased = crate::actions::retention::erase_due::erase_due(&setup.ctx).await;
    setup.ctx.store.close().await;
    match erased? {
        0 => println!("Nothing was due."),
        lines => println!("Erased or made anonymous: {lines} lines."),
    }
    Ok(())
}

/// The time zone database in this program, and how old it is. A release is named by its year and a
/// letter; there are a few a year.
fn zones(today: NaiveDate) -> String {
    let release = chrono_tz::IANA_TZDB_VERSION;
    let dated = RELEASED.iter().find(|(name, ..)| *name == release);
    let age = match dated.and_then(|(_, y, m, d)| NaiveDate::from_ymd_opt(*y, *m, *d)) {
        Some(day) => {
            let days = (today - day).num_days();
            format!("released on {day}, {days} days ago")
        }
        None => format!("a release of {}", release.get(..4).unwrap_or(release)),
    };
    format!(
        "Time zones: tz database {release}, {age}. To update it, see \"Time zones\" in \
         docs/configuration.md."
    )
}

/// When releases came out.
const RELEASED: [(&str, i32, u32, u32); 2] = [("2025a", 2025, 1, 15), ("2025b", 2025, 3, 22)];
