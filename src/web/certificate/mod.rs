//! What a certificate of attendance says, and to whom one is due.

pub mod lettering;
pub mod pdf;
pub mod transcript;

use crate::{
    domain::{
        attendance::{certificates_ready, did_course},
        certificate_number::CertificateNumber,
        id::PlaceId,
        path::Hours,
        session::Session,
        wording,
    },
    store::{StoreError, certificates, door},
    web::{
        Desk,
        path_view::{PathView, organisation},
        paths,
    },
};

/// Whether a session's certificates are ready.
pub async fn is_ready(desk: &Desk, session: &Session) -> Result<bool, StoreError> {
    let mut conn = desk.ctx.store.read().await?;
    let last_closed = door::last_is_closed(&mut conn, &session.code).await?;
    Ok(certificates_ready(session, last_closed, desk.ctx.now()))
}

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Who attended.
    pub name: String,
    /// What.
    pub course: String,
    /// When: the days of the session.
    pub days: String,
    /// Where.
    pub place: String,
    /// `2 of 2 days, 12 hours of learning`.
    pub extent: String,
    /// Who ran it.
    pub alliance: String,
    /// Who led it.
    pub trainers: String,
    /// `34 hours of learning with us so far`, where that is more than this.
    pub so_far: Option<String>,
    /// Its number, and where anybody can ask whether it is true.
    pub check: Option<Check>,
    /// What it is called, and what it says she did: `took part in`.
    pub kind: Kind,
}

/// What a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// A session.
    #[default]
    Attendance,
    /// A path.
    Path,
}

impl Kind {
    /// Its heading.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Attendance => "Certificate of attendance",
            Self::Path => "Certificate",
        }
    }

    /// What stands between the name and what was done.
    pub const fn did(self) -> &'static str {
        match self {
            Self::Attendance => "took part in",
            Self::Path => "has finished the path",
        }
    }
}

impl Certificate {
    /// The certificate of somebody who attended enough.
    pub fn of(session: &Session, name: &str, attended: Attended) -> Self {
        let trainers: Vec<&str> = session.trainers.iter().map(|one| one.name.as_str()).collect();
        Self {
            name: name.to_owned(),
            course: session.course.title.clone(),
            days: wording::days(session),
            place: session.location.public_line(),
            extent: attended.words(),
            alliance: session.alliance.name.clone(),
            trainers: wording::list(&trainers),
            so_far: None,
            check: None,
            kind: Kind::Attendance,
        }
    }

    /// The certificate of a path that is finished.
    pub fn of_path(desk: &Desk, name: &str, view: &PathView) -> Option<Self> {
        let finished = view.on.finished.as_ref()?;
        let [training, action] =
            [view.tally.training, view.tally.action].map(|one| Hours(one).words());
        Some(Self {
            name: name.to_owned(),
            course: view.name.clone(),
            days: wording::long_date(finished.at.date_naive()),
            place: String::new(),
            extent: format!("{training} of training and {action} of action"),
            alliance: organisation(desk).to_owned(),
            trainers: String::new(),
            so_far: None,
            check: Some(Check::of(desk, &finished.number)),
            kind: Kind::Path,
        })
    }

    /// The same with its number, and what else whoever has the place learnt.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn numbered(
        self,
        desk: &Desk,
        (place, number): (PlaceId, Option<&CertificateNumber>),
        attended: Attended,
    ) -> Result<Self, StoreError> {
        let mut conn = desk.ctx.store.read().await?;
        let minutes = certificates::learning_minutes(&mut conn, place).await?;
        let so_far = (minutes > attended.minutes)
            .then(|| format!("{} of learning with us so far", wording::duration(minutes)));
        let check = number.map(|number| Check::of(desk, number));
        Ok(Self { so_far, check, ..self })
    }
}

/// How anybody can ask whether a certificate is true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its number.
    pub number: String,
    /// The page that confirms it.
    pub at: String,
}

impl Check {
    /// That of a number.
    fn of(desk: &Desk, number: &CertificateNumber) -> Self {
        let base = &desk.ctx.letterhead.base_url;
        Self {
            at: format!("{base}{}", paths::public::certificate(number)),
            number: number.to_string(),
        }
    }
}

/// How many of its days somebody came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attended {
    /// So many.
    pub days: usize,
    /// Of so many.
    pub of: usize,
    /// The learning time it is worth, in minutes.
    pub minutes: u32,
}

impl Attended {
    /// What `days` days of a session are worth.
    pub fn of(session: &Session, days: usize) -> Self {
        let of = session.sittings.len();
        Self { days, of, minutes: session.course.learning_minutes_of(days, of) }
    }

    /// Whether a certificate is due: more than half of the days.
    pub fn is_enough(self) -> bool {
        did_course(self.days, self.of)
    }

    /// `2 of 2 days, 12 hours of learning`.
    pub fn words(self) -> String {
        let days = format!("{} of {}", self.days, wording::count(self.of, "day", "days"));
        match self.minutes {
            0 => days,
            minutes => format!("{days}, {} of learning", wording::duration(minutes)),
        }
    }
}
