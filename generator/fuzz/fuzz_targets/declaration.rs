#![no_main]

#[path = "../checks/declaration.rs"]
mod declaration;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| declaration::check(bytes));
