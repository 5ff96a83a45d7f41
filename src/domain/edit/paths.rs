//! A path, field by field. What counts on it is told with it, so that a change of either meets the other.

use chrono_tz::Tz;

use super::{Field, Keys, Part, Record, Shown};
use crate::domain::path::{Hours, Path, PathCourse, PathRules};

record! {
    Path fixed(slug) whole(rules) {
        name: "name", "Name";
        about: "about", "What it is for";
        alliance: "alliance", "Alliance";
        quiet_months: "quiet_months", "Months until somebody has stopped coming";
    }
}

record! {
    PathRules {
        training: "training", "Hours of training";
        action: "action", "Hours of action";
        courses: "courses", "Courses";
        in_order: "in_order", "Required courses in order";
        repeats: "repeats", "A course done again counts again";
        actions: "actions", "Actions that count";
    }
}

impl Shown for Hours {
    fn shown(&self, _: Tz) -> String {
        self.to_string()
    }
}

/// In the order of the path.
impl Shown for Vec<PathCourse> {
    fn shown(&self, _: Tz) -> String {
        let one = |course: &PathCourse| match course.is_required {
            true => format!("{} (required)", course.title),
            false => course.title.clone(),
        };
        self.iter().map(one).collect::<Vec<_>>().join("; ")
    }
}
