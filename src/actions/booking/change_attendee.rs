//! Who comes, and what they need, after booking (B6): never costs the place. To *correct* is to spell
//! the same person better; to *swap* is to let somebody else come instead (H1).

use super::{correct_attendee::correct, prerequisites::meet, swap_attendee::swap};
use crate::{
    actions::{
        ActionContext,
        calendars::reconcile::Telling,
        edit::{States, merged},
        places::{
            already::{NamedPeople, already_there},
            opened::Opened,
        },
        record::{Subject, record_changes},
        tell::Outgoing,
    },
    domain::{
        already::{self, Already},
        attendee::Attendee,
        audit::{Actor, AuditAction},
        edit::{self, Conflicts, Drawn, Merged},
        id::{PlaceId, RegistrationId},
        letter::LetterKind,
        likeness::Likeness,
        place::{Place, PlaceStatus},
        prerequisite::Preparation,
        text::{Name, Paragraph},
        wording,
    },
    mail::letters,
    store::{StoreError, Tx, audit::Edited, door, places, registrations},
};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is no such place, or it is not open any more.
    #[error("this place is not there any more: it was given up or taken back")]
    NoSuchPlace,
    /// The session is over or called off.
    #[error("the session takes no more changes")]
    TooLate,
    /// Neither the name nor the address is that of whoever sits there: is it the same person?
    #[error("{new} may be somebody else than {old}")]
    SomebodyElse {
        /// Who sits there.
        old: Name,
        /// Who was typed over her.
        new: Name,
    },
    /// Whoever sits there was checked in, and what she did stays hers.
    #[error("{name} was checked in already")]
    CheckedIn {
        /// Who.
        name: Name,
    },
    /// Whoever is named may be on the session already (H2).
    #[error("{}", already::sentence(.0))]
    AlreadyThere(Vec<Already>),
    /// She has, as far as we know, not done what the course asks for first, and nothing is said why she
    /// should come all the same (B7).
    #[error("{}", lacks_words(.name, *.unclear, .courses))]
    Lacking {
        /// Who.
        name: Name,
        /// Whether that depends on who she is.
        unclear: bool,
        /// What comes first, by title.
        courses: Vec<String>,
    },
    /// Somebody else changed the same.
    #[error("somebody else changed the same")]
    Conflicts(Box<Conflicts<Attendee>>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn lacks_words(name: &Name, unclear: bool, courses: &[String]) -> String {
    let courses = wording::list(courses);
    match unclear {
        true => format!("we cannot tell whether {name} has done {courses}, which comes first"),
        false => format!("as far as we know, {name} has not done {courses}, which comes first"),
    }
}

impl From<Box<Conflicts<Attendee>>> for ChangeError {
    fn from(conflicts: Box<Conflicts<Attendee>>) -> Self {
        Self::Conflicts(conflicts)
    }
}

/// Whose details are written over those of whoever sits on a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Intent {
    /// Nobody said: who is plainly the same person is corrected, anybody else is swapped in, so that
    /// nothing of one person passes to another.
    #[default]
    Unsaid,
    /// Her own.
    Correct {
        /// Whether that was said again when neither the name nor the address was hers.
        sure: bool,
    },
    /// Somebody else's.
    Swap,
}

/// Who comes, as typed.
#[derive(Debug, Clone)]
pub struct AttendeeChange {
    /// The details. Who is responsible for somebody under 18 is kept in a correction that names nobody.
    pub attendee: Attendee,
    /// Whose they are.
    pub intent: Intent,
    /// What the form was drawn from; without it, what is there now (V1).
    pub drawn: Option<Drawn>,
    /// Whether the needs are not part of it: what is known stays, and a newcomer has none.
    pub without_needs: bool,
    /// Whether she was said to be somebody else than her namesake on the session.
    pub apart: bool,
    /// Why she should come though she has not done what comes first.
    pub nomination: Option<Paragraph>,
}

impl From<Attendee> for AttendeeChange {
    fn from(attendee: Attendee) -> Self {
        Self {
            attendee,
            intent: Intent::Unsaid,
            drawn: None,
            without_needs: false,
            apart: false,
            nomination: None,
        }
    }
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// Somebody else comes.
    Replaced {
        /// Who was to come; `None` while the name was to follow.
        old: Option<String>,
        /// Who comes now.
        new: String,
    },
    /// The same person, with other details.
    Edited {
        /// Who.
        name: String,
    },
}

/// Writes who sits on a place: corrects, swaps, or names somebody where the name was to follow.
///
/// # Errors
/// [`ChangeError`], in which case nothing changed.
pub async fn change_attendee(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    place: PlaceId,
    change: impl Into<AttendeeChange>,
) -> Result<Changed, ChangeError> {
    let change = change.into();
    let mut tx = ctx.store.begin().await?;
    let (mut opened, now) = open(ctx, &mut tx, id, place).await?;
    let (attendee, changes) = change.merged(&mut opened, &now).await?;
    if !change.apart {
        not_there_yet(&mut opened, actor, &now, &attendee).await?;
    }
    let changed = match &now.attendee {
        None => {
            change.prepared(&mut opened, actor, &now, &attendee).await?;
            name(ctx, &mut opened, actor, &now, &attendee).await?;
            Changed::Replaced { old: None, new: attendee.name.to_string() }
        }
        Some(before) if is_the_same(before, &attendee, change.intent)? => {
            let name = attendee.name.to_string();
            correct(ctx, &mut opened, actor, &now, (before, attendee, changes)).await?;
            Changed::Edited { name }
        }
        Some(before) => {
            if door::was_there(&mut opened.locked, now.id).await? {
                return Err(ChangeError::CheckedIn { name: before.name.clone() });
            }
            change.prepared(&mut opened, actor, &now, &attendee).await?;
            let new = attendee.name.to_string();
            swap(ctx, &mut opened, actor, &now, (before, attendee)).await?;
            Changed::Replaced { old: Some(before.name.to_string()), new }
        }
    };
    tx.commit().await?;
    Ok(changed)
}

impl AttendeeChange {
    /// Makes sure that a newcomer has done what comes first, or that a word is said for her, which the
    /// office reads; the place is kept either way (B6). Whoever takes a call has asked, and who is asked for
    /// is decided on anyway.
    async fn prepared(
        &self,
        opened: &mut Opened<'_>,
        actor: &Actor,
        place: &Place,
        newcomer: &Attendee,
    ) -> Result<(), ChangeError> {
        let vouches = matches!(actor, Actor::Staff(_) | Actor::CommandLine);
        if vouches || place.state.status() == PlaceStatus::Requested {
            return Ok(());
        }
        let Opened { locked, session, registration } = opened;
        let stands = meet(locked, session, &[Some(newcomer)], registration.sender.code()).await?;
        let unclear = match stands.first() {
            None | Some(Preparation::Done) => return Ok(()),
            Some(stands) => *stands == Preparation::Unclear,
        };
        match &self.nomination {
            Some(why) => Ok(registrations::say_why(locked, registration, newcomer, why).await?),
            None => {
                let courses = session.course.prerequisites.iter();
                let courses = courses.map(|one| one.title.clone()).collect();
                Err(ChangeError::Lacking { name: newcomer.name.clone(), unclear, courses })
            }
        }
    }

    /// Who comes, with what she cannot say here as it is known of whoever sits there.
    fn read(&self, known: &Attendee) -> Attendee {
        let mut typed = self.attendee.clone();
        if self.without_needs {
            (typed.dietary, typed.access) = (known.dietary.clone(), known.access.clone());
            typed.ticks = known.ticks;
        }
        typed.guardian = typed.guardian.or_else(|| known.guardian.clone());
        typed
    }

    /// The same with what others changed since the form was drawn (V1), and what it changes.
    async fn merged(
        &self,
        opened: &mut Opened<'_>,
        place: &Place,
    ) -> Result<(Attendee, Vec<edit::Change>), ChangeError> {
        let Some(known) = &place.attendee else { return Ok((self.attendee.clone(), Vec::new())) };
        let typed = self.read(known);
        match merge_in(opened, known, &typed, self.drawn.as_ref()).await {
            // What she needs is no matter of dispute when somebody else comes.
            Err(ChangeError::Conflicts(found)) if self.swaps(known, &typed) => {
                let are_needs = |key: &str| matches!(key, "diet" | "access" | "guardian");
                if found.fields.iter().all(|one| are_needs(&one.key)) {
                    Ok((found.hers, Vec::new()))
                } else {
                    Err(ChangeError::Conflicts(found))
                }
            }
            merged => merged,
        }
    }

    fn swaps(&self, known: &Attendee, typed: &Attendee) -> bool {
        is_the_same(known, typed, self.intent).is_ok_and(|same| !same)
    }
}

/// What was typed over what is known, with what others changed since the form was drawn.
pub(super) async fn merge_in(
    opened: &mut Opened<'_>,
    known: &Attendee,
    typed: &Attendee,
    drawn: Option<&Drawn>,
) -> Result<(Attendee, Vec<edit::Change>), ChangeError> {
    let Opened { locked, session, registration } = opened;
    let edited = Edited::Booking(registration.id);
    let states = States { drawn, present: known, sent: typed };
    let Merged { record, changes } =
        merged::<_, ChangeError>(locked, &edited, states, session.zone()).await?;
    Ok((record, changes))
}

/// Makes sure that whoever is named now is not on the session already by another place.
async fn not_there_yet(
    opened: &mut Opened<'_>,
    actor: &Actor,
    place: &Place,
    attendee: &Attendee,
) -> Result<(), ChangeError> {
    let Opened { locked, registration, .. } = opened;
    let same = |known: &Attendee| known.name == attendee.name && known.email == attendee.email;
    if place.attendee.as_ref().is_some_and(same) {
        return Ok(());
    }
    let asked = NamedPeople {
        own: Some(registration.id),
        place: Some(place.id),
        ..NamedPeople::new([(place.number, Some(attendee))], registration.sender.code(), &[])
    };
    let found = already_there(locked, actor, &asked).await?;
    if found.is_empty() { Ok(()) } else { Err(ChangeError::AlreadyThere(found)) }
}

/// Whether whoever is typed over `before` is she.
fn is_the_same(before: &Attendee, now: &Attendee, intent: Intent) -> Result<bool, ChangeError> {
    let likeness = Likeness::of(before, (&now.name, now.email.as_ref()));
    match (intent, likeness) {
        (Intent::Swap, _) => Ok(false),
        (Intent::Unsaid, likeness) => Ok(likeness == Likeness::Same),
        (Intent::Correct { sure: false }, Likeness::Other) => {
            let (old, new) = (before.name.clone(), now.name.clone());
            Err(ChangeError::SomebodyElse { old, new })
        }
        (Intent::Correct { .. }, _) => Ok(true),
    }
}

/// An open place of a booking whose session still takes changes, with the session locked.
pub(super) async fn open<'a>(
    ctx: &ActionContext,
    tx: &'a mut Tx,
    id: RegistrationId,
    place: PlaceId,
) -> Result<(Opened<'a>, Place), ChangeError> {
    let opened = Opened::lock(tx, id).await?.ok_or(ChangeError::NoSuchPlace)?;
    if !opened.session.accepts_changes_at(ctx.now()) {
        return Err(ChangeError::TooLate);
    }
    let mut places = opened.registration.places.iter();
    let found = places.find(|known| known.id == place && known.state.status().is_open());
    let found = found.cloned().ok_or(ChangeError::NoSuchPlace)?;
    Ok((opened, found))
}

/// Says who comes where the name was to follow.
async fn name(
    ctx: &ActionContext,
    opened: &mut Opened<'_>,
    actor: &Actor,
    place: &Place,
    attendee: &Attendee,
) -> Result<(), StoreError> {
    let Opened { locked, session, registration } = opened;
    places::set_attendee(locked, place.id, attendee).await?;
    let named = Place { attendee: Some(attendee.clone()), ..place.clone() };
    replace(&mut registration.places, place.id, named.clone());
    let mut out = Outgoing::default();
    let telling = Telling::changed(&[]);
    out.reconcile_stored(ctx, locked, (session, registration), telling).await?;
    tell_of_somebody_new(ctx, opened, actor, out, (None, &named)).await
}

/// Puts a place in the stead of another of the booking.
pub(super) fn replace(places: &mut [Place], old: PlaceId, new: Place) {
    if let Some(known) = places.iter_mut().find(|known| known.id == old) {
        *known = new;
    }
}

/// Tells the leader who comes now, in one letter with what her own calendar is told, and the log.
pub(super) async fn tell_of_somebody_new(
    ctx: &ActionContext,
    opened: &mut Opened<'_>,
    actor: &Actor,
    mut out: Outgoing,
    (old, new): (Option<(PlaceId, &Attendee)>, &Place),
) -> Result<(), StoreError> {
    let Opened { locked, session, registration } = opened;
    let named = new.attendee.as_ref().map_or("", |attendee| attendee.name.as_str());
    let before = old.map(|(_, old)| old.name.as_str());
    let about = (&*session, &*registration);
    out.tell_leader(ctx, about, LetterKind::AttendeeChanged, |(session, registration), url| {
        letters::attendee_changed(&ctx.letterhead, session, registration, before, named, url)
    });
    if let Some((place, _)) = old {
        out.had_place(place);
    }
    out.write(ctx, locked).await?;
    let subject = Subject { place: Some(new.id), ..Subject::of(registration) };
    let told = (AuditAction::AttendeeReplaced, subject);
    record_changes(ctx, locked, actor, told, (None, Vec::new())).await
}
