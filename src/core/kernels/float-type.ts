/** The floating-point type in which the job held its numbers. */
export type Dtype = 'float16' | 'bfloat16' | 'float32' | 'float64'

/** Numbers in the precision of their file, where it has one; float16 and bfloat16 widen to float32 exactly. */
export type Floats = Float32Array | Float64Array
