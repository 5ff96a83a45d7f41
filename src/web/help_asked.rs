//! Asking for help, by whoever comes or by whoever booked for her: what is shown, and what was typed.

use chrono_tz::Tz;
use rocket::http::Status;

use crate::{
    actions::help_requests::ask::{AskHelpError, ask_for_help, take_back_help},
    domain::{
        audit::Actor,
        help_amount::{AmountFault, amount as read_amount},
        help_request::{HelpKind, HelpState, HelpWanted, MOST_CHILDREN},
        id::{PlaceId, RegistrationId},
        session::{Publication, Session},
        text::{Name, Paragraph},
        wording,
    },
    store::{
        Conn, StoreError, help_offers,
        help_requests::{self, HelpSeen},
    },
    web::{
        Desk,
        asked::{self, Unusable},
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        words::in_words,
    },
};

form_fields! {
    /// What is asked; `Kind` is where a fault of the whole stands.
    pub enum HelpField {
        Kind = "kind",
        Children = "children",
        Ages = "ages",
        Hours = "hours",
        Language = "language",
        From = "from",
        How = "how",
        Amount = "amount",
        Why = "why",
        Depends = "depends",
    }
}

/// One kind of help, as whoever asks sees it.
pub struct KindLine {
    pub kind: HelpKind,
    /// What the organiser says about it.
    pub words: Option<Name>,
    pub is_offered: bool,
    /// What is asked, if anything is.
    pub seen: Option<HelpSeen>,
    /// The clock of the session.
    zone: Tz,
    /// Whether the session is called off.
    is_off: bool,
}

impl KindLine {
    fn state(&self) -> Option<HelpState> {
        self.seen.as_ref().map(|seen| seen.request.state)
    }

    /// Whether it can be asked for, or asked otherwise.
    pub fn can_ask(&self) -> bool {
        match self.state() {
            None | Some(HelpState::Withdrawn) => self.is_offered,
            Some(state) => state.is_undecided(),
        }
    }

    /// Whether there is something to take back.
    pub fn can_take_back(&self) -> bool {
        let Some(seen) = &self.seen else { return false };
        let (state, paid) = (seen.request.state, &seen.request.paid);
        state.is_undecided() || (state == HelpState::Granted && paid.is_none())
    }

    pub fn asks(&self) -> bool {
        self.state().is_some_and(HelpState::is_undecided)
    }

    /// Where it stands, in words.
    pub fn standing(&self) -> Option<String> {
        let seen = self.seen.as_ref()?;
        let request = &seen.request;
        let on = |at| wording::past_moment(at, self.zone);
        Some(match request.state {
            HelpState::Asked | HelpState::Later if self.is_off => {
                "Closed: the session is called off.".to_owned()
            }
            HelpState::Asked | HelpState::Later if !seen.is_coming => {
                "Closed: the place was given up.".to_owned()
            }
            HelpState::Asked | HelpState::Later => {
                format!("Asked on {}. The organisers have not decided yet.", on(request.changed_at))
            }
            HelpState::Granted => {
                let amount = request.granted_words();
                let amount = amount.map_or_else(String::new, |amount| format!(": {amount}"));
                match &request.paid {
                    Some(paid) => format!("Granted{amount}. Paid on {}.", wording::date(paid.on)),
                    None => format!("Granted{amount}."),
                }
            }
            HelpState::Refused => "The organisers said no.".to_owned(),
            HelpState::Withdrawn => format!("Taken back on {}.", on(request.changed_at)),
        })
    }

    /// Why it was refused.
    pub fn reason(&self) -> Option<&str> {
        self.seen.as_ref()?.request.reason.as_ref().map(Paragraph::as_str)
    }
}

/// What is asked with one place, and the form that is open.
pub struct HelpAsking {
    pub lines: Vec<KindLine>,
    /// Whose form is shown.
    pub chosen: Option<HelpKind>,
    /// What she is asked whether to take back.
    pub leaving: Option<HelpKind>,
    pub form: FormState<HelpField>,
    /// Whether anything can still be asked.
    pub can_change: bool,
    pub notice: Option<&'static str>,
    pub status: Status,
}

/// What stands behind the question mark.
#[derive(Debug, rocket::FromForm)]
pub struct AskedHelp<'r> {
    kind: Option<&'r str>,
    leave: Option<&'r str>,
    done: Option<&'r str>,
}

/// A place, as far as help is concerned.
pub struct OfPlace<'a> {
    pub session: &'a Session,
    pub registration: RegistrationId,
    pub place: PlaceId,
    /// Whether the place is open, and somebody named on it.
    pub is_open: bool,
}

/// Whether help can be asked for with these places, or was.
pub async fn helps(
    conn: &mut Conn,
    session: &Session,
    places: &[PlaceId],
) -> Result<bool, StoreError> {
    if !help_offers::of_session(conn, &session.code).await?.offers.is_empty() {
        return Ok(true);
    }
    for place in places {
        if !help_requests::of_place(conn, *place).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn lines(conn: &mut Conn, of: &OfPlace<'_>) -> Result<Vec<KindLine>, StoreError> {
    let offered = help_offers::of_session(conn, &of.session.code).await?.offers;
    let mut asked = help_requests::of_place(conn, of.place).await?;
    let mut lines = Vec::new();
    for kind in HelpKind::ALL {
        let offer = offered.iter().find(|one| one.kind == *kind);
        let seen = asked.iter().position(|one| one.request.wanted.kind == *kind);
        let seen = seen.map(|at| asked.swap_remove(at));
        if offer.is_some() || seen.is_some() {
            lines.push(KindLine {
                kind: *kind,
                words: offer.and_then(|one| one.words.clone()),
                is_offered: offer.is_some(),
                seen,
                zone: of.session.zone(),
                is_off: matches!(of.session.publication, Publication::Cancelled { .. }),
            });
        }
    }
    Ok(lines)
}

/// The form with what is asked already.
fn filled(wanted: &HelpWanted) -> FormState<HelpField> {
    let mut form = FormState::default();
    let pence = |pence: u32| format!("{}.{:02}", pence / 100, pence % 100);
    let said = |text: &Option<Name>| text.as_ref().map(ToString::to_string);
    for (field, value) in [
        (HelpField::Amount, wanted.amount.map(pence)),
        (HelpField::Children, wanted.children.map(|one| one.to_string())),
        (HelpField::Ages, said(&wanted.ages)),
        (HelpField::Hours, said(&wanted.hours)),
        (HelpField::Language, said(&wanted.language)),
        (HelpField::From, said(&wanted.from)),
        (HelpField::How, said(&wanted.how)),
        (HelpField::Why, wanted.why.as_ref().map(|why| why.as_str().to_owned())),
        (HelpField::Depends, wanted.depends.then(|| "yes".to_owned())),
    ] {
        form.fill(field, value.unwrap_or_default());
    }
    form
}

/// What is shown of a place: where each kind stands, and the form that was asked for.
pub async fn shown(
    desk: &Desk,
    of: &OfPlace<'_>,
    asked: AskedHelp<'_>,
) -> Result<HelpAsking, Failure> {
    let would = "it is bursary, childcare, interpreter or travel";
    let kind: Option<HelpKind> = asked::one("kind", asked.kind, would)?;
    let leaving: Option<HelpKind> = asked::one("leave", asked.leave, would)?;
    let mut conn = desk.ctx.store.read().await?;
    let lines = lines(&mut conn, of).await?;
    let can_change = of.is_open && of.session.accepts_changes_at(desk.ctx.now());
    // Where there is one thing to ask for, its form is what she came for.
    let only = match lines.as_slice() {
        [one] if one.seen.is_none() && leaving.is_none() => Some(one.kind),
        _ => None,
    };
    let is_there = |kind: &HelpKind| lines.iter().any(|one| one.kind == *kind && one.can_ask());
    let chosen = kind.or(only).filter(|kind| can_change && is_there(kind));
    let there = |kind: &HelpKind| lines.iter().any(|one| one.kind == *kind && one.can_take_back());
    let leaving = leaving.filter(there);
    let known = lines.iter().find(|one| Some(one.kind) == chosen).and_then(|one| one.seen.as_ref());
    let form = known.map_or_else(FormState::default, |seen| filled(&seen.request.wanted));
    let notice = match asked.done {
        Some("asked") => Some("Saved. The organisers decide, and the answer stands here."),
        Some("left") => Some("Taken back."),
        _ => None,
    };
    let status = Status::Ok;
    Ok(HelpAsking { lines, chosen, leaving, form, can_change, notice, status })
}

/// What was typed, if it can be used; otherwise what is wrong stands beside its field.
fn typed(kind: HelpKind, form: &mut FormState<HelpField>) -> Option<HelpWanted> {
    let mut wanted = HelpWanted::of(kind);
    if kind.takes_amount() {
        match read_amount(form.value(HelpField::Amount)) {
            Ok(pence) => wanted.amount = Some(pence),
            Err(AmountFault::Missing) if !kind.needs_amount() => {}
            Err(fault) => form.fault(HelpField::Amount, fault.to_string()),
        }
    }
    match kind {
        HelpKind::Bursary => {}
        HelpKind::Childcare => {
            let words = format!("Enter how many children, from 1 to {MOST_CHILDREN}");
            wanted.children = form.count(HelpField::Children, 1..=MOST_CHILDREN, &words);
            wanted.ages = form.line(HelpField::Ages, "how old they are");
            wanted.hours = form.line(HelpField::Hours, "from when to when");
        }
        HelpKind::Interpreter => {
            wanted.language = form.line(HelpField::Language, "the language");
        }
        HelpKind::Travel => {
            wanted.from = form.line(HelpField::From, "where you come from");
            wanted.how = form.line(HelpField::How, "how you travel");
        }
    }
    wanted.why = form.paragraph(HelpField::Why, "why");
    wanted.depends = matches!(form.value(HelpField::Depends), "yes" | "1" | "on" | "true");
    form.is_valid().then_some(wanted)
}

/// What came of a form.
pub enum Sent {
    /// Something was done: the word for the notice.
    Done(&'static str),
    /// The form, with what is wrong.
    Again(HelpAsking),
}

/// Takes what was sent: asking, or taking back.
pub async fn sent(
    desk: &Desk,
    actor: &Actor,
    of: &OfPlace<'_>,
    fields: &Fields,
) -> Result<Sent, Failure> {
    let whose = (of.registration, of.place);
    let mut conn = desk.ctx.store.read().await?;
    let lines = lines(&mut conn, of).await?;
    drop(conn);
    let kind = match (fields.of(HelpField::Kind).trim(), lines.as_slice()) {
        ("", [one]) => one.kind,
        (word, _) => word.parse().map_err(|_| {
            Unusable::new("kind", word, "it is bursary, childcare, interpreter or travel")
        })?,
    };
    if fields.is("action", "withdraw") {
        return match take_back_help(&desk.ctx, actor, whose, kind).await {
            Ok(_) => Ok(Sent::Done("left")),
            Err(error) => Err(error.into()),
        };
    }
    let mut form = FormState::sent(fields);
    let mut status = Status::UnprocessableEntity;
    if let Some(wanted) = typed(kind, &mut form) {
        match ask_for_help(&desk.ctx, actor, whose, &wanted).await {
            Ok(()) => return Ok(Sent::Done("asked")),
            Err(error @ (AskHelpError::Decided(_) | AskHelpError::NotOffered)) => {
                status = Status::Conflict;
                form.fault(HelpField::Kind, in_words(&error.to_string()));
            }
            Err(error) => return Err(error.into()),
        }
    }
    let can_change = of.is_open && of.session.accepts_changes_at(desk.ctx.now());
    let (chosen, leaving, notice) = (Some(kind), None, None);
    Ok(Sent::Again(HelpAsking { lines, chosen, leaving, form, can_change, notice, status }))
}
