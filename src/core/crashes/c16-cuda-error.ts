import type { CrashClass } from './crash-class.ts'

/** C16: a kernel on the accelerator. */
export const cudaError = {
  code: 'C16-cuda-error',
  kind: 'cuda-error',
  why: 'A kernel on the accelerator failed. The line of Python that is shown may be a later one, for kernels run on their own.',
  fix: 'Run once more with CUDA_LAUNCH_BLOCKING=1, or on the CPU: an index or a label out of range is usual.',
  next: 'Whether the same batch fails again: then it is the data or the code; if not, look for Xid in dmesg.',
  says: [
    /(?<!unhandled )\b(?:cuda|hip|musa|acl)(?: runtime| driver)? (?:error|failure (?:\d|'))/,
    /device-side assert|\bassertion .{0,200}\bfailed\b.{0,20}$/,
    /illegal memory access|misaligned address|unspecified launch failure|an illegal instruction was encountered|invalid device function|too many resources requested for launch/,
    /\bcu(?:dnn|dann|blas|fft|rand|solver|sparse)\b.{0,20}(?:error|fail)|\bcudnn_status_(?!alloc)\w+|\bcublas\w*_status_(?!alloc)\w+|\bcu(?:solver|sparse|fft)\w*_(?:status_)?(?!.*alloc)\w+/,
    /\bcuda_error_(?!out_of_memory|no_device|no_binary_for_gpu|invalid_device|ecc)\w+|\bcudaerror(?!memoryallocation|nodevice|nokernelimage|invaliddevice\b|insufficientdriver|ecc)\w+/,
    /\bhsa_status_error/,
    /unable to find an engine to execute this computation/,
    /\.cuh?:\d+:.{0,160}\bblock: \[/,
  ],
  surely: [/memory access fault by gpu/],
} as const satisfies CrashClass
