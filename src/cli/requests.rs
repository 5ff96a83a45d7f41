//! `turnout requests …`: what organisers decide.

use anyhow::Context;
use clap::Subcommand;

use crate::{
    actions::{
        ActionContext,
        waiting::decide_request::{Decision, decide_request},
    },
    domain::{audit::Actor, place::PlaceStatus, reference::Reference, text::Paragraph, wording},
    store::{registrations, sessions},
};

#[derive(Debug, Subcommand)]
pub(super) enum RequestsCommand {
    /// Show who asks for places, oldest first.
    List,
    /// Say yes: a place at once for as many as fit; the others wait.
    Approve {
        /// The booking's reference, such as RM7K-4TQ2.
        reference: Reference,
    },
    /// Put them on the waiting list.
    Wait {
        /// The booking's reference.
        reference: Reference,
    },
    /// Say no.
    Refuse {
        /// The booking's reference.
        reference: Reference,
        /// Why, for the leader to read.
        #[arg(long, default_value = "")]
        reason: String,
    },
}

pub(super) async fn run(ctx: &ActionContext, command: RequestsCommand) -> anyhow::Result<()> {
    match command {
        RequestsCommand::List => list(ctx).await,
        RequestsCommand::Approve { reference } => decide(ctx, &reference, Decision::Approve).await,
        RequestsCommand::Wait { reference } => decide(ctx, &reference, Decision::Wait).await,
        RequestsCommand::Refuse { reference, reason } => {
            let reason = Paragraph::parse_optional(&reason).context("--reason")?;
            decide(ctx, &reference, Decision::Refuse { reason }).await
        }
    }
}

async fn list(ctx: &ActionContext) -> anyhow::Result<()> {
    let mut conn = ctx.store.read().await?;
    let asked = registrations::with_requests(&mut conn).await?;
    if asked.is_empty() {
        println!("Nobody asks for places.");
    }
    for registration in asked {
        let Some(session) = sessions::find(&mut conn, &registration.session).await? else {
            continue;
        };
        let places = registration.places_in(PlaceStatus::Requested).count();
        println!(
            "{}  {} {} ({}), {} for {}",
            registration.reference,
            session.code,
            session.course.title,
            wording::days(&session),
            wording::count(places, "place", "places"),
            registration.sender.name().unwrap_or("themselves"),
        );
        if let Some(nomination) = &registration.nomination {
            println!("           {}", nomination.as_str().replace('\n', " "));
        }
    }
    Ok(())
}

async fn decide(
    ctx: &ActionContext,
    reference: &Reference,
    decision: Decision,
) -> anyhow::Result<()> {
    let mut conn = ctx.store.read().await?;
    let found = registrations::find_by_reference(&mut conn, reference).await?;
    drop(conn);
    let id = found.context("there is no booking with this reference")?;
    let decided = decide_request(ctx, &Actor::CommandLine, id, decision).await?;
    if decided.is_noted {
        println!(
            "{reference}: noted ({} promised, {} would wait, {} refused). Everybody of its session is told \
             on one day.",
            decided.confirmed, decided.waiting, decided.refused
        );
        return Ok(());
    }
    println!(
        "{reference}: {} confirmed, {} waiting, {} refused. The leader is being told.",
        decided.confirmed, decided.waiting, decided.refused
    );
    Ok(())
}
