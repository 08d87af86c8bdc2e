//! The command `tailnet`: a thin shell around the library.

fn main() -> std::process::ExitCode {
    tailnet_generator::cli::main()
}
