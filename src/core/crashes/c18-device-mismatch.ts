import type { CrashClass } from './crash-class.ts'

/** C18: tensors in two places. */
export const deviceMismatch = {
  code: 'C18-device-mismatch',
  kind: 'device-mismatch',
  why: 'Two tensors of one operation lie on different devices.',
  fix: 'Move the model and each batch to one device with .to(device) before they meet; a tensor that is made inside of forward needs device=x.device.',
  next: 'Which of the tensors is made in the line that is shown, and where.',
  says: [
    /(?:on|at) (?:the )?same device|device must be same/,
    /has not been allocated on mps device|cannot be accessed from triton/,
    /tensors? to be on the same device/,
    /tensors? (?:are |is |were )?(?:on|located on|conflicting) (?:different|conflicting) devices/,
    /at least two devices/,
    /input type \([\w.]*(?:cuda|hip)[\w.]*\) and weight type \(torch\.(?!cuda|hip)\w+\)|input type \(torch\.(?!cuda|hip)\w+\) and weight type \([\w.]*(?:cuda|hip)/,
    /(?:expected|but) .{0,80}\b(?:device|device type|backend)\b.{0,40}\b(?:cuda|cpu|gpu|mps|xpu)\b.{0,80}\b(?:but|got|found)\b.{0,80}\b(?:cuda|cpu|gpu|mps|xpu)\b/,
    /(?:is|are) on (?:the )?(?:cpu|gpu|cuda:?\d*|mps).{0,40}(?:but|expected).{0,40}\b(?:cpu|gpu|cuda|mps)/,
    /parameters and buffers on device/,
    /indices should be either on/,
    /can't convert (?:cuda|mps|xpu|hip)(?::\d+)? device type tensor/,
    /not (?:on|at) the same device|on the same device as|incompatible devices for|devices? (?:mismatch|do not match)|conflicting device/,
    /expected a '?(?:cuda|cpu|mps)'? device type/,
  ],
} as const satisfies CrashClass
