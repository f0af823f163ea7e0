import { line, type PortedCase, span } from '../ported-case.ts'

const LOG = 'train.jsonl'

function utf16(text: string, isBigEndian = false): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le')
  return isBigEndian ? bytes.swap16() : bytes
}

function inUtf16(isBigEndian: boolean): PortedCase['play'] {
  return async (scene) => {
    scene.text(LOG, utf16(`\ufeff${line(1)}${line(2)}`, isBigEndian))
    await scene.reads(LOG, 1, 2)
    scene.text(LOG, utf16(line(3), isBigEndian))
  }
}

export const encodings: readonly PortedCase[] = [
  {
    name: 'a mark of UTF-8 is no part of the first line',
    origins: ['filebeat: BOMUTF8', 'alloy: BOM UTF-8'],
    async play(scene) {
      scene.text(LOG, `\ufeff${line(1)}${line(2)}`)
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'UTF-16 with the little end first is read by its mark',
    origins: ['filebeat: UTF16BOMs', 'fluent-bit: utf16le', 'alloy: BOM UTF-16LE'],
    play: inUtf16(false),
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'UTF-16 with the big end first is read by its mark',
    origins: ['filebeat: UTF16BOMs', 'fluent-bit: utf16be', 'alloy: BOM UTF-16BE'],
    play: inUtf16(true),
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'UTF-16 is read on after a restart in the middle of the file, where there is no mark',
    origins: ['alloy: BOM, resumed mid-file'],
    async play(scene) {
      scene.text(LOG, utf16(`\ufeff${line(1)}{"ste`))
      await scene.reads(LOG, 1)
      await scene.stop()
      scene.text(LOG, utf16(`p": 2, "loss": 2}\n${line(3)}`))
      await scene.start()
    },
    lines: { [LOG]: [1, 2, 3] },
  },
  {
    name: 'a character of four bytes in UTF-16 that is written in pieces does not end a line',
    origins: ['otel: Encodings, emoji in UTF-16', 'telegraf: CharacterEncoding'],
    async play(scene) {
      const bytes = utf16('\ufeff{"step": 1, "loss": 1, "note": "\u{1f525}\u0a0a"}\n')
      for (let at = 0; at < bytes.length; at += 3) {
        scene.text(LOG, bytes.subarray(at, at + 3))
        await new Promise((resolve) => setTimeout(resolve))
      }
      scene.text(LOG, utf16(line(2)))
    },
    lines: { [LOG]: [1, 2] },
  },
  {
    name: 'a character of UTF-8 that is written in two pieces stays whole',
    origins: ['vector: delimiter straddling the buffer edge', 'fluent-bit: utf8-safe cut'],
    async play(scene) {
      const bytes = Buffer.from('{"step": 1, "loss": 1, "note": "é"}\n')
      const middle = bytes.indexOf(0xc3) + 1
      scene.text(LOG, bytes.subarray(0, middle))
      await scene.settle()
      scene.text(LOG, bytes.subarray(middle))
    },
    lines: { [LOG]: [1] },
  },
  {
    name: 'bytes that are no UTF-8 within a string spoil no number',
    origins: ['vector: non_utf8_encoded_file', 'fluent-bit: 12 legacy encodings (as Latin-1 here)'],
    async play(scene) {
      scene.append(LOG, 1)
      scene.text(LOG, Buffer.from('{"step": 2, "loss": 2, "note": "caf\u00e9"}\n', 'latin1'))
      scene.append(LOG, 3)
    },
    lines: { [LOG]: span(1, 3) },
  },
  {
    name: 'the encoding is found anew after a truncation',
    origins: ['otel: Encodings'],
    async play(scene) {
      scene.text(LOG, utf16(`\ufeff${line(1)}`))
      await scene.reads(LOG, 1)
      scene.write(LOG, 2, 3)
    },
    lines: { [LOG]: [1, 2, 3] },
    gaps: 1,
  },
]
