import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { utf8, utf16 } from '../core/reading/bytes.ts'
import { tempFolder } from '../temp-folder.ts'
import { Reading } from './reading.ts'

const TEXT = 'step 1\r\nbar\rbar\b\bé∞😀\u001b[31mred\u001b[0m\n\n\0\0x{"loss": NaN}\r\r\nend'

for (const [encoding, bytes] of [
  ['UTF-8', utf8(TEXT)],
  ['UTF-16', utf16(TEXT)],
  ['UTF-16, big end first', utf16(TEXT, true)],
] as const) {
  test(`a log in ${encoding} that stops at any byte, across a restart, gives the lines of the whole`, async () => {
    const folder = await tempFolder()
    const whole = await linesOf(join(folder, 'whole.log'), [bytes])
    for (let cut = 1; cut < bytes.length; cut++) {
      const path = join(folder, `cut-${cut}.log`)
      expect(await linesOf(path, [bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole)
    }
    expect(whole.map(([text]) => text)).toEqual(['step 1', 'bar', 'bar', 'é∞😀red', 'x{"loss": NaN}', 'end'])
  })
}

/** The lines and their offsets, when the parts are written one after the other with a restart between. */
async function linesOf(path: string, parts: readonly Uint8Array[]): Promise<readonly (readonly [string, number])[]> {
  const reading = new Reading(path)
  onTestFinished(() => reading.close())
  await writeFile(path, '')
  for (const part of parts) {
    await appendFile(path, part)
    await reading.catchUp()
    await reading.restart()
  }
  await reading.catchUp(true)
  await reading.close()
  return reading.lines.map((text, n) => [text, reading.offsets[n]!])
}
