//! What hangs on a session beside its plan, and goes with a copy of it.

use super::wording;

/// How many bytes of files are copied at once, at most: whoever plans a year hands files out with the course.
const MOST_COPIED: u64 = 100 * 1024 * 1024;

/// What a copy of a session gets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Belongings {
    /// How many questions of its own.
    pub questions: usize,
    /// How many questions that are asked afterwards.
    pub afterwards: usize,
    /// How many links that are handed out.
    pub links: usize,
    /// How large each file is that is handed out.
    pub files: Vec<u32>,
}

impl Belongings {
    /// Whether its files go to so many copies as well.
    pub fn files_go_to(&self, copies: usize) -> bool {
        let bytes: u64 = self.files.iter().copied().map(u64::from).sum();
        bytes.saturating_mul(u64::try_from(copies).unwrap_or(u64::MAX)) <= MOST_COPIED
    }

    /// `3 questions, 1 question asked afterwards and 2 handouts`; nothing, where there is nothing to copy.
    pub fn in_words(&self, copies: usize) -> Option<String> {
        let files = if self.files_go_to(copies) { self.files.len() } else { 0 };
        let counts = [
            (self.questions, "question", "questions"),
            (self.afterwards, "question asked afterwards", "questions asked afterwards"),
            (self.links + files, "handout", "handouts"),
        ];
        let some = counts.iter().filter(|one| one.0 > 0);
        let words: Vec<_> =
            some.map(|(count, one, more)| wording::count(*count, one, more)).collect();
        (!words.is_empty()).then(|| wording::list(&words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_a_copy_gets_and_leaves_large_files_out_of_many() {
        assert_eq!(Belongings::default().in_words(1), None);
        let one = Belongings { questions: 3, afterwards: 1, links: 1, files: vec![9 << 20] };
        let words = "3 questions, 1 question asked afterwards and 2 handouts";
        assert_eq!(one.in_words(11).as_deref(), Some(words));
        let words = "3 questions, 1 question asked afterwards and 1 handout";
        assert_eq!(one.in_words(12).as_deref(), Some(words));
        assert!(!one.files_go_to(12));
    }
}
