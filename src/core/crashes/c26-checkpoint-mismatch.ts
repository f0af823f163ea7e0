import type { CrashClass } from './crash-class.ts'

/** C26: a checkpoint. */
export const checkpointMismatch = {
  code: 'C26-checkpoint-mismatch',
  kind: 'checkpoint-mismatch',
  why: 'A checkpoint does not fit this model or optimiser, or is damaged.',
  fix: 'Build the model with the configuration that the checkpoint was saved with. If it is damaged, go back to the one before.',
  next: 'Which names or shapes differ, and whether all of them: a prefix such as module. is a wrapper of the model.',
  says: [
    /checkpoint (?:loading failed|being loaded used)|load set tensor|value from checkpoint/,
    /(?:restor|load|resum)\w* .{0,30}(?:checkpoint|weights).{0,20}failed|cannot assign value to variable|attempting to restore variable/,
    /error\(?s?\)? in loading state_?dict|missing key\(?s?\)? in|unexpected key\(?s?\)? in/,
    /copying a param with shape/,
    /load(?:ing|ed)? (?:a )?weight.{0,80}(?:layers?|mismatch|shape)|layer count mismatch|compatible with the stored shape|objects could not be loaded/,
    /parameter groups?.{0,60}(?:match|different)|different number of parameter groups/,
    /(?:checkpoint|restor\w+|weights file|snapshot)\b.{0,160}(?:mismatch|match|incompatible|not compatible|corrupt|damaged|not found in|invalid|does not contain|unexpected|truncated)/,
    /not found in checkpoint|tensorslicereader|(?:failed|unable|cannot|could not) to (?:restore|load) (?:the )?(?:checkpoint|weights|model|optimizer|state)/,
    /pytorchstreamreader|failed finding central directory|invalid load key|unpicklingerror|ran out of input|headertoolarge|headertoosmall|metadataincompletebuffer|safetensorerror/,
    /file might be corrupted|not an sstable|names of parameters do not match|receives a shape .{1,60}but the expected shape|state[_ ]dict does not match|missing from (?:the )?checkpoint|truncated file|file signature not found|unexpected eof, expected|tree structures do not match|target dict keys and state dict keys/,
  ],
} as const satisfies CrashClass
