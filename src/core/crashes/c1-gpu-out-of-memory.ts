import type { CrashClass } from './crash-class.ts'

/** C1: the memory of the accelerator. */
export const gpuOutOfMemory = {
  code: 'C1-gpu-out-of-memory',
  kind: 'gpu-memory',
  why: 'The accelerator had no memory left.',
  fix: 'Make the batch smaller and accumulate gradients, or recompute activations in the backward pass.',
  next: 'How much was asked for and how much was free stands in the line; nvidia-smi shows whether another process holds the rest.',
  says: [
    /(?:\b|_)(?:cuda|hip|mps backend|xpu|npu|gpu|musa|mlu)\b.{0,20}[ ']out of memory(?! (?:handl|guard|protect|event|retr|safe|mode))/,
    /out ?of ?memory ?error.{0,40}\b(?:gpu|cuda|allocating [\d,]+ bytes)/,
    /out of (?:gpu|device) memory trying|out of memory error on gpu|paddle::memory::allocation::badalloc/,
    /torch\.(?:cuda\.)?outofmemoryerror/,
    /(?:cublas|cudnn|cusparse|cusolver)_status_alloc_failed/,
    /cuda_error_out_of_memory|cudaerrormemoryallocation/,
    /resource_?exhausted(?!.*\bcpu:\d)/,
    /oom when allocating tensor.{0,200}\bgpu/,
    /\bcudamalloc\b.{0,40}(?:failed|out of memory)/,
    /\bcudasuccess \(2 vs\. 0\)/,
    /outofmemoryerror: out of memory allocating/,
    /no available memory for the (?:kv )?cache/,
  ],
} as const satisfies CrashClass
