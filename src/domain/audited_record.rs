//! Records that are neither a session nor part of a booking, as the log names them.

use std::fmt;

use super::id::{
    AllianceSlug, CourseSlug, InstitutionCode, PathSlug, PersonId, QuestionCode, StaffLogin,
    VenueId,
};

/// A record that is neither a session nor part of a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditedRecord {
    /// A local chapter.
    Alliance(AllianceSlug),
    /// What is taught.
    Course(CourseSlug),
    /// A member institution.
    Institution(InstitutionCode),
    /// A venue.
    Venue(VenueId),
    /// A question of a course or a session.
    Question(QuestionCode),
    /// A path to a certificate.
    Path(PathSlug),
    /// Somebody we know.
    Person(PersonId),
    /// A staff account.
    Account(StaffLogin),
}

impl fmt::Display for AuditedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alliance(slug) => write!(f, "alliance:{slug}"),
            Self::Course(slug) => write!(f, "course:{slug}"),
            Self::Institution(code) => write!(f, "institution:{code}"),
            Self::Venue(id) => write!(f, "venue:{id}"),
            Self::Question(code) => write!(f, "question:{code}"),
            Self::Path(slug) => write!(f, "path:{slug}"),
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Account(login) => write!(f, "account:{login}"),
        }
    }
}

impl std::str::FromStr for AuditedRecord {
    type Err = super::vocabulary::UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, key) = text.split_once(':').unwrap_or((text, ""));
        let record = match kind {
            "alliance" => key.parse().ok().map(Self::Alliance),
            "course" => key.parse().ok().map(Self::Course),
            "institution" => key.parse().ok().map(Self::Institution),
            "venue" => key.parse().ok().map(Self::Venue),
            "question" => key.parse().ok().map(Self::Question),
            "path" => key.parse().ok().map(Self::Path),
            "person" => key.parse().ok().map(Self::Person),
            "account" => key.parse().ok().map(Self::Account),
            _ => None,
        };
        record.ok_or_else(|| super::vocabulary::UnknownWord {
            found: text.to_owned(),
            allowed: &[
                "alliance:SLUG",
                "course:SLUG",
                "institution:CODE",
                "venue:ID",
                "question:CODE",
                "path:SLUG",
                "person:ID",
                "account:LOGIN",
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_every_kind_is_read_as_the_log_writes_it() {
        let id = "00000000-0000-0000-0000-000000000001";
        for text in [
            "alliance:citizens-mk".to_owned(),
            "course:two-day".to_owned(),
            "institution:I0001".to_owned(),
            "venue:V001".to_owned(),
            "question:Q0001".to_owned(),
            "path:community-organiser".to_owned(),
            format!("person:{id}"),
            "account:amina.yusuf".to_owned(),
        ] {
            let record: AuditedRecord = text.parse().expect("a record");
            assert_eq!(record.to_string(), text);
        }
        for bad in ["", "course", "course:", "person:Ada", "place:1"] {
            assert!(bad.parse::<AuditedRecord>().is_err(), "{bad}");
        }
    }
}
