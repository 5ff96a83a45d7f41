//! The program itself on the command line, run to its end.

use std::{
    path::Path,
    process::{Command, Output},
};

/// How a run ended.
pub struct Said {
    /// Whether it succeeded.
    pub ok: bool,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            ok: output.status.success(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Runs the program in `folder` with these settings and none from outside.
pub fn run(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnout"));
    for (name, _) in std::env::vars() {
        if name.starts_with("TURNOUT_") || name.starts_with("ROCKET_") || name == "DATABASE_URL" {
            command.env_remove(name);
        }
    }
    command.args(arguments).envs(settings.iter().copied()).current_dir(folder);
    command.output().expect("the program runs").into()
}
