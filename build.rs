//! Makes the binary and the tests find libtorch where the build found it, so that nothing has to
//! be exported. In: the folder that torch-sys reports. Out: linker arguments.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let lib = std::env::var_os("DEP_TCH_LIBTORCH_LIB").unwrap_or_default();
    // The version file of a libtorch; a PyTorch carries it one folder up as version.txt or not.
    let version = std::path::Path::new(&lib).join("../build-version");
    let version = std::fs::read_to_string(version).unwrap_or_default();
    let version = if version.trim().is_empty() { "2.4" } else { version.trim() };
    println!("cargo:rustc-env=CANVASS_LIBTORCH={version}");
    if std::env::var_os("CARGO_FEATURE_ENGINE").is_none() {
        return; // no engine, nothing to find
    }
    let os = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    if os == "linux" || os == "macos" {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{}", lib.to_string_lossy());
    }
    if os == "linux" {
        // libtorch_cpu registers its kernels when it is loaded; nothing refers to it by name.
        println!("cargo:rustc-link-arg=-Wl,--no-as-needed");
        println!("cargo:rustc-link-arg=-ltorch");
    }
}
