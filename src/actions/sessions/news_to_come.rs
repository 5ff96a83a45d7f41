//! Reading the letters that news of a session is going to be, before they are written (T4).

use uuid::Uuid;

use super::{announce::tell, tell_asked::letters_to_asked, tell_trainers::change};
use crate::{
    actions::{ActionContext, calendars::days::Days, tell::Outgoing},
    domain::letter::Letter,
    store::{Conn, StoreError, announcements, invitations, registrations, sessions},
};

/// Of how many bookings the letters are shown.
const MOST: i64 = 50;

/// The letters as they would be written now: whatever changes before they leave, they will say. Those of
/// trainers come first. Their links are made for the look, and open nothing.
///
/// # Errors
/// [`StoreError`].
pub async fn letters_to_come(ctx: &ActionContext, id: Uuid) -> Result<Vec<Letter>, StoreError> {
    letters_of(ctx, &mut ctx.store.read().await?, id, MOST).await
}

/// The same of at most `most` bookings.
pub(super) async fn letters_of(
    ctx: &ActionContext,
    conn: &mut Conn,
    id: Uuid,
    most: i64,
) -> Result<Vec<Letter>, StoreError> {
    let Some(announcement) = announcements::find(conn, id).await? else {
        return Ok(Vec::new());
    };
    let code = &announcement.session;
    let Some(session) = sessions::find(conn, code).await? else { return Ok(Vec::new()) };
    let mut letters = Vec::new();
    if announcement.to_leaders {
        let trainers = change(ctx, conn, &session, &announcement.news).await?;
        letters.extend(trainers.into_letters());
    }
    let ids = announcements::untold(conn, id, most).await?;
    let stored = invitations::live_of_registrations(conn, &ids).await?;
    let days = Days::read(ctx, conn, &session, stored.values().flatten()).await?;
    let mut out = Outgoing::default();
    for mut registration in registrations::find_all(conn, &ids).await? {
        if announcement.to_leaders {
            registration.untold_since = None;
        }
        let live = stored.get(&registration.id).map_or(&[][..], Vec::as_slice);
        tell(ctx, &mut out, (&session, &registration), (&days, live), &announcement);
    }
    letters.extend(out.into_letters());
    if announcement.to_leaders {
        let most = usize::try_from(most).unwrap_or(0);
        letters.extend(letters_to_asked(ctx, conn, (&session, &announcement), most).await?);
    }
    Ok(letters)
}
