//! A load generator: connections that ask again and again, and how many answers came.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

/// What is asked again and again: bytes made anew for each request, so that bookings differ.
pub type Ask = Arc<dyn Fn(u64) -> String + Send + Sync>;

/// Answers per second with `clients` connections for about `lasts`; panics at any answer whose
/// status is not `expected`.
pub async fn rate(port: u16, clients: usize, lasts: Duration, expected: u16, ask: Ask) -> f64 {
    let answered = Arc::new(AtomicU64::new(0));
    let asked = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let end = began + lasts;
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let (answered, asked, ask) = (Arc::clone(&answered), Arc::clone(&asked), ask.clone());
            tokio::spawn(async move {
                let stream = TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
                stream.set_nodelay(true).expect("no delay");
                let mut stream = BufReader::with_capacity(1 << 16, stream);
                while Instant::now() < end {
                    let request = ask(asked.fetch_add(1, Ordering::Relaxed));
                    stream.write_all(request.as_bytes()).await.expect("a request");
                    let status = answer(&mut stream).await;
                    assert_eq!(status, expected, "{request}");
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a client");
    }
    answered.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64()
}

/// Reads one answer off a connection; its status.
pub async fn answer(stream: &mut BufReader<TcpStream>) -> u16 {
    let mut head = Vec::with_capacity(1024);
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("an answer"));
    }
    let head = String::from_utf8_lossy(&head);
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length: u64 = length.and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut rest = stream.take(length);
    tokio::io::copy(&mut rest, &mut tokio::io::sink()).await.expect("a body");
    status
}

/// The same GET each time.
pub fn get(path: &str, headers: &str) -> Ask {
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n");
    Arc::new(move |_| request.clone())
}

/// A booking of one place each time, by somebody else, on the first of the `sessions` in turn.
pub fn book(sessions: u64, run: &str) -> Ask {
    let run = run.to_owned();
    Arc::new(move |number| {
        let session = 1 + number % sessions;
        let body = format!(
            "{{\"leader\":{{\"name\":\"Ruth Okafor\",\"email\":\"l{number}.{run}@example.org\"}},\
             \"places\":[{{\"name\":\"Ruth Okafor {number} {run}\"}}]}}"
        );
        format!(
            "POST /api/v1/sessions/B{session}/registrations HTTP/1.1\r\nHost: 127.0.0.1\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    })
}

/// One GET: the whole body's length, and its ETag.
pub async fn once(port: u16, path: &str, headers: &str) -> Option<(usize, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.ok()?;
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let etag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap_or_default();
    head.contains(" 200 ").then(|| (bytes.len() - end - 4, etag.to_owned()))
}
