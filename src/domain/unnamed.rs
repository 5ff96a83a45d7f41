//! What a copy of a session takes over though no plan names it.

use super::{reply::OnDecline, session::Session};

/// The settings that a copy takes over though a plan does not name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unnamed {
    /// See [`Session::on_decline`].
    pub on_decline: OnDecline,
}

impl Unnamed {
    /// What a copy of a session keeps. The session is taken apart without a rest: whoever gives it another
    /// setting must say here whether a plan names it or a copy keeps it.
    pub fn of(session: &Session) -> Self {
        let Session {
            on_decline,
            // A copy joins the series only where it is repeated.
            series: _,
            // A copy is another session, on other days, which nobody has booked.
            code: _,
            occupancy: _,
            publication: _,
            sittings: _,
            booking_opens: _,
            booking_closes: _,
            changes_close: _,
            // The plan names them.
            course: _,
            alliance: _,
            location: _,
            venue: _,
            access: _,
            places_per_institution: _,
            places_per_booking: _,
            mode: _,
            waiting_list: _,
            admission: _,
            trainers: _,
            note: _,
            words: _,
            aims: _,
            overnight: _,
            // They are kept on that session.
            reserves: _,
            // It has a budget of that session.
            helps: _,
        } = session;
        Self { on_decline: *on_decline }
    }
}
