//! The rows of a list of sessions, under headings.

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        catalogue_filter::{CatalogueFilter, Month},
        postcode::Nearness,
        series::{Bookable, ListRow},
        session::Session,
        wording,
    },
    web::{
        paths::{self, Href},
        public::{listed::can_book, places_words::PlacesWords},
    },
};

/// Rows under one heading.
#[derive(Debug, Clone)]
pub struct Group {
    /// Where jumps lead, such as `m2027-01`.
    pub id: String,
    pub heading: String,
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Clone)]
pub enum Row {
    /// A session.
    Once(Box<Session>, PlacesWords),
    /// The same every week.
    Weekly(Weekly),
}

/// The same evening every week, with its dates.
#[derive(Debug, Clone)]
pub struct Weekly {
    /// The first of them.
    pub first: Box<Session>,
    /// `Every Thursday`, or `Thursdays` where a week is left out.
    pub day: String,
    /// Each date with where it leads and whether it can be booked.
    pub dates: Vec<(String, Href, bool)>,
    /// Where they can be booked as one, if all of them are of one series; and whether only so.
    pub together: Option<(Href, bool)>,
}

impl Weekly {
    fn of(sessions: &[&Session], now: DateTime<Utc>) -> Option<Self> {
        let first = sessions.first()?;
        let days: Vec<_> =
            sessions.iter().filter_map(|one| Some(one.sittings.first()?.starts.date())).collect();
        let is_each = days.windows(2).all(|pair| (pair[1] - pair[0]).num_days() == 7);
        let name = days.first()?.format("%A");
        let day = if is_each { format!("Every {name}") } else { format!("{name}s") };
        let date = |session: &&Session| {
            let day = session.sittings.first()?.starts.date();
            let href = paths::public::session(&session.code);
            Some((day.format("%-d %b").to_string(), href, can_book(session, now)))
        };
        let dates = sessions.iter().filter_map(date).collect();
        let series = first.series.as_ref();
        let series =
            series.filter(|one| sessions.iter().all(|other| other.series.as_ref() == Some(*one)));
        let together = series.filter(|_| sessions.iter().any(|one| can_book(one, now)));
        let together =
            together.map(|one| (paths::public::series(&one.id), one.bookable == Bookable::Whole));
        Some(Self { first: Box::new((*first).clone()), day, dates, together })
    }

    /// `8 of 10 dates have places`.
    pub fn open(&self) -> String {
        let open = self.dates.iter().filter(|(_, _, open)| *open).count();
        let dates = wording::count(self.dates.len(), "date", "dates");
        if open == self.dates.len() {
            format!("{dates} with places")
        } else {
            format!("{open} of {dates} with places")
        }
    }

    /// Whether any date can be booked.
    pub fn is_open(&self) -> bool {
        self.dates.iter().any(|(_, _, open)| *open)
    }
}

/// Rows under the months they begin in; or, where what is near comes first, under how far away it is.
pub fn grouped<'a>(
    told: impl Iterator<Item = ListRow<'a>>,
    (filter, all): (&CatalogueFilter, &[Session]),
    now: DateTime<Utc>,
) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for one in told {
        let Some(first) = one.first() else { continue };
        let heading = match &filter.near {
            Some(near) => distance(near.nearness(first, all)),
            None => {
                let Some(day) = first.sittings.first() else { continue };
                let month = Month::of(day.starts.date());
                (format!("m{}", month.code()), month.name())
            }
        };
        let row = match one {
            ListRow::Once(session) => {
                Some(Row::Once(Box::new(session.clone()), PlacesWords::of(session, now)))
            }
            ListRow::Weekly(sessions) => Weekly::of(&sessions, now).map(Row::Weekly),
        };
        match groups.iter_mut().find(|group| group.id == heading.0) {
            Some(group) => group.rows.extend(row),
            None => {
                let (id, heading) = heading;
                groups.push(Group { id, heading, rows: Vec::from_iter(row) });
            }
        }
    }
    groups
}

fn distance(nearness: Nearness) -> (String, String) {
    let (id, heading) = match nearness {
        Nearness::Here => ("here", "Closest"),
        Nearness::Close => ("close", "Within about 15 miles"),
        Nearness::Region => ("region", "Within about 50 miles"),
        Nearness::Far => ("far", "Further away"),
        Nearness::Unknown => ("anywhere", "Online, or where no postcode is known"),
    };
    (id.to_owned(), heading.to_owned())
}
