//! The sample organisation, inside the program, so that the demo needs nothing.

use std::{io, path::Path};

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "sample/"]
struct Sample;

/// Writes the sample's files into `dir`.
///
/// # Errors
/// The folder or a file cannot be written.
pub fn write_sample(dir: &Path) -> io::Result<()> {
    std::fs::create_dir_all(dir)?;
    for name in Sample::iter() {
        if let Some(file) = Sample::get(&name) {
            let path = dir.join(name.as_ref());
            if let Some(above) = path.parent() {
                std::fs::create_dir_all(above)?;
            }
            std::fs::write(path, file.data)?;
        }
    }
    Ok(())
}
