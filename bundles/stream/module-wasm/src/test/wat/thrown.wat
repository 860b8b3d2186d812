;; Exceptions.
(module
  (memory (export "memory") 1)
  (tag $e)
  (func (export "daqstream_init") (result i32) (throw $e)))
