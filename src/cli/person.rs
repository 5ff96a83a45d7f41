//! `turnout person …`: what is held about somebody, handed out or erased (P2).

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Subcommand;

use crate::{
    actions::{
        ActionContext,
        people::{
            erase_person::{Preview, erase_person, preview},
            own_data::{hand_out, meant_by},
        },
    },
    domain::{audit::Actor, person::Person, wording},
    web::own_data::zipped,
};

#[derive(Debug, Subcommand)]
pub(super) enum PersonCommand {
    /// Write everything held about somebody into a ZIP, to read and for programs.
    Export {
        /// A name, an address, or the id that `person` lists.
        who: String,
        /// The file to write; it must not be there yet.
        file: PathBuf,
    },
    /// Erase everything that says who somebody is. Without --yes nothing is done but to say what would go.
    Erase {
        /// A name, an address, or the id that `person` lists.
        who: String,
        /// Do it.
        #[arg(long)]
        yes: bool,
    },
}

pub(super) async fn run(ctx: &ActionContext, command: PersonCommand) -> anyhow::Result<()> {
    match command {
        PersonCommand::Export { who, file } => export(ctx, &who, &file).await,
        PersonCommand::Erase { who, yes } => erase(ctx, &who, yes).await,
    }
}

/// The one person who is meant; where it may be several, all of them are named, and nothing is done.
async fn one(ctx: &ActionContext, who: &str) -> anyhow::Result<Person> {
    let mut found = meant_by(ctx, who).await?;
    if found.len() > 1 {
        println!("Several people may be meant. Name one by the id before her name:");
        for person in &found {
            let email = person.email.as_ref().map_or("no address", |email| email.as_str());
            println!("{}\t{}\t{email}", person.id, person.name);
        }
        bail!("{} people are called so or share this address", found.len());
    }
    found.pop().with_context(|| "nothing is held about anybody of this name, address or id")
}

async fn export(ctx: &ActionContext, who: &str, file: &Path) -> anyhow::Result<()> {
    let person = one(ctx, who).await?;
    let mut to = private(file).with_context(|| file.display().to_string())?;
    let data = hand_out(ctx, &Actor::CommandLine, person.id).await?;
    let data = data.context("nothing is held about this person any more")?;
    let zip = zipped(&data, &ctx.controller, ctx.now())?;
    std::io::Write::write_all(&mut to, &zip).with_context(|| file.display().to_string())?;
    println!("What is held about {} is in {}.", person.name, file.display());
    Ok(())
}

/// A new file that nobody else on this machine may read.
fn private(file: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

async fn erase(ctx: &ActionContext, who: &str, yes: bool) -> anyhow::Result<()> {
    let person = one(ctx, who).await?;
    let seen = preview(ctx, person.id).await?;
    let seen = seen.context("nothing is held about this person any more")?;
    tell(&seen);
    if !yes {
        println!("Nothing was done. Say --yes to erase.");
        return Ok(());
    }
    erase_person(ctx, &Actor::CommandLine, person.id).await?;
    println!("Erased. Backups made before still hold it: see docs/privacy.md.");
    Ok(())
}

fn tell(seen: &Preview) {
    println!("{} ({})", seen.person.name, seen.person.id);
    for one in &seen.to_come {
        println!("Given up: the place on {} of booking {}.", one.session, one.reference);
    }
    for (reference, others) in &seen.leads {
        let others = wording::count(usize::try_from(*others).unwrap_or(0), "person", "people");
        println!("In the way: booking {reference} is for {others} still to come.");
    }
    println!(
        "Made anonymous, and counted on: {}, {}, {} without a booking. Erased: {}.",
        wording::count(seen.places, "place", "places"),
        wording::count(seen.bookings, "booking led", "bookings led"),
        wording::count(seen.walk_ins, "day", "days"),
        wording::count(usize::try_from(seen.letters).unwrap_or(0), "letter", "letters"),
    );
    for other in &seen.alike {
        println!("May be the same person, and stays: {} ({}).", other.name, other.id);
    }
}
