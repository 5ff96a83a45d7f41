//! Where the site is, as people were told it last.

use super::{StoreError, Tx};

statements! {
    URL: String = "select url from site_address where id = 1";

    TAKE = "update site_address set url = $1 where id = 1 and url <> $1";
}

/// Writes where the site is; where it was before, if it was elsewhere. Of two that ask at once, one is
/// answered.
pub async fn take(tx: &mut Tx, url: &str) -> Result<Option<String>, StoreError> {
    let before = URL.value(tx, ()).await?;
    let is_new = TAKE.run(tx, [url]).await? == 1;
    Ok(Some(before).filter(|before| is_new && !before.is_empty()))
}
