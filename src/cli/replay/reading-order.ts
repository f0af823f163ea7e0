import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { isPerStepName } from '../../core/formats/file-names.ts'
import { isPredictionName } from '../../core/records/prediction-fields.ts'

const HEAD_BYTES = 4096
/** A name in quotes before a colon: `"logits": [`. */
const KEY = /["']([\w./-]{1,80})["']\s*:/g
/** A first line that is a row of names. */
const HEADER = /^[\w./ -]{1,80}(?:[,;\t][\w./ -]{1,80})+\s*$/
/** What stands between its names. */
const SEPARATOR = /[,;\t]/
/** The digits at the end of a column's name: `logit_3`. */
const COLUMN = /_?\d+$/

/**
 * The files of a run in the order in which they are read: those with predictions last.
 *
 * Of the losses of a log many are kept until their batch comes, and of the batches few until their loss comes, for a
 * batch is large. A daemon reads both as they are written.
 */
export async function predictionsLast<Of extends { readonly path: string }>(files: readonly Of[]): Promise<Of[]> {
  if (files.length < 2) return [...files]
  const holding = new Set<Of>()
  for (const file of files) if (await mayHoldPredictions(file.path)) holding.add(file)
  return [...files.filter((file) => !holding.has(file)), ...files.filter((file) => holding.has(file))]
}

async function mayHoldPredictions(path: string): Promise<boolean> {
  if (isPerStepName(basename(path))) return true
  const names = namesIn(await headOf(path))
  return names.some((name) => isPredictionName(name.trim().replace(COLUMN, '').toLowerCase()))
}

/** The names that a JSON or a CSV file gives its values. */
function namesIn(head: string): readonly string[] {
  const [first = ''] = head.split('\n', 1)
  return HEADER.test(first) ? first.split(SEPARATOR) : [...head.matchAll(KEY)].map(([, name = '']) => name)
}

/** The first characters of a file; none of one that cannot be opened, which is told where it is read. */
async function headOf(path: string): Promise<string> {
  const file = await open(path).catch(() => null)
  if (file === null) return ''
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } catch {
    return ''
  } finally {
    await file.close()
  }
}
