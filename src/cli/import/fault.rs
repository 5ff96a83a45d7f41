//! What must be put right in the files: everything at once, each with its place, in the order in
//! which somebody would look for it.

use std::{cell::RefCell, fmt};

/// Something in a file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file's name.
    pub file: &'static str,
    /// The line as an editor counts it, from 1, the header being 1; `None` for the whole file.
    pub line: Option<u64>,
    /// The column's name, where it is about one cell.
    pub column: Option<&'static str>,
    /// What is wrong, and what would do.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.file)?;
        if let Some(line) = self.line {
            write!(f, " line {line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Everything that must be put right before anything is loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// One by one.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [one] => write!(f, "nothing was loaded; put this right first:\n  {one}"),
            all => {
                write!(f, "nothing was loaded; put these {} faults right first:", all.len())?;
                all.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
            }
        }
    }
}

/// Where the reading of the files writes down what it finds, so that it can go on after a fault.
#[derive(Debug, Default)]
pub(super) struct FaultList(RefCell<Vec<Fault>>);

impl FaultList {
    pub(super) fn add(&self, fault: Fault) {
        self.0.borrow_mut().push(fault);
    }

    /// Nothing, or everything that was found, each file's faults by line.
    pub(super) fn into_result(self) -> Result<(), Faults> {
        let mut faults = self.0.into_inner();
        let mut files: Vec<&str> = Vec::new();
        for fault in &faults {
            if !files.contains(&fault.file) {
                files.push(fault.file);
            }
        }
        faults.sort_by_key(|fault| (files.iter().position(|file| *file == fault.file), fault.line));
        if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
    }
}
