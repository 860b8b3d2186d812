// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

//! A filter: of what comes in "in", each n-th message goes to "out"; the first argument is n.

#![allow(dead_code)]

mod daqstream;

use daqstream::{Level, Refused, Stream};
use std::cell::RefCell;

struct Filter {
    out: Stream,
    each: u64,
    seen: u64,
}

const INVAL: Refused = Refused(4);

thread_local! {
    static FILTER: RefCell<Option<Filter>> = const { RefCell::new(None) };
    static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

fn start() -> Result<Filter, Refused> {
    let arguments = daqstream::arguments();
    let each = arguments.first().map_or(Ok(1), |n| n.parse()).unwrap_or(0);
    if each == 0 {
        return Err(INVAL);
    }
    daqstream::open_input("in")?;
    let out = daqstream::open_output("out")?;
    Ok(Filter { out, each, seen: 0 })
}

#[no_mangle]
pub extern "C" fn daqstream_init() -> i32 {
    match start() {
        Ok(filter) => {
            FILTER.with(|place| *place.borrow_mut() = Some(filter));
            0
        }
        Err(Refused(number)) => number,
    }
}

#[no_mangle]
pub extern "C" fn daqstream_buffer(bytes: usize) -> *mut u8 {
    ROOM.with(|room| {
        let mut room = room.borrow_mut();
        if bytes > room.len() {
            room.resize(bytes, 0);
        }
        room.as_mut_ptr()
    })
}

/// # Safety
/// The host gives a place that it has filled.
#[no_mangle]
pub unsafe extern "C" fn daqstream_data(_stream: i32, _peer: u64, data: *const u8, length: usize) {
    let message = core::slice::from_raw_parts(data, length);
    FILTER.with(|place| {
        if let Some(filter) = place.borrow_mut().as_mut() {
            let wanted = filter.seen % filter.each == 0;
            filter.seen += 1;
            if wanted && filter.out.write(message).is_err() {
                daqstream::log(Level::Warning, "a message is lost");
            }
        }
    });
}
