//! Where the cases are.
//!
//! Captures: `TAILNET_CAPTURES` (upstream's `hscontrol/policy/v2/testdata` or a folder like it), else
//! `../shared/captures` beside the repository. Random cases: `TAILNET_RANDOM`, else `../shared/random`. A choice of the
//! random cases stands in the repository, so that a plain clone is tested too.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use crate::case::Case;

/// A set of cases, or why there is none.
pub(crate) enum Set {
    /// The cases, in a stable order, and where they came from.
    Found(PathBuf, Vec<Case>),
    /// Why there are none. No failure: nobody promised them.
    Skipped(String),
    /// There are some, and they cannot be read: a failure.
    Broken(String),
}

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A folder that an environment variable names (then it has to exist) or that lies beside the repository (then it may).
fn folder(variable: &str, beside: &str) -> Result<PathBuf, Set> {
    if let Some(named) = std::env::var_os(variable).filter(|value| !value.is_empty()) {
        // Cargo runs tests in the package's folder; who calls it stands at the root.
        let named = PathBuf::from(named);
        let named = if named.is_relative() { root().join(named) } else { named };
        return if named.is_dir() {
            Ok(named)
        } else {
            Err(Set::Broken(format!("{variable}: {} is no folder", named.display())))
        };
    }
    let beside = root().join(beside);
    if beside.is_dir() {
        Ok(beside)
    } else {
        Err(Set::Skipped(format!(
            "{} is missing and {variable} is not set",
            beside.display()
        )))
    }
}

/// The captures of the Tailscale service.
pub(crate) fn captures() -> Set {
    let folder = match folder("TAILNET_CAPTURES", "../shared/captures") {
        Ok(folder) => folder,
        Err(set) => return set,
    };
    read(folder, &["json", "hujson"], |path| {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        Ok(vec![Case::read(&text)?])
    })
}

/// All random cases.
pub(crate) fn random() -> Set {
    let folder = match folder("TAILNET_RANDOM", "../shared/random") {
        Ok(folder) => folder,
        Err(set) => return set,
    };
    read(folder, &["gz"], lines)
}

/// Where all random cases are.
pub(crate) fn random_folder() -> Result<PathBuf, String> {
    folder("TAILNET_RANDOM", "../shared/random").map_err(|set| match set {
        Set::Skipped(why) | Set::Broken(why) => why,
        Set::Found(..) => String::new(),
    })
}

/// Where the random cases of this repository are.
pub(crate) fn corpus_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/random.jsonl.gz")
}

/// The random cases of this repository.
pub(crate) fn corpus() -> Set {
    let file = corpus_file();
    match lines(&file) {
        Ok(cases) => Set::Found(file, cases),
        Err(error) => Set::Broken(format!("{}: {error}", file.display())),
    }
}

/// Compressed cases, one a line.
pub(crate) fn lines(path: &Path) -> Result<Vec<Case>, String> {
    raw_lines(path)?
        .iter()
        .enumerate()
        .map(|(number, line)| Case::read(line).map_err(|error| format!("line {}: {error}", number + 1)))
        .collect()
}

/// The lines of a compressed file.
pub(crate) fn raw_lines(path: &Path) -> Result<Vec<String>, String> {
    let file = fs::File::open(path).map_err(|error| error.to_string())?;
    BufReader::new(GzDecoder::new(file))
        .lines()
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())
}

/// The files of `folder` (and of the folders in it) with one of these extensions, sorted.
pub(crate) fn files(folder: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| extensions.iter().any(|x| e == *x)) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn read(folder: PathBuf, extensions: &[&str], one: impl Fn(&Path) -> Result<Vec<Case>, String>) -> Set {
    let mut cases = Vec::new();
    let files = match files(&folder, extensions) {
        Ok(files) if files.is_empty() => return Set::Broken(format!("{} holds no cases", folder.display())),
        Ok(files) => files,
        Err(error) => return Set::Broken(error),
    };
    for file in files {
        match one(&file) {
            Ok(more) => cases.extend(more),
            Err(error) => return Set::Broken(format!("{}: {error}", file.display())),
        }
    }
    Set::Found(folder, cases)
}
