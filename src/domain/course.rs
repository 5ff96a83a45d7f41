//! What is taught.

use chrono::NaiveDate;

use super::{contact::EmailAddress, id::CourseSlug, page_words::CourseWords, text::Name};

/// A course: what is taught, and what one should have attended before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Its short name in URLs.
    pub slug: CourseSlug,
    /// The name people know it by, shown wherever a session of it is.
    pub title: String,
    /// One or two sentences about it.
    pub summary: String,
    /// The campaign it serves, such as `living-wage`.
    pub campaign: String,
    /// Learning time that counts towards the certificate, in minutes.
    pub learning_minutes: u32,
    /// How many places a new session of it starts with.
    pub default_capacity: u32,
    /// Courses to have attended before this one.
    pub prerequisites: Vec<Prerequisite>,
    /// Whether a place for somebody under 18 needs a guardian's name and contact.
    pub needs_guardian: bool,
    /// What it says of itself beyond its summary.
    pub words: CourseWords,
}

impl Course {
    /// The learning time, in minutes, of somebody who attended so many of a session's sittings.
    pub fn learning_minutes_of(&self, attended: usize, sittings: usize) -> u32 {
        let share = |count: usize| u64::try_from(count.min(sittings)).unwrap_or(0);
        let minutes = u64::from(self.learning_minutes) * share(attended);
        let minutes = minutes.checked_div(share(sittings)).unwrap_or(0);
        u32::try_from(minutes).unwrap_or(self.learning_minutes)
    }
}

/// A course to have attended before another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prerequisite {
    /// The course to attend first.
    pub slug: CourseSlug,
    /// The name people know it by, shown wherever a session of it is.
    pub title: String,
}

/// That somebody did a course: known from the door of our sessions, or from files of earlier years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseAttendance {
    /// The course that was done.
    pub course: CourseSlug,
    /// Who, as written down then.
    pub name: Name,
    /// The address that tells it is the same person (B7).
    pub email: EmailAddress,
    /// The last day of it.
    pub attended_on: NaiveDate,
}

#[cfg(test)]
mod tests {
    use crate::domain::samples;

    #[test]
    fn whoever_comes_to_a_part_of_a_course_learns_for_a_part_of_its_time() {
        let mut course = samples::course("Listening well");
        course.learning_minutes = 600;
        let learned = [(0, 6), (1, 6), (5, 6), (6, 6), (7, 6), (1, 0)]
            .map(|(attended, sittings)| course.learning_minutes_of(attended, sittings));
        assert_eq!(learned, [0, 100, 500, 600, 600, 0]);
    }
}
