#![no_main]

#[path = "../checks/hujson.rs"]
mod hujson;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hujson::check(bytes));
