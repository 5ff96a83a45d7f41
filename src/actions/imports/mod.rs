//! Files that organisers bring in: kept for a day, looked through against what is there, imported as a whole
//! or not at all, and taken back as one.

mod digest;
pub mod keep_file;
pub mod look;
pub mod make;
pub mod take_back;

use uuid::Uuid;

use crate::{
    domain::{
        permission::{Permission, allows_everywhere, allows_in},
        staff::StaffMember,
    },
    store::{Conn, StoreError, imports::Import, sessions},
};

/// Why nothing is done with a file.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is no such file, it was thrown away, or whoever asks may not see it.
    #[error("there is no such file: it was thrown away, or its day is over")]
    NoSuchFile,
    /// It was imported before.
    #[error("this file was imported before")]
    MadeBefore,
    /// Something of it must be put right or answered first.
    #[error("the file cannot be imported as it is: look through it once more")]
    NotReady,
    /// A row that the rules do not let in.
    #[error("row {row}: {why}. Nothing was imported")]
    Refused {
        /// Which.
        row: u32,
        /// Why.
        why: String,
    },
    /// A day has passed since it was imported.
    #[error("it was imported more than a day ago, so it is not taken back as one any more")]
    TooLate,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether somebody may see a file: whoever brought it, and administrators.
pub fn may_see(member: &StaffMember, import: &Import) -> bool {
    import.made_by == member.login || allows_everywhere(member, Permission::ImportFiles)
}

/// Whether somebody may still bring bookings to the session of a file.
async fn may_book(
    conn: &mut Conn,
    member: &StaffMember,
    import: &Import,
) -> Result<bool, StoreError> {
    let Some(code) = &import.session else { return Ok(true) };
    let session = sessions::find(conn, code).await?;
    let alliance = session.map(|session| session.alliance.slug.clone());
    Ok(alliance.is_some_and(|slug| allows_in(member, Permission::ManageBookings, &slug)))
}

/// The id in an address.
pub fn id(text: &str) -> Option<Uuid> {
    text.parse().ok()
}
