//! Which number format the encoder computes in, and what the processor offers.
//!
//! In: the study's wish. Out: a decision that the manifest records. bf16 halves the memory
//! traffic and runs on the processor's matrix units; vectors differ from f32 in the third digit.
//! Must not know: the engine.

use serde::{Deserialize, Serialize};

use super::Error;

/// Number format of weights and activations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// bf16 where the processor multiplies it natively, f32 elsewhere.
    #[default]
    Auto,
    /// 32-bit floating point: agrees with the model's published vectors to 1e-4.
    F32,
    /// 16-bit brain floating point.
    Bf16,
}

impl Precision {
    /// Resolves `auto` for this processor.
    ///
    /// # Errors
    /// [`Error::NoBf16`] where bf16 is demanded and the processor lacks it.
    pub fn resolve(self) -> Result<Self, Error> {
        match (self, native_bf16()) {
            (Precision::Auto, true) | (Precision::Bf16, true) => Ok(Precision::Bf16),
            (Precision::Auto, false) | (Precision::F32, _) => Ok(Precision::F32),
            (Precision::Bf16, false) => Err(Error::NoBf16),
        }
    }

    /// The name in files and messages.
    pub fn name(self) -> &'static str {
        match self {
            Precision::Auto => "auto",
            Precision::F32 => "f32",
            Precision::Bf16 => "bf16",
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn native_bf16() -> bool {
    std::arch::is_x86_feature_detected!("avx512bf16")
}

#[cfg(target_arch = "aarch64")]
fn native_bf16() -> bool {
    false // the engine's bf16 kernels for this architecture are slower than its f32 ones
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn native_bf16() -> bool {
    false
}

/// Matrix units choose other kernels than vector units and give other last digits. The standard
/// library cannot ask for them yet; the kernel tells.
#[cfg(target_arch = "x86_64")]
fn has_amx_bf16() -> bool {
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    cpuinfo.lines().any(|l| l.starts_with("flags") && l.split(' ').any(|f| f == "amx_bf16"))
}

/// The widest vector instructions that the engine will choose between, for the manifest: equal
/// engine, precision and instruction set mean equal bytes.
pub fn instruction_set() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if has_amx_bf16() {
            return "amx_bf16";
        }
        if std::arch::is_x86_feature_detected!("avx512bf16") {
            return "avx512_bf16";
        }
        if std::arch::is_x86_feature_detected!("avx512f") {
            return "avx512";
        }
        if std::arch::is_x86_feature_detected!("avx2") {
            return "avx2";
        }
    }
    std::env::consts::ARCH
}

/// Exported variables by which the engine can be held to fewer instructions; they change last
/// digits too.
pub fn instruction_limits() -> Vec<String> {
    let names = ["ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "ATEN_CPU_CAPABILITY"];
    let set = |n: &&str| std::env::var(n).ok().map(|v| format!("{n}={v}"));
    names.iter().filter_map(set).collect()
}
