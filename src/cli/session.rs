//! `turnout session …`: changes from above. Those that write to people say to how many first, and
//! are done with `--yes`.

use anyhow::{Context, bail};
use chrono::NaiveDateTime;
use clap::Subcommand;

use crate::{
    actions::{
        ActionContext,
        calendars::take_reply::set_on_decline,
        sessions::{
            change_capacity::change_capacity,
            change_session::NewTimes,
            tell_change::{SessionChange, change_and_tell},
        },
    },
    domain::{
        announcement::Told, audit::Actor, id::SessionCode, location::Location,
        registration::Registration, reply::OnDecline, session::Session, text::Paragraph,
        venue::VenueChoice, wording,
    },
    store::{gathering, registrations, sessions},
};

#[derive(Debug, Subcommand)]
pub(super) enum SessionCommand {
    /// Change how many places there are; the waiting list is offered what that frees.
    Capacity {
        /// The session's code, such as S001.
        code: SessionCode,
        /// The new number of places.
        places: u32,
    },
    /// Move days to other times; the number after the last adds a day.
    Reschedule {
        /// The session's code.
        code: SessionCode,
        /// N=START/END in local time, such as 1=2027-01-16T09:30/2027-01-16T16:30.
        #[arg(required = true)]
        days: Vec<String>,
        /// What to say to everybody in your own words, above the facts of the letter.
        #[arg(long)]
        words: Option<String>,
        /// Do it, and write to everybody.
        #[arg(long)]
        yes: bool,
    },
    /// Take a day off; people keep their places on the others.
    RemoveDay {
        /// The session's code.
        code: SessionCode,
        /// The day's number.
        day: u32,
        /// What to say to everybody in your own words, above the facts of the letter.
        #[arg(long)]
        words: Option<String>,
        /// Do it, and write to everybody.
        #[arg(long)]
        yes: bool,
    },
    /// Move it to another venue, or to a video call.
    Move {
        /// The session's code.
        code: SessionCode,
        /// The name of the new venue.
        #[arg(long, required_unless_present = "online", conflicts_with = "online")]
        venue: Option<String>,
        /// Its address.
        #[arg(long, default_value = "", conflicts_with = "online")]
        address: String,
        /// The address of the video room.
        #[arg(long)]
        online: Option<String>,
        /// What to say to everybody in your own words, above the facts of the letter.
        #[arg(long)]
        words: Option<String>,
        /// Do it, and write to everybody.
        #[arg(long)]
        yes: bool,
    },
    /// Say what becomes of a place whose attendee's calendar declines: `release`, after half an
    /// hour, or `ask` her first.
    OnDecline {
        /// The session's code.
        code: SessionCode,
        /// `release` or `ask`.
        what: OnDecline,
    },
    /// Call it off.
    Cancel {
        /// The session's code.
        code: SessionCode,
        /// Why, for everybody to read.
        #[arg(long)]
        reason: String,
        /// Do it, and write to everybody.
        #[arg(long)]
        yes: bool,
    },
}

pub(super) async fn run(ctx: &ActionContext, command: SessionCommand) -> anyhow::Result<()> {
    let actor = Actor::CommandLine;
    match command {
        SessionCommand::Capacity { code, places } => {
            change_capacity(ctx, &actor, &code, places, None).await?;
            println!("{code} has {} now.", wording::count(places as usize, "place", "places"));
            Ok(())
        }
        SessionCommand::Reschedule { code, days, words, yes } => {
            let times = days.iter().map(|day| new_times(day)).collect::<Result<Vec<_>, _>>()?;
            let change = SessionChange::Times(&times);
            tell(ctx, (&code, "move"), &change, words.as_deref(), yes).await
        }
        SessionCommand::RemoveDay { code, day, words, yes } => {
            let found = sessions::find(&mut ctx.store.read().await?, &code).await?;
            let known = found.and_then(|one| one.sittings.into_iter().find(|it| it.number == day));
            let sitting = known.context("there is no such day")?;
            println!("Day {day}: {}.", wording::sitting(&sitting));
            let change = SessionChange::DayOff(sitting.id);
            tell(ctx, (&code, "take a day off"), &change, words.as_deref(), yes).await
        }
        SessionCommand::Move { code, venue, address, online, words, yes } => {
            let location = match (venue, online) {
                (_, Some(room)) => Location::online(&room).context("--online")?,
                (Some(name), None) => Location::venue(&name, &address).context("--venue")?,
                (None, None) => bail!("give --venue or --online"),
            };
            let change = SessionChange::Place(location, VenueChoice::Unsaid);
            tell(ctx, (&code, "move"), &change, words.as_deref(), yes).await
        }
        SessionCommand::OnDecline { code, what } => {
            if !set_on_decline(ctx, &actor, &code, what).await? {
                bail!("there is no such session");
            }
            println!("Done.");
            Ok(())
        }
        SessionCommand::Cancel { code, reason, yes } => {
            let reason = Paragraph::parse_optional(&reason).context("--reason")?;
            if reason.is_none() {
                bail!("--reason is empty: people want to know why");
            }
            let change = SessionChange::CallOff(reason.as_ref());
            tell(ctx, (&code, "cancel"), &change, None, yes).await
        }
    }
}

/// Changes a session and tells its people, once it was said whom it concerns and `yes` was given.
async fn tell(
    ctx: &ActionContext,
    (code, verb): (&SessionCode, &str),
    change: &SessionChange<'_>,
    words: Option<&str>,
    yes: bool,
) -> anyhow::Result<()> {
    let words = Paragraph::parse_optional(words.unwrap_or_default()).context("--words")?;
    if preview(ctx, code, yes, verb).await? {
        let said = (None, words.as_ref());
        let told = change_and_tell(ctx, &Actor::CommandLine, code, change, said).await?;
        say(ctx, code, told).await?;
    }
    Ok(())
}

/// Says whom it concerns; whether it is to be done.
async fn preview(
    ctx: &ActionContext,
    code: &SessionCode,
    yes: bool,
    verb: &str,
) -> anyhow::Result<bool> {
    let mut conn = ctx.store.read().await?;
    let session: Session =
        sessions::find(&mut conn, code).await?.context("there is no such session")?;
    let bookings = registrations::of_session(&mut conn, code).await?;
    let open = bookings
        .iter()
        .filter(|booking| booking.places.iter().any(|place| place.state.status().is_open()));
    let (leaders, people) =
        (open.count(), bookings.iter().flat_map(Registration::confirmed).count());
    let title = &session.course.title;
    println!("{code}: {title}, {}.", wording::days(&session));
    let people = wording::count(people, "person has", "people have");
    let leaders = wording::count(leaders, "leader", "leaders");
    println!("{people} a place; {leaders} will be written to.");
    if !yes {
        println!("Nothing is done yet. To {verb} it, give --yes.");
    }
    Ok(yes)
}

async fn say(ctx: &ActionContext, code: &SessionCode, told: Told) -> anyhow::Result<()> {
    let people = wording::count(told.people, "person", "people");
    let leaders = wording::count(told.leaders, "leader", "leaders");
    let asked = match told.asked {
        0 => String::new(),
        some => format!(" So are {some} who were asked or nominated and have no place."),
    };
    println!("Done. {people} and {leaders} are being told.{asked}");
    let mut conn = ctx.store.read().await?;
    let session = sessions::find(&mut conn, code).await?.context("there is no such session")?;
    if let Some(at) = gathering::leaves_at(&mut conn, code, ctx.now()).await? {
        let at = wording::deadline(at, session.zone());
        println!("Letters leave at {at}; what you change until then goes into the same ones.");
    }
    Ok(())
}

/// Reads `1=2027-01-16T09:30/2027-01-16T16:30`.
fn new_times(text: &str) -> anyhow::Result<NewTimes> {
    let wrong =
        || format!("\"{text}\": write N=START/END, such as 1=2027-01-16T09:30/2027-01-16T16:30");
    let (number, span) = text.split_once('=').with_context(wrong)?;
    let (starts, ends) = span.split_once('/').with_context(wrong)?;
    let time = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M");
    Ok(NewTimes {
        number: number.parse().with_context(wrong)?,
        starts: time(starts).with_context(wrong)?,
        ends: time(ends).with_context(wrong)?,
    })
}
