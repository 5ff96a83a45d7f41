//! A session with how it fills.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        fill::Fill,
        id::SessionCode,
        session::{Publication, Session},
        wording,
    },
    store::{Conn, StoreError, sessions, watch},
    web::{
        guard::{Granted, WatchSessions},
        paths::{self, Href},
    },
};

/// A session with how it fills.
#[derive(Debug, Clone)]
pub struct Filling {
    pub session: Session,
    pub fill: Fill,
}

impl Filling {
    /// `21 of 30, and 3 held`, or why nobody can book yet.
    pub fn words(&self) -> String {
        let (fill, capacity) = (self.fill, self.session.occupancy.capacity);
        let mut words = format!("{} of {capacity}", fill.confirmed);
        if fill.held > 0 {
            words.push_str(&format!(", {} held", fill.held));
        }
        if fill.offered > 0 {
            words.push_str(&format!(", {} offered", fill.offered));
        }
        if self.is_full() {
            words.push_str(", full");
        }
        words
    }

    pub fn is_draft(&self) -> bool {
        self.session.publication == Publication::Draft
    }

    pub fn is_cancelled(&self) -> bool {
        matches!(self.session.publication, Publication::Cancelled { .. })
    }

    /// Whether no place is left.
    pub fn is_full(&self) -> bool {
        self.session.occupancy.free() == 0
    }

    /// The bar's two stretches in its 200 units: taken, then kept.
    pub fn bar(&self) -> (String, String) {
        let capacity = f64::from(self.session.occupancy.capacity.max(1));
        let units = |places: u32| {
            let exact = (f64::from(places) * 200.0 / capacity).min(200.0);
            format!("{exact:.1}")
        };
        (units(self.fill.confirmed), units(self.fill.kept()))
    }

    /// Where the office looks after it.
    pub fn href(&self) -> Href {
        paths::office::session(&self.session.code)
    }

    pub fn days(&self) -> String {
        wording::days(&self.session)
    }
}

/// The published sessions somebody watches, soonest first, with how they fill.
pub async fn watched(
    conn: &mut Conn,
    who: &Granted<WatchSessions>,
    now: DateTime<Utc>,
) -> Result<Vec<Filling>, StoreError> {
    let levels: HashMap<SessionCode, Fill> = watch::fill_levels(conn, now).await?;
    let mut all = sessions::ending_after(conn, now).await?;
    all.retain(|session| {
        session.publication == Publication::Published && who.reaches(&session.alliance.slug)
    });
    let fill = |session: &Session| levels.get(&session.code).copied().unwrap_or_default();
    Ok(all.into_iter().map(|session| Filling { fill: fill(&session), session }).collect())
}
