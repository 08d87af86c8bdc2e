//! What fuzzing found, and the declarations it started from, are checked here by what the fuzz target checks.

#[path = "../../fuzz/checks/declaration.rs"]
mod declaration;

#[test]
fn everything_in_the_corpus_holds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/declaration");
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        if let Err(panic) = std::panic::catch_unwind(|| declaration::check(&bytes)) {
            eprintln!("in {}", path.display());
            std::panic::resume_unwind(panic);
        }
        count += 1;
    }
    assert!(count >= 6, "only {count} files in {folder}");
}
