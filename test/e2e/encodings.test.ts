import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { joined, utf8, utf16 } from '../core/reading/bytes.ts'
import { jsonLines, nanwatch, temporaryFolder } from './nanwatch.ts'

const LOG = `${Array.from({ length: 300 }, (_, n) => `step ${n} | loss: 0.5 | lr: 0.1 é\n`).join('')}step 300 | loss: nan`
const NOISE = Uint8Array.from({ length: 8000 }, (_, n) => (n * n * 2654435761) >>> 13)
const COMPRESSED = gzipSync(LOG)

const inputs: readonly {
  readonly name: string
  readonly bytes: Uint8Array
  readonly summary: object
  readonly code: number
}[] = [
  { name: 'UTF-16', bytes: utf16(LOG), summary: { samples: 601, rejects: 0, verdict: 'failed' }, code: 3 },
  {
    name: 'UTF-16, big end first',
    bytes: utf16(LOG, true),
    summary: { samples: 601, rejects: 0, verdict: 'failed' },
    code: 3,
  },
  { name: 'a compressed log', bytes: COMPRESSED, summary: { samples: 601, rejects: 0, verdict: 'failed' }, code: 3 },
  {
    name: 'a compressed log that was cut short',
    bytes: COMPRESSED.subarray(0, COMPRESSED.length - 8),
    summary: { samples: 601, rejects: 1, verdict: 'failed' },
    code: 3,
  },
  { name: 'bytes that are no text', bytes: NOISE, summary: { samples: 0, rejects: 1, verdict: 'no-data' }, code: 0 },
  {
    name: 'a compressed file that is no text',
    bytes: gzipSync(NOISE),
    summary: { samples: 0, rejects: 1, verdict: 'no-data' },
    code: 0,
  },
  {
    name: 'a log that goes on in bytes that are no text',
    bytes: joined(utf8(`${LOG}\n`), NOISE),
    summary: { samples: 601, rejects: 1, verdict: 'failed' },
    code: 3,
  },
]
for (const { name, bytes, summary, code } of inputs) {
  test(`${name}: the same from standard input as from a file`, async () => {
    const path = join(temporaryFolder(), 'train.log')
    writeFileSync(path, bytes)
    const ofFile = await nanwatch(['check', '--json', path])
    const ofInput = await nanwatch(['check', '--json', '-'], bytes)
    const [fromFile, fromInput] = [ofFile, ofInput].map(({ stdout }) => jsonLines(stdout))
    expect(fromFile?.at(-1)).toMatchObject(summary)
    expect(fromInput?.at(-1)).toEqual({ ...fromFile?.at(-1), file: '-', run: '-' })
    expect(fromInput?.map(({ offset, step }) => [offset, step])).toEqual(
      fromFile?.map(({ offset, step }) => [offset, step]),
    )
    expect([ofFile.code, ofInput.code]).toEqual([code, code])
    const warning =
      fromFile?.at(-1)?.['verdict'] === 'no-data' ? `${path}: nothing was read that could be judged\n` : ''
    expect(ofFile.stderr).toBe(warning)
  })
}

test('parse reads a compressed log, says where it is damaged, and numbers the bytes of its content', async () => {
  const path = join(temporaryFolder(), 'train.log.gz')
  const bytes = Buffer.from(COMPRESSED)
  bytes[bytes.length - 5]! ^= 1
  writeFileSync(path, bytes)
  const { stdout, stderr } = await nanwatch(['parse', '--json', path])
  const last = jsonLines(stdout).at(-1)
  expect(last).toMatchObject({
    step: 300,
    value: 'NaN',
    offset: Buffer.byteLength(LOG) - 'step 300 | loss: nan'.length,
  })
  expect(stderr).toContain(`byte ${Buffer.byteLength(LOG)}: damaged:`)
})
