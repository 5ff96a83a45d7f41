//! A disk that is soon full, or takes no more writes: a file system of its own, mounted for one test.

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The disk; gone when this is.
pub struct SmallDisk {
    folder: tempfile::TempDir,
    /// Where the file lies that it is made of, if it is made of one.
    image: Option<tempfile::TempDir>,
}

const LOOP: &str = "loop,errors=remount-ro";

fn run(program: &str, arguments: &[&str]) -> Result<Output, String> {
    let done = Command::new(program).args(arguments).output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    if done.status.success() { Ok(done) } else { Err(said) }
}

impl SmallDisk {
    /// One of so many megabytes, in memory; `None`, said aloud, where this user may not mount anything.
    pub fn new(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let size = format!("size={megabytes}m");
        let path = folder.path().to_str().expect("a path");
        match run("mount", &["-t", "tmpfs", "-o", &size, "tmpfs", path]) {
            Ok(_) => Some(Self { folder, image: None }),
            Err(error) => {
                eprintln!("SKIPPED: a disk that is full needs the right to mount one: {error}");
                None
            }
        }
    }

    /// One of 32 megabytes with a file system that can be made to refuse writes.
    pub fn formatted() -> Option<Self> {
        let (folder, image) = (tempfile::tempdir(), tempfile::tempdir());
        let (folder, image) = (folder.expect("a folder"), image.expect("a folder"));
        let file = image.path().join("image");
        let made = File::create(&file).expect("a file").set_len(32 << 20);
        made.expect("so many bytes");
        let (at, to) = (file.to_str().expect("a path"), folder.path().to_str().expect("a path"));
        let mounted =
            run("mkfs.ext4", &["-q", "-F", at]).and_then(|_| run("mount", &["-o", LOOP, at, to]));
        match mounted {
            Ok(_) => Some(Self { folder, image: Some(image) }),
            Err(error) => {
                eprintln!(
                    "SKIPPED: a disk that refuses writes needs the right to mount one: {error}"
                );
                None
            }
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    fn filler(&self) -> PathBuf {
        self.path().join("filler")
    }

    /// Fills it up to so many kilobytes.
    pub fn fill(&self, but: u64) {
        let mut file = File::options().append(true).create(true).open(self.filler());
        let file = file.as_mut().expect("a file");
        for piece in [64 * 1024, 4096, 1] {
            while file.write_all(&vec![0; piece]).is_ok() {}
        }
        let full = file.metadata().expect("a size").len();
        file.set_len(full.saturating_sub(but * 1024)).expect("a shorter file");
    }

    /// Somebody makes room.
    pub fn make_room(&self) {
        std::fs::remove_file(self.filler()).expect("the filler");
    }

    /// Refuses writes to the files that are there from now on, or takes them again. What SQLite keeps in
    /// memory only (`-shm`) is left alone.
    pub fn refuse(&self, writes: bool) {
        let change = if writes { "+i" } else { "-i" };
        for entry in std::fs::read_dir(self.path()).expect("files") {
            let path = entry.expect("a file").path();
            if path.is_file() && !path.to_string_lossy().ends_with("-shm") {
                run("chattr", &[change, path.to_str().expect("a path")]).expect("chattr");
            }
        }
    }

    /// An error is found on it, whereupon the kernel takes no more writes, whoever has files open; `false`,
    /// said aloud, where the kernel does not let itself be told so.
    pub fn fails(&self) -> bool {
        let mounts = std::fs::read_to_string("/proc/mounts").expect("what is mounted");
        let path = self.path().to_str().expect("a path");
        let line = mounts.lines().find(|line| line.split(' ').nth(1) == Some(path));
        let device = line.and_then(|line| line.split(' ').next()?.strip_prefix("/dev/"));
        let trigger = format!("/sys/fs/ext4/{}/trigger_fs_error", device.expect("a device"));
        match std::fs::write(trigger, "1") {
            Ok(()) => true,
            Err(error) => {
                eprintln!("SKIPPED: a disk that fails needs a kernel that plays it: {error}");
                false
            }
        }
    }

    /// It is checked and mounted anew, as after a restart of the machine; nothing may be open on it.
    pub fn is_mended(&self) {
        let image = self.image.as_ref().expect("a file system").path().join("image");
        let (at, to) = (image.to_str().expect("a path"), self.path().to_str().expect("a path"));
        run("umount", &[to]).expect("nothing is open");
        let checked = Command::new("e2fsck").args(["-f", "-y", at]).output().expect("e2fsck");
        assert!(checked.status.code().is_some_and(|code| code < 4), "{checked:?}");
        run("mount", &["-o", LOOP, at, to]).expect("a mount");
    }

    /// It is mounted read-only; nothing may be open on it.
    pub fn becomes_read_only(&self) {
        let path = self.path().to_str().expect("a path");
        run("mount", &["-o", "remount,ro", path]).expect("a remount");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily, since the database may still be open.
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}
