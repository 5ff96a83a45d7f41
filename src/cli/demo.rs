//! `turnout demo`: everything, from nothing, in a folder of its own.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context;
use rocket::figment::{Figment, providers::Serialized};

use crate::{
    actions::{
        ActionContext,
        staff::sign_in::print_sign_in_link,
        venues::{adopt::adopt_sessions, keep::add_venue},
    },
    cli::{demo_before, import, serve, setup::Setup},
    config::Config,
    domain::{
        audit::Actor,
        id::VenueId,
        location::Location,
        session::Session,
        text::Name,
        venue::{Venue, VenueContact},
    },
    store::sessions,
};

/// The folder that `turnout demo` makes.
const FOLDER: &str = "turnout-demo";

pub(super) async fn run() -> anyhow::Result<()> {
    let folder = Path::new(FOLDER);
    let mail = folder.join("mail");
    std::fs::create_dir_all(&mail).context("the folder turnout-demo cannot be made here")?;
    let setup = Setup::create_with(settings(folder)?).await?;
    load_sample(&setup, folder).await?;
    greet(&setup).await?;
    serve::launch(setup, Some(mail)).await
}

/// The settings of the demo in `folder`, over those of the environment.
fn settings(folder: &Path) -> anyhow::Result<Figment> {
    let key = secret_key(folder)?;
    let shown = folder.display();
    Ok(Config::figment()
        .merge(Serialized::global("turnout.database_url", format!("sqlite://{shown}/turnout.db")))
        .merge(Serialized::global("turnout.mail", format!("folder:{shown}/mail")))
        .merge(Serialized::global("turnout.demo", true))
        .merge(Serialized::global("secret_key", key))
        .merge(Serialized::global("log_level", "critical")))
}

/// The demo whose folder this is, or stands here.
pub(super) struct Nearby {
    pub(super) settings: Figment,
    /// Where it puts letters.
    pub(super) mail: PathBuf,
}

/// The demo at hand, unless somebody named a database: whoever tries a command beside a demo means
/// the demo.
pub(super) fn nearby() -> anyhow::Result<Option<Nearby>> {
    if Config::names_a_database() {
        return Ok(None);
    }
    let is_inside = std::env::current_dir()?.file_name().is_some_and(|name| name == FOLDER);
    let folder = Path::new(if is_inside { "." } else { FOLDER });
    if !folder.join("turnout.db").is_file() {
        return Ok(None);
    }
    let place = if is_inside { "this folder" } else { "the folder turnout-demo" };
    eprintln!("Using the demo in {place}.");
    Ok(Some(Nearby { settings: settings(folder)?, mail: folder.join("mail") }))
}

/// Kept in the folder, so that running the demo again keeps people signed in.
fn secret_key(folder: &Path) -> anyhow::Result<String> {
    let path = folder.join("secret-key");
    if let Ok(key) = std::fs::read_to_string(&path) {
        return Ok(key);
    }
    let mut bytes = [0; 32];
    crate::token::RandomSource::fill(&crate::token::SystemRandom, &mut bytes);
    let key: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    std::fs::write(&path, &key)?;
    Ok(key)
}

async fn load_sample(setup: &Setup, folder: &Path) -> anyhow::Result<()> {
    let known = crate::store::catalogue::alliances(&mut setup.ctx.store.read().await?).await?;
    if !known.is_empty() {
        return Ok(());
    }
    println!("Loading the sample data …");
    let sample = folder.join("sample");
    import::sample::write_sample(&sample)?;
    let weeks = import::weeks_to_shift(&sample, setup.ctx.now())?;
    let report = import::import_with(&setup.ctx, &sample, weeks, import::Letters::Written).await?;
    println!("{report}");
    demo_before::make(&setup.ctx, "P001", "S001").await?;
    keep_venues(&setup.ctx).await
}

/// Puts the halls of the sample's sessions on the list of venues.
async fn keep_venues(ctx: &ActionContext) -> anyhow::Result<()> {
    let coming = sessions::ending_after(&mut ctx.store.read().await?, ctx.now()).await?;
    let mut halls: BTreeMap<(String, String), Vec<Session>> = BTreeMap::new();
    for session in coming {
        if let Location::Venue { name, address } = &session.location {
            halls.entry((name.clone(), address.clone())).or_default().push(session);
        }
    }
    for ((name, address), held) in halls {
        let Some(first) = held.first() else { continue };
        let is_shared = held.iter().any(|one| one.alliance.slug != first.alliance.slug);
        let venue = Venue {
            id: VenueId::numbered(1),
            alliance: (!is_shared).then(|| first.alliance.slug.clone()),
            access_notes: first.words.access_words.clone(),
            directions: first.words.directions.clone(),
            capacity: held.iter().map(|one| one.occupancy.capacity).max(),
            contact: VenueContact {
                name: Name::parse("The caretaker").ok(),
                phone: "020 7946 0199".parse().ok(),
                email: None,
            },
            cost: Some("\u{a3}90 a day".to_owned()),
            hire_notes: Some("Ask four weeks ahead. The key is at the house next door.".to_owned()),
            name,
            address,
        };
        let id = add_venue(ctx, &Actor::CommandLine, &venue, None).await?;
        let codes: Vec<_> = held.iter().map(|one| one.code.clone()).collect();
        adopt_sessions(ctx, &Actor::CommandLine, &id, &codes).await?;
    }
    Ok(())
}

async fn greet(setup: &Setup) -> anyhow::Result<()> {
    let base = &setup.ctx.letterhead.base_url;
    println!("\nTurnout is ready. Open:\n");
    println!("  the catalogue          {base}/");
    println!("  everything it \"sent\"   {base}/mailbox");
    for (role, email) in [
        ("sign in as trainer", "amina.yusuf@turnout.example"),
        ("sign in as organiser", "ruth.okafor@turnout.example"),
        ("sign in as office", "office@turnout.example"),
    ] {
        if let Some(link) = print_sign_in_link(&setup.ctx, &email.parse()?).await? {
            println!("  {role:<22} {link}");
        }
    }
    println!("\nSign-in links work once, for 15 minutes. Stop with Ctrl+C; run it again and");
    println!("everything in the folder {FOLDER} is as you left it.\n");
    Ok(())
}
