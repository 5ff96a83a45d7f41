//! Bookings as they came in, whichever session they are for.

use super::{
    Conn, StoreError, Window,
    booking_search::{FoundBooking, FoundRow, with_places},
    organisers_lists,
};
use crate::domain::id::StaffLogin;

/// All bookings in the order of the list.
macro_rules! walked {
    ($narrowed:literal) => {
        concat!(
            "select r.id, r.session, r.booked_at from registrations r
             where r.booked_at is not null and r.erased_at is null and ",
            $narrowed
        )
    };
}

/// Those of an organiser's sessions: an index has each session's.
macro_rules! of_alliances {
    ($database:ident) => {
        through_her_sessions!($database, "$1", "r.id, r.session, r.booked_at",
            "registrations" as "r", "r.booked_at is not null and r.erased_at is null")
    };
}

/// The bookings first and their sessions then, so that no database begins with every session.
macro_rules! latest {
    ($found:expr, $window:literal) => {
        concat!(
            "with latest as materialized (",
            $found,
            " order by r.booked_at desc, r.id ",
            $window,
            ")
         select l.id, l.session, c.title, a.name as alliance,
             (select t.zone from sittings t where t.session = l.session
              order by t.number limit 1) as zone,
             (select min(t.starts_at) from sittings t where t.session = l.session) as starts_at
         from latest l join sessions s on s.code = l.session
         join courses c on c.slug = s.course join alliances a on a.slug = s.alliance
         order by l.booked_at desc, l.id"
        )
    };
}

statements! {
    LATEST: FoundRow = latest!(walked!("true"), "limit $1 offset $2"),
        reads_all: "walks an index until the page ends";

    /// For an organiser's first pages, where much is hers.
    WALKED_OF_ALLIANCES: FoundRow = latest!(
        walked!("exists (select 1 from sessions s join staff_alliances a on a.alliance = s.alliance
                     where s.code = r.session and a.login = $1)"),
        "limit $2 offset $3");

    SORTED_OF_ALLIANCES: FoundRow = {
        sqlite: latest!(of_alliances!(sqlite), "limit $2 offset $3"),
        postgres: latest!(of_alliances!(postgres), "limit $2 offset $3"),
    };

    /// How many are hers, as far as that matters for which way is shorter.
    LENGTH_OF_ALLIANCES: i64 = {
        sqlite: concat!("select count(*) from (", of_alliances!(sqlite), " limit 100000) c"),
        postgres: concat!("select count(*) from (", of_alliances!(postgres), " limit 100000) c"),
    };
}

/// A part of all bookings, those that came in last first; with `within`, those of that organiser's alliances.
pub async fn latest(
    conn: &mut Conn,
    within: Option<&StaffLogin>,
    window: Window,
) -> Result<Vec<FoundBooking>, StoreError> {
    let Window { limit, offset } = window;
    let Some(login) = within.map(StaffLogin::as_str) else {
        let found = LATEST.all(conn, [limit, offset]).await?;
        return with_places(conn, found).await;
    };
    let hers = LENGTH_OF_ALLIANCES.value(conn, [login]).await?;
    let found = match organisers_lists::is_walked(conn, login, window, hers).await? {
        true => WALKED_OF_ALLIANCES.all(conn, (login, limit, offset)).await?,
        false => SORTED_OF_ALLIANCES.all(conn, (login, limit, offset)).await?,
    };
    with_places(conn, found).await
}
