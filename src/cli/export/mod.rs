//! `turnout export`: everything an organisation would want to keep, as files that `turnout import`
//! reads, and some more beside them.

mod asking;
mod bookings;
mod catalogue;
mod help;
mod paths;
mod questions;
mod sessions;
mod sheet;
mod stays;

use std::{fs, path::PathBuf};

use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;

use super::setup::Setup;
use crate::{
    actions::ActionContext,
    domain::{session::Session, wording::count},
    store,
};
use sheet::Sheet;

/// What is to be exported, and where to.
#[derive(Debug, Clone, Args)]
pub struct Export {
    /// The folder to make. It must not exist, or be empty.
    dir: PathBuf,
    /// Only sessions whose first day is on this date or later.
    #[arg(long, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// Only sessions whose first day is on this date or earlier.
    #[arg(long, value_name = "DATE")]
    until: Option<NaiveDate>,
}

impl Export {
    /// Asks for everything.
    pub fn all(dir: PathBuf) -> Self {
        Self { dir, from: None, until: None }
    }

    /// Asks for what is between two dates.
    #[must_use]
    pub fn between(self, from: NaiveDate, until: NaiveDate) -> Self {
        Self { from: Some(from), until: Some(until), ..self }
    }

    fn takes(&self, date: NaiveDate) -> bool {
        self.from.is_none_or(|from| date >= from) && self.until.is_none_or(|until| date <= until)
    }

    fn takes_session(&self, session: &Session) -> bool {
        session.sittings.first().is_some_and(|sitting| self.takes(sitting.starts.date()))
    }
}

pub(super) async fn run(asked: Export) -> anyhow::Result<()> {
    let setup = Setup::open().await?;
    let written = export(&setup.ctx, &asked).await;
    setup.ctx.store.close().await;
    println!("{}", written?);
    Ok(())
}

/// Writes the files, all as things stand at one moment, or none of them; what was written, in words.
///
/// # Errors
/// The folder holds something, a file cannot be written, or the store failed.
pub async fn export(ctx: &ActionContext, asked: &Export) -> anyhow::Result<String> {
    let shown = asked.dir.display();
    let is_empty = |entries: fs::ReadDir| entries.count() == 0;
    if asked.dir.exists() && !fs::read_dir(&asked.dir).is_ok_and(is_empty) {
        bail!("{shown} is there already; name a folder that is not");
    }
    let sheets = sheets(ctx, asked).await?;
    sheet::write_all(&asked.dir, &sheets).with_context(|| format!("{shown} cannot be written"))?;
    let lines = |name: &str| {
        let found = sheets.iter().find(|sheet| sheet.name == name);
        found.map_or(0, |sheet| sheet.rows.len())
    };
    Ok(format!(
        "{shown} holds {}, {} and {} in {}.\nIt names people and what they need: keep it as you keep \
         a backup.",
        count(lines("sessions.csv"), "session", "sessions"),
        count(lines("registrations.csv"), "place", "places"),
        count(lines("staff.csv"), "account", "accounts"),
        count(sheets.len(), "file", "files"),
    ))
}

async fn sheets(ctx: &ActionContext, asked: &Export) -> anyhow::Result<Vec<Sheet>> {
    let mut conn = ctx.store.snapshot().await?;
    let mut sheets = catalogue::sheets(&mut conn).await?;
    let every = store::sessions::ending_after(&mut conn, DateTime::<Utc>::UNIX_EPOCH).await?;
    let sessions: Vec<_> =
        every.into_iter().filter(|session| asked.takes_session(session)).collect();
    sheets.extend(sessions::sheets(&mut conn, &sessions).await?);
    let (questions, codes) = questions::sheet(&mut conn, &sessions).await?;
    sheets.push(questions);
    sheets.extend(help::sheets(&mut conn, &sessions).await?);
    sheets.extend(bookings::sheets(&mut conn, &sessions, &codes).await?);
    let attendances = store::exports::attendances(&mut conn).await?;
    let attendances = attendances.iter().filter(|one| asked.takes(one.attended_on));
    sheets.push(bookings::attendances(attendances));
    sheets.extend(paths::sheets(&mut conn).await?);
    sheets.extend(asking::sheets(&mut conn, &sessions).await?);
    Ok(sheets)
}
