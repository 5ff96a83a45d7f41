//! A change to a session that its people are told of: made, or only tried, to read the letters that it
//! would be.

use uuid::Uuid;

use super::{
    announce::{announce, tell_all},
    change_session::{
        ChangeSessionError, NewTimes, called_off, end_places, lock, open, rescheduled,
    },
    gather::{hurry, is_near},
    news_to_come::letters_of,
    relocate::relocated,
    remove_day::day_off,
};
use crate::{
    actions::ActionContext,
    domain::{
        announcement::{Announcement, Told},
        audit::Actor,
        edit::Drawn,
        id::{SessionCode, SittingId},
        letter::Letter,
        location::Location,
        text::Paragraph,
        venue::VenueChoice,
    },
    store::Tx,
};

/// What changes.
#[derive(Debug, Clone)]
pub enum SessionChange<'a> {
    /// Days at other times, or a day more.
    Times(&'a [NewTimes]),
    /// Another place.
    Place(Location, VenueChoice),
    /// It does not take place, and why.
    CallOff(Option<&'a Paragraph>),
    /// A day less.
    DayOff(SittingId),
}

/// What its page was drawn from, and what whoever changes it says in her own words.
pub type Said<'a> = (Option<&'a Drawn>, Option<&'a Paragraph>);

/// Changes a session and tells its people, with words of her own if there are any.
///
/// # Errors
/// [`ChangeSessionError`], in which case nothing changed.
pub async fn change_and_tell(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    change: &SessionChange<'_>,
    said: Said<'_>,
) -> Result<Told, ChangeSessionError> {
    let mut tx = ctx.store.begin().await?;
    let news = change_within(ctx, &mut tx, actor, code, (change, said)).await?;
    tx.commit().await?;
    let Some((id, told)) = news else { return Ok(Told::default()) };
    tell_all(ctx, id).await;
    Ok(told)
}

/// The letters that the change would be now, and how many more there would be than `most` bookings have: it
/// is made, read, and taken back, so that they say what they will say. Nothing is kept of it.
///
/// # Errors
/// [`ChangeSessionError`], as the change would.
pub async fn letters_of_change(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    change: &SessionChange<'_>,
    said: Said<'_>,
) -> Result<Vec<Letter>, ChangeSessionError> {
    let mut tx = ctx.store.begin().await?;
    match change_within(ctx, &mut tx, actor, code, (change, said)).await? {
        Some((id, _)) => Ok(letters_of(ctx, &mut tx, id, FEW).await?),
        None => Ok(Vec::new()),
    }
}

/// Of how many bookings the letters are looked at before a change.
const FEW: i64 = 5;

/// The change within a transaction that does more; its news, to be told once that is committed, if people see
/// anything of it.
pub(in crate::actions) async fn change_within(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    code: &SessionCode,
    (change, (drawn, words)): (&SessionChange<'_>, Said<'_>),
) -> Result<Option<(Uuid, Told)>, ChangeSessionError> {
    let own_words: Vec<String> = words.map(one_line).into_iter().collect();
    if let SessionChange::Place(location, choice) = change {
        return relocated(ctx, tx, actor, code, (location, choice), (drawn, own_words)).await;
    }
    let mut locked = lock(tx, code).await?;
    let session = open(ctx, &mut locked).await?;
    let news = match change {
        SessionChange::Times(times) => {
            rescheduled(ctx, &mut locked, actor, (&session, times), drawn).await?
        }
        SessionChange::Place(..) => return Err(ChangeSessionError::NothingChanged),
        SessionChange::CallOff(reason) => {
            called_off(ctx, &mut locked, (&session, *reason), drawn).await?
        }
        SessionChange::DayOff(day) => day_off(ctx, &mut locked, actor, (&session, *day)).await?,
    };
    let said = own_words;
    let announcement = Announcement { session: code.clone(), news, to_leaders: true, said };
    let (id, told) = announce(ctx, &mut locked, &announcement).await?;
    match change {
        // Somebody may be on her way to what was near until now.
        SessionChange::Times(_) if is_near(ctx, &session) => hurry(&mut locked, id).await?,
        SessionChange::CallOff(reason) => end_places(ctx, &mut locked, actor, *reason).await?,
        _ => {}
    }
    Ok(Some((id, told)))
}

/// What is told with other news has a line for each.
fn one_line(words: &Paragraph) -> String {
    words.as_str().split_whitespace().collect::<Vec<_>>().join(" ")
}
