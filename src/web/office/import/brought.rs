//! The file in an address, for somebody who may see it.

use uuid::Uuid;

use crate::{
    actions::imports::may_see,
    store::imports::{self, Import},
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ImportFiles},
    },
};

pub type Who = Granted<ImportFiles>;

/// A file, for whoever brought it and for administrators.
pub async fn import_for(desk: &Desk, who: &Who, id: Uuid) -> Result<Import, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let import = imports::find(&mut conn, id).await?.filter(|one| may_see(&who.member, one));
    import.ok_or(Failure::NotFound)
}
