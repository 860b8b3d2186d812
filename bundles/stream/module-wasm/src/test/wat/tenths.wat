;; A data type: tenths, as int16. Traps at 666, and never comes back from 777.
(module
  (memory (export "memory") 3)
  (data (i32.const 16) "int16\00")
  (func (export "daqstream_init") (result i32) (i32.const 0))
  (func (export "daqstream_buffer") (param $bytes i32) (result i32) (i32.const 65536))
  (func (export "daqstream_encoded_type") (result i32) (i32.const 16))
  (func (export "daqstream_encode") (param $samples i32) (param $count i32) (param $target i32) (result i32)
    (local $value f64)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $value (f64.load (local.get $samples)))
        (if (f64.eq (local.get $value) (f64.const 666)) (then unreachable))
        (loop $again (br_if $again (f64.eq (local.get $value) (f64.const 777))))
        (i32.store16 (local.get $target)
          (i32.trunc_f64_s (f64.add (f64.mul (local.get $value) (f64.const 10)) (f64.const 0.0))))
        (local.set $samples (i32.add (local.get $samples) (i32.const 8)))
        (local.set $target (i32.add (local.get $target) (i32.const 2)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (i32.const 0)))
