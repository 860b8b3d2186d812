;; Does what the first byte of a message says.
(module
  (import "daqstream" "open_input" (func $open_input (param i32 i32) (result i32)))
  (import "daqstream" "open_output" (func $open_output (param i32 i32) (result i32)))
  (import "daqstream" "write" (func $write (param i32 i32 i32) (result i32)))
  (import "daqstream" "log" (func $log (param i32 i32 i32)))
  (import "daqstream" "argument" (func $argument (param i32 i32 i32) (result i32)))
  (import "daqstream" "argument_count" (func $argument_count (result i32)))
  (import "daqstream" "clock_wall" (func $wall (result i64)))
  (import "daqstream" "clock_monotonic" (func $monotonic (result i64)))
  (import "daqstream" "timer" (func $timer (param i32)))
  (import "daqstream" "close" (func $close (param i32 i32) (result i32)))
  (memory (export "memory") 2)
  (table $t 1 funcref)
  (data (i32.const 16) "inout")
  (data (i32.const 32) "a\1b[31mb\0ac")
  (global $out (mut i32) (i32.const 0))
  (func (export "daqstream_init") (result i32)
    (drop (call $open_input (i32.const 16) (i32.const 2)))
    (global.set $out (call $open_output (i32.const 18) (i32.const 3)))
    (i32.const 0))
  (func (export "daqstream_buffer") (param $bytes i32) (result i32) (i32.const 65536))
  (func $answer (param $value i64)
    (i64.store (i32.const 1024) (local.get $value))
    (drop (call $write (global.get $out) (i32.const 1024) (i32.const 8))))
  (func $recurse (call $recurse))
  (func $recurseAndCall (drop (call $monotonic)) (call $recurseAndCall))
  (func $recurseTo (param $n i32)
    (if (local.get $n) (then (call $recurseTo (i32.sub (local.get $n) (i32.const 1)))))
    (drop (call $write (global.get $out) (i32.const 0) (i32.const 1))))
  (func (export "daqstream_timer") (call $answer (i64.const 77)))
  (func (export "daqstream_data") (param $stream i32) (param $peer i64) (param $data i32) (param $bytes i32)
    (local $what i32) (local $n i32)
    (local.set $what (i32.load8_u (local.get $data)))
    ;; l: an endless loop, by a condition
    (if (i32.eq (local.get $what) (i32.const 108))
      (then (loop $again
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br_if $again (i32.or (local.get $n) (i32.const 1))))))
    ;; h: an endless loop of calls to the host
    (if (i32.eq (local.get $what) (i32.const 104))
      (then (loop $again (drop (call $wall)) (br $again))))
    ;; r: recursion without end; R: the same with calls to the host
    (if (i32.eq (local.get $what) (i32.const 114)) (then (call $recurse)))
    (if (i32.eq (local.get $what) (i32.const 82)) (then (call $recurseAndCall)))
    ;; g: as much memory as there is; answers the pages
    (if (i32.eq (local.get $what) (i32.const 103))
      (then
        (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
        (call $answer (i64.extend_i32_u (memory.size)))))
    ;; t: a table of functions without end; answers its size
    (if (i32.eq (local.get $what) (i32.const 116))
      (then
        (loop $again (br_if $again (i32.ne (table.grow $t (ref.null func) (i32.const 1000)) (i32.const -1))))
        (call $answer (i64.extend_i32_u (table.size $t)))))
    ;; o: writes from outside of the memory; O: across its end; n: with a length below zero
    (if (i32.eq (local.get $what) (i32.const 111))
      (then (drop (call $write (global.get $out) (i32.const -16) (i32.const 8)))))
    (if (i32.eq (local.get $what) (i32.const 79))
      (then (drop (call $write (global.get $out) (i32.const 131070) (i32.const 8)))))
    (if (i32.eq (local.get $what) (i32.const 110))
      (then (drop (call $write (global.get $out) (i32.const 0) (i32.const -1)))))
    ;; a: the first argument into nowhere
    (if (i32.eq (local.get $what) (i32.const 97))
      (then (drop (call $argument (i32.const 0) (i32.const 2000000000) (i32.const 100)))))
    ;; A: answers the number of arguments and, times 1000, the length of the first
    (if (i32.eq (local.get $what) (i32.const 65))
      (then (call $answer (i64.extend_i32_s (i32.add (call $argument_count)
        (i32.mul (i32.const 1000) (call $argument (i32.const 0) (i32.const 2048) (i32.const 3))))))))
    ;; u: a trap
    (if (i32.eq (local.get $what) (i32.const 117)) (then unreachable))
    ;; f: a flood of lines with control characters
    (if (i32.eq (local.get $what) (i32.const 102))
      (then (local.set $n (i32.const 1000))
        (loop $again
          (call $log (i32.const 2) (i32.const 32) (i32.const 9))
          (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
    ;; T: a timer
    (if (i32.eq (local.get $what) (i32.const 84)) (then (call $timer (i32.const 20))))
    ;; c: closes its input, and answers what a second close gives
    (if (i32.eq (local.get $what) (i32.const 99))
      (then (drop (call $close (local.get $stream) (i32.const 0)))
        (call $answer (i64.extend_i32_s (call $close (local.get $stream) (i32.const 0))))))))
