;; Gives a buffer that is not in its memory.
(module
  (import "daqstream" "open_input" (func $open_input (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "in")
  (func (export "daqstream_init") (result i32) (drop (call $open_input (i32.const 16) (i32.const 2))) (i32.const 0))
  (func (export "daqstream_buffer") (param $bytes i32) (result i32) (i32.const 65530))
  (func (export "daqstream_data") (param $stream i32) (param $peer i64) (param $data i32) (param $bytes i32)))
