//! A form with a file in it, read into memory as far as the limit: nothing is left on the machine's disk.

use std::convert::Infallible;

use futures_util::stream;
use multer::Multipart;
use rocket::{
    Data, Request,
    data::{FromData, Outcome, ToByteUnit},
    http::Status,
};
use sha2::{Digest, Sha256};

use super::Fields;
use crate::token::{Attempt, Token};

/// The form round the file, and what was pasted instead of one.
const REST: usize = 64 * 1024;

/// What was sent: its fields, and a file of at most `MOST` bytes.
#[derive(Debug, Default)]
pub struct Upload<const MOST: usize> {
    pub fields: Fields,
    pub name: Option<String>,
    pub bytes: Vec<u8>,
    /// It was longer than what is taken.
    pub is_too_long: bool,
}

impl<const MOST: usize> Upload<MOST> {
    /// The attempt it is, the file with it; `None` where the form did not say.
    pub fn attempt(&self) -> Option<Attempt> {
        let token: Token = self.fields.get(super::ATTEMPT).parse().ok()?;
        let digest: String =
            Sha256::digest(&self.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let sent = self.fields.all_names().map(|name| (name, self.fields.get(name)));
        Some(Attempt::of(&token, sent.chain([("file", &*digest)])))
    }

    async fn read(body: Vec<u8>, boundary: String) -> Result<Self, multer::Error> {
        let mut upload = Self::default();
        let body = stream::iter([Ok::<_, Infallible>(body)]);
        let mut parts = Multipart::new(body, boundary);
        while let Some(part) = parts.next_field().await? {
            let (name, file) = (part.name().map(str::to_owned), part.file_name().map(shown));
            let bytes = part.bytes().await?;
            match file {
                Some(file) if !bytes.is_empty() => {
                    upload.name = Some(file).filter(|file| !file.is_empty());
                    upload.bytes = bytes.to_vec();
                }
                Some(_) => {}
                None => {
                    let value = String::from_utf8_lossy(&bytes).into_owned();
                    upload.fields.add(name.unwrap_or_default(), value);
                }
            }
        }
        Ok(upload)
    }
}

/// The name of a file as it is shown: without folders, and not too long.
fn shown(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(100).collect()
}

#[rocket::async_trait]
impl<'r, const MOST: usize> FromData<'r> for Upload<MOST> {
    type Error = &'static str;

    async fn from_data(
        request: &'r Request<'_>,
        data: Data<'r>,
    ) -> Outcome<'r, Self, &'static str> {
        let header = request.headers().get_one("Content-Type").unwrap_or_default();
        let body = match data.open((MOST + REST).bytes()).into_bytes().await {
            Ok(body) if body.is_complete() => body.into_inner(),
            Ok(_) => return Outcome::Success(Self { is_too_long: true, ..Self::default() }),
            Err(_) => return Outcome::Error((Status::BadRequest, "the form could not be read")),
        };
        let Ok(boundary) = multer::parse_boundary(header) else {
            let mut upload = Self::default();
            for (name, value) in form_urlencoded::parse(&body) {
                upload.fields.add(name.into_owned(), value.into_owned());
            }
            return Outcome::Success(upload);
        };
        match Self::read(body, boundary).await {
            Ok(upload) => {
                Outcome::Success(Self { is_too_long: upload.bytes.len() > MOST, ..upload })
            }
            Err(_) => Outcome::Error((Status::BadRequest, "the form could not be read")),
        }
    }
}
