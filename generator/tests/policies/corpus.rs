//! What fuzzing found, and the policies it started from, are checked here by what the fuzz target checks.

#[path = "../../fuzz/checks/policy.rs"]
mod policy;

#[test]
fn everything_in_the_corpus_holds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/policy");
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        if let Err(panic) = std::panic::catch_unwind(|| policy::check(&bytes)) {
            eprintln!("in {}", path.display());
            std::panic::resume_unwind(panic);
        }
        count += 1;
    }
    assert!(count >= 30, "only {count} files in {folder}");
}
