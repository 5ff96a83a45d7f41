//! What the machine itself can do: the limits that durable bookings meet.

use std::{
    fs::File,
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

const WINDOW: Duration = Duration::from_secs(1);

/// Prints how many small writes per second the disk makes durable.
pub fn print(folder: &Path) {
    let mut file = File::create(folder.join("fsync")).expect("a file");
    let (began, mut synced) = (Instant::now(), 0_u32);
    while began.elapsed() < WINDOW {
        file.write_all(&[0; 4096]).expect("a write");
        file.sync_data().expect("a sync");
        synced += 1;
    }
    let rate = f64::from(synced) / began.elapsed().as_secs_f64();
    println!(
        "This disk makes {rate:.0} writes of 4 KiB durable per second, one after the other.\n"
    );
}
