import type { CauseEntry } from './entry.ts'

/** R27: nothing in a log shows it, so no alert names it. */
export const hardware = {
  number: 27,
  name: 'hardware',
  title: 'A fault of the hardware',
  what: 'A processor or its memory gave a wrong number: the same step with the same data gives another result on another device.',
  signs: 'Nothing in the log explains it. It can be shown only by running the step again.',
  fix: 'Run the step again from the checkpoint before it, on another device.',
  inCode: {},
  confirm: 'The step, repeated with the same seed and data on another device, is finite.',
  links: ['https://github.com/NVIDIA/Megatron-LM'],
  atMost: 'weak',
  isHarmless: false,
} as const satisfies CauseEntry
