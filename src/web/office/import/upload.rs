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

use crate::{
    token::{Attempt, Token},
    web::read_sheet::MOST_BYTES,
};

/// The form round the file, and the cells that were pasted instead of one.
const REST: usize = 64 * 1024;

/// What was sent.
#[derive(Debug, Default)]
pub struct Upload {
    pub kind: String,
    pub session: String,
    pub pasted: String,
    pub name: Option<String>,
    pub bytes: Vec<u8>,
    /// Which attempt the form is, as it was drawn.
    attempt: String,
    /// It was longer than what is taken.
    pub is_too_long: bool,
}

impl Upload {
    fn keep(&mut self, name: &str, bytes: &[u8]) {
        let text = || String::from_utf8_lossy(bytes).trim().to_owned();
        match name {
            "kind" => self.kind = text(),
            "session" => self.session = text(),
            "attempt" => self.attempt = text(),
            "pasted" => self.pasted = String::from_utf8_lossy(bytes).into_owned(),
            _ => {}
        }
    }

    /// The attempt it is; `None` where the form did not say.
    pub fn attempt(&self) -> Option<Attempt> {
        let token: Token = self.attempt.parse().ok()?;
        let digest = Sha256::digest(if self.bytes.is_empty() {
            self.pasted.as_bytes()
        } else {
            &self.bytes
        });
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let sent = [("kind", &*self.kind), ("session", &*self.session), ("file", &*digest)];
        Some(Attempt::of(&token, sent))
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
                None => upload.keep(name.as_deref().unwrap_or_default(), &bytes),
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
impl<'r> FromData<'r> for Upload {
    type Error = &'static str;

    async fn from_data(
        request: &'r Request<'_>,
        data: Data<'r>,
    ) -> Outcome<'r, Self, &'static str> {
        let header = request.headers().get_one("Content-Type").unwrap_or_default();
        let body = match data.open((MOST_BYTES + REST).bytes()).into_bytes().await {
            Ok(body) if body.is_complete() => body.into_inner(),
            Ok(_) => return Outcome::Success(Self { is_too_long: true, ..Self::default() }),
            Err(_) => return Outcome::Error((Status::BadRequest, "the form could not be read")),
        };
        let Ok(boundary) = multer::parse_boundary(header) else {
            let mut upload = Self::default();
            for (name, value) in form_urlencoded::parse(&body) {
                upload.keep(&name, value.as_bytes());
            }
            return Outcome::Success(upload);
        };
        match Self::read(body, boundary).await {
            Ok(upload) => {
                Outcome::Success(Self { is_too_long: upload.bytes.len() > MOST_BYTES, ..upload })
            }
            Err(_) => Outcome::Error((Status::BadRequest, "the form could not be read")),
        }
    }
}
