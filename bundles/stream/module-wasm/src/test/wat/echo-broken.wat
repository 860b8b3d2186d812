;; Opens what the echo has open, and one more, writes, and then traps in its start.
(module
  (import "daqstream" "open_input" (func $open_input (param i32 i32) (result i32)))
  (import "daqstream" "open_output" (func $open_output (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "inoutother")
  (func (export "daqstream_init") (result i32)
    (drop (call $open_input (i32.const 16) (i32.const 2)))
    (drop (call $open_output (i32.const 18) (i32.const 3)))
    (drop (call $open_output (i32.const 21) (i32.const 5)))
    unreachable))
