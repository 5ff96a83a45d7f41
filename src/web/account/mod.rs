//! One's own account, whatever one may do: passkeys, and where one is signed in.

mod about;
mod history;
mod letters;
mod overview;
mod passkey;
mod passkey_form;
mod passkey_offer;
mod passkey_remove;
mod sign_out_everywhere;

use rocket::Route;

pub fn routes() -> Vec<Route> {
    [
        overview::routes(),
        about::routes(),
        letters::routes(),
        passkey_offer::routes(),
        passkey::routes(),
        passkey_remove::routes(),
        sign_out_everywhere::routes(),
    ]
    .concat()
}
