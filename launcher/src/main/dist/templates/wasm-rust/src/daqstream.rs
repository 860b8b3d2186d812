// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

//! What a module in WebAssembly may call; the same in more words is `daqstream_module.h` of the
//! template for C.

mod host {
    #[link(wasm_import_module = "daqstream")]
    extern "C" {
        pub fn open_input(name: *const u8, length: usize) -> i32;
        pub fn open_output(name: *const u8, length: usize) -> i32;
        pub fn write(stream: i32, data: *const u8, length: usize) -> i32;
        pub fn close(stream: i32, flush_ms: i32) -> i32;
        pub fn argument_count() -> i32;
        pub fn argument(index: i32, text: *mut u8, capacity: usize) -> i32;
        pub fn clock_wall() -> i64;
        pub fn clock_monotonic() -> i64;
        pub fn log(level: i32, line: *const u8, length: usize);
        pub fn timer(ms: i32);
    }
}

/// A result that is not OK, with the number of EVP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused(pub i32);

/// An open stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream(pub i32);

fn opened(handle: i32) -> Result<Stream, Refused> {
    if handle > 0 {
        Ok(Stream(handle))
    } else {
        Err(Refused(-handle))
    }
}

fn done(result: i32) -> Result<(), Refused> {
    if result == 0 {
        Ok(())
    } else {
        Err(Refused(result))
    }
}

/// Opens an input of the manifest.
pub fn open_input(name: &str) -> Result<Stream, Refused> {
    opened(unsafe { host::open_input(name.as_ptr(), name.len()) })
}

/// Opens an output of the manifest.
pub fn open_output(name: &str) -> Result<Stream, Refused> {
    opened(unsafe { host::open_output(name.as_ptr(), name.len()) })
}

impl Stream {
    /// Queues a message, which is copied.
    pub fn write(self, data: &[u8]) -> Result<(), Refused> {
        done(unsafe { host::write(self.0, data.as_ptr(), data.len()) })
    }

    /// Closes it; an output goes on sending for so long.
    pub fn close(self, flush_ms: i32) -> Result<(), Refused> {
        done(unsafe { host::close(self.0, flush_ms) })
    }
}

/// The arguments of the configuration.
pub fn arguments() -> Vec<String> {
    (0..unsafe { host::argument_count() })
        .map(|index| {
            let length =
                unsafe { host::argument(index, core::ptr::NonNull::dangling().as_ptr(), 0) };
            let mut text = vec![0; length as usize];
            unsafe { host::argument(index, text.as_mut_ptr(), text.len()) };
            String::from_utf8_lossy(&text).into_owned()
        })
        .collect()
}

/// Nanoseconds since 1970.
pub fn wall_nanos() -> i64 {
    unsafe { host::clock_wall() }
}

/// Nanoseconds of a clock that never goes back.
pub fn monotonic_nanos() -> i64 {
    unsafe { host::clock_monotonic() }
}

/// How much a line of the log matters.
pub enum Level {
    Debug = 0,
    Info = 1,
    Warning = 2,
    Severe = 3,
}

/// A line in the log of the runtime.
pub fn log(level: Level, line: &str) {
    unsafe { host::log(level as i32, line.as_ptr(), line.len()) }
}

/// Has `daqstream_timer` called once, after so many milliseconds; 0: not any more.
pub fn timer_after(ms: i32) {
    unsafe { host::timer(ms) }
}
