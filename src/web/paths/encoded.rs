//! What is not plain in an address is encoded.

use rocket::http::uri::Reference;

use super::{mailbox, office};

const KEY: &str = "sample.key";

#[test]
fn what_is_not_plain_is_encoded() {
    let typed = office::recognise_name("St Mary & All Saints, 100%");
    let query = "?name=St+Mary+%26+All+Saints%2C+100%25";
    assert_eq!(typed.as_str(), format!("/office/typed-institutions/which{query}"));
    assert_eq!(mailbox::letter("../a b/é?").as_str(), "/mailbox/..%2Fa%20b%2F%C3%A9%3F");
    let noted = office::audit_of_session(&KEY.parse().unwrap()).done("a-1").at("list");
    assert_eq!(noted.as_str(), "/office/audit?session=sample.key&done=a-1#list");
    assert_eq!(Reference::try_from(noted.clone()).unwrap().to_string(), noted.as_str());
    assert_eq!(format!("{noted:?}"), "Href(***)");
}
