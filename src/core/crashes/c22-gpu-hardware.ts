import type { CrashClass } from './crash-class.ts'

/** C22: the GPU itself, or its bus. */
export const gpuHardware = {
  code: 'C22-gpu-hardware',
  kind: 'gpu-hardware',
  why: 'The hardware of a GPU failed: an uncorrectable error of its memory, or a GPU that fell off the bus.',
  fix: 'Drain the node, and resume from the newest checkpoint on another one.',
  next: 'nvidia-smi -q -d ECC,ROW_REMAPPER, and the number after Xid in dmesg.',
  says: [
    /accelerator device halted|uncorrectable (?:hardware )?errors?\b|\bras: .{0,40}error/,
    /uncorrectable (?:ecc|nvlink|volatile)|ecc error|ecc_uncorrectable|eccuncorrectable|double[- ]bit|\bdbe\b/,
    /\bxid\b ?(?:\(pci|error|\d)/,
    /fallen off the bus|gpu is lost|gpu (?:has )?(?:dropped|fell) off/,
    /row remap\w* (?:fail|error|pending)|nvlinkuncorrectable|nvlink (?:fatal )?error|sxid/,
    /gpu (?:requires|needs|recovery action).{0,20}reset|hardware stopped|machine check (?:exception|error)|\[hardware error\]/,
  ],
  surely: [
    /gpu is lost\. +reboot/,
    /\bamdgpu\b.{0,60}(?<!\b0 )uncorrectable hardware errors? detected/,
    /nvrm: xid(?! \([^)]{1,60}\): (?:63|64|92|93|121|154|160)\b)/,
    /nvrm: .{0,60}fallen off the bus/,
  ],
  reachesOthers: true,
} as const satisfies CrashClass
