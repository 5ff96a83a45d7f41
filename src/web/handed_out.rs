//! Papers that are handed out, opened by whoever may read them.

use rocket::{Either, response::Redirect};

use crate::{
    domain::{
        handout::{Handout, Paper},
        id::HandoutId,
    },
    store::{Conn, handouts},
    web::{download::Download, failure::Failure},
};

/// One of those somebody may read: its file, or where it leads. No other is found.
pub async fn open(
    conn: &mut Conn,
    all: &[Handout],
    id: HandoutId,
) -> Result<Either<Download, Redirect>, Failure> {
    let one = all.iter().find(|one| one.id == id).ok_or(Failure::NotFound)?;
    match &one.paper {
        Paper::Link(address) => Ok(Either::Right(Redirect::to(address.clone()))),
        Paper::File { name, .. } => {
            Ok(Either::Left(Download::paper(name, handouts::content(conn, id).await?)?))
        }
    }
}
