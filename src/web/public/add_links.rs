//! Links that copy one sitting into a calendar on the web. They say what anybody may know.

use chrono::SecondsFormat;

use crate::domain::{session::Session, sitting::Sitting};

/// The ways to copy one sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddLinks {
    pub google: String,
    pub outlook: String,
    /// Outlook at work.
    pub office: String,
}

impl AddLinks {
    /// The ways to copy `sitting`, whose session has its page at `url`.
    pub fn to(session: &Session, sitting: &Sitting, url: &str) -> Self {
        let title = match session.sittings.len() {
            0 | 1 => session.course.title.clone(),
            days => format!("{} (day {} of {days})", session.course.title, sitting.number),
        };
        let place = session.location_on(sitting).public_line();
        let wall = |at: chrono::NaiveDateTime| at.format("%Y%m%dT%H%M%S").to_string();
        let dates = format!("{}/{}", wall(sitting.starts), wall(sitting.ends));
        let google = query(&[
            ("action", "TEMPLATE"),
            ("text", &title),
            ("dates", &dates),
            ("ctz", sitting.zone.name()),
            ("details", url),
            ("location", &place),
        ]);
        let instant =
            |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let outlook = query(&[
            ("path", "/calendar/action/compose"),
            ("rru", "addevent"),
            ("subject", &title),
            ("startdt", &instant(sitting.starts_at)),
            ("enddt", &instant(sitting.ends_at)),
            ("body", url),
            ("location", &place),
        ]);
        let compose = |host: &str| format!("https://{host}/calendar/0/deeplink/compose?{outlook}");
        Self {
            google: format!("https://calendar.google.com/calendar/render?{google}"),
            outlook: compose("outlook.live.com"),
            office: compose("outlook.office.com"),
        }
    }
}

/// A query with spaces as `%20`: Outlook shows a plus as a plus.
fn query(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().replace('+', "%20")
}
