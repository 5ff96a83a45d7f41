//! What backups are called, and which of a folder's are old enough to go.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Duration, Utc};

/// Sorted by name they are sorted by time.
const PATTERN: &str = "turnout-%Y%m%dT%H%M%SZ.tar.gz";

/// The name of the backup that is made at a moment.
pub(super) fn of(moment: DateTime<Utc>) -> String {
    moment.format(PATTERN).to_string()
}

/// Where a backup lies while it is written.
pub(super) fn part(file: &Path) -> PathBuf {
    beside(file, ".", ".part")
}

/// Where the copy of the database lies meanwhile.
pub(super) fn database_part(file: &Path) -> PathBuf {
    beside(file, ".", ".database.part")
}

/// A name beside a file's, on the same disk.
pub(super) fn beside(file: &Path, before: &str, after: &str) -> PathBuf {
    let mut name = OsString::from(before);
    name.push(file.file_name().unwrap_or_default());
    name.push(after);
    file.with_file_name(name)
}

/// The backups in a folder beyond the newest `keep`, and what one that was cut short left there a
/// day ago or earlier. Whatever else is in the folder is none of ours.
pub(super) fn outlived(folder: &Path, keep: usize, now: DateTime<Utc>) -> io::Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string());
    }
    let gone = outlived_of(names, keep, now).into_iter();
    Ok(gone.map(|name| folder.join(name)).collect())
}

fn outlived_of(names: Vec<String>, keep: usize, now: DateTime<Utc>) -> Vec<String> {
    let a_day_ago = of(now - Duration::days(1));
    let (mut whole, mut left) = (Vec::new(), Vec::new());
    for name in names {
        if moment(&name).is_some() {
            whole.push(name);
        } else if let Some(of) = name.strip_prefix('.').and_then(|name| name.strip_suffix(".part"))
        {
            let of = of.strip_suffix(".database").unwrap_or(of);
            if moment(of).is_some() && *of < *a_day_ago {
                left.push(name);
            }
        }
    }
    whole.sort_unstable_by(|one, other| other.cmp(one));
    whole.into_iter().skip(keep).chain(left).collect()
}

/// When a backup of this name was made; `None` if it is not a name of ours.
fn moment(name: &str) -> Option<chrono::NaiveDateTime> {
    chrono::NaiveDateTime::parse_from_str(name, PATTERN).ok()
}

#[cfg(test)]
mod tests {
    use super::outlived_of;

    #[test]
    fn only_our_own_old_backups_go() {
        let names = [
            "turnout-20261120T020000Z.tar.gz",
            "turnout-20261123T020000Z.tar.gz",
            "turnout-20261121T020000Z.tar.gz",
            "turnout-20261122T020000Z.tar.gz",
            "turnout-before-upgrade.tar.gz",
            "turnout-20261120T020000Z.tar.gz.gpg",
            ".turnout-20261120T020000Z.tar.gz.part",
            ".turnout-20261120T020000Z.tar.gz.database.part",
            ".turnout-20261123T015959Z.tar.gz.part",
            "notes.part",
        ];
        let now = "2026-11-23T02:00:00Z".parse().expect("a moment");
        let gone = outlived_of(names.map(str::to_owned).to_vec(), 2, now);
        assert_eq!(
            gone,
            [
                "turnout-20261121T020000Z.tar.gz",
                "turnout-20261120T020000Z.tar.gz",
                ".turnout-20261120T020000Z.tar.gz.part",
                ".turnout-20261120T020000Z.tar.gz.database.part",
            ]
        );
        assert!(outlived_of(names.map(str::to_owned).to_vec(), 9, now).len() == 2);
    }
}
