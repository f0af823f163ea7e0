import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { BINARY_HEAD_BYTES, binaryFrom } from '../../../src/core/reading/binary.ts'
import { joined, utf8, utf16 } from './bytes.ts'

const controls = new Uint8Array(1229).fill(1)

test('a head is text until it holds one control byte too many, and says where that is', () => {
  expect(binaryFrom(controls.subarray(1), 'utf-8')).toBe(null)
  expect(binaryFrom(controls, 'utf-8')).toBe(1228)
  expect(binaryFrom(joined(utf8('step'), controls), 'utf-8')).toBe(1232)
})

test('what is behind the first 4 KiB does not count', () => {
  expect(binaryFrom(joined(utf8('x'.repeat(2868)), controls), 'utf-8')).toBe(null)
  expect(binaryFrom(joined(utf8('x'.repeat(2867)), controls), 'utf-8')).toBe(4095)
})

test('what a log is full of is no sign: line ends, tabs, backspaces, colours and zeros', () => {
  expect(binaryFrom(utf8('\0\b\t\n\r\u001b'.repeat(700)), 'utf-8')).toBe(null)
})

test('the bytes of UTF-16 are no control bytes', () => {
  expect(binaryFrom(utf16('\u0101'.repeat(2000)), 'utf-16le')).toBe(null)
})

/** One line as the encodings of East and West have it, in hexadecimal. */
const LEGACY: Readonly<Record<string, string>> = {
  GBK: 'b5da3132b2bd20d1b5c1b7cbf0caa73a20302e3520d1a7cfb0c2ca',
  'Shift JIS': '83588365836283763132208a778f4b91b98eb83a20302e3520955c8ea6',
  'Latin-1': 'e9706f71756520313220e02063f474e93a20706572746520302e35',
  'Windows-1251': 'f8e0e320313220efeef2e5f0e83a20302e35',
  'EUC-KR': 'b4dcb0e820313220bcd5bdc73a20302e35',
  Big5: 'a842c64a20313220b76ca5a23a20302e35',
  'ISO-2022-JP': '1b244225392546254325571b28423132201b2442423b3c3a1b28423a20302e35',
}

for (const [encoding, line] of Object.entries(LEGACY)) {
  test(`a log in ${encoding} is text`, () => {
    const one = Buffer.concat([Buffer.from(line, 'hex'), Buffer.from('\r\n')])
    expect(binaryFrom(Buffer.concat(Array(400).fill(one)), 'utf-8')).toBe(null)
  })
}

test('a log of progress bars, colours, titles and bells is text, in UTF-8 and in Latin-1', () => {
  const bar = '\r 45%|████▌     | 45/100 \u001b[31mloss é 0.5\u001b[0m\u001b(B\u001b]0;train\u0007\b\b\b\u000f'
  expect(binaryFrom(utf8(bar.repeat(100)), 'utf-8')).toBe(null)
  expect(binaryFrom(Buffer.from(bar.repeat(100), 'latin1'), 'utf-8')).toBe(null)
})

test('a log that is half zeros is text', () => {
  expect(binaryFrom(joined(utf8('step 1\n'), new Uint8Array(3000), utf8('étape 2\n'.repeat(200))), 'utf-8')).toBe(null)
})

const BODIES: Readonly<Record<string, () => Uint8Array>> = {
  'random bytes': () => randomBytes(1024),
  'what gzip makes, without its head': () => gzipSync(randomBytes(3000).toString('base64')).subarray(10),
  'what deflate makes': () => deflateRawSync(randomBytes(3000).toString('hex')),
  'floats of 32 bits': () => new Uint8Array(Float32Array.from({ length: 1024 }, (_, n) => Math.sin(n) / 3).buffer),
  'floats of 64 bits': () => new Uint8Array(Float64Array.from({ length: 512 }, (_, n) => Math.sin(n) / 3).buffer),
  'tokens of 64 bits': () =>
    new Uint8Array(BigInt64Array.from({ length: 512 }, (_, n) => BigInt((n * 7919) % 50257)).buffer),
  'a program': () => readFileSync(process.execPath).subarray(0, BINARY_HEAD_BYTES),
}
for (const [name, body] of Object.entries(BODIES)) {
  test(`${name}: no text, wherever a read cuts them`, () => {
    for (let round = 0; round < 20; round++) {
      const bytes = body()
      const at = binaryFrom(bytes, 'utf-8')
      expect(at).not.toBe(null)
      expect(binaryFrom(bytes.subarray(0, at! + 1), 'utf-8')).toBe(at)
      expect(binaryFrom(bytes.subarray(0, at!), 'utf-8')).toBe(null)
    }
  })
}

const SIGNED: Readonly<Record<string, string>> = {
  'an npz or a checkpoint of PyTorch': '504b0304',
  'a picture': '89504e470d0a1a0a0000000d49484452',
  'a pickle': '80049526000000000000007d948c046c6f7373',
  'a file of safetensors': '58000000000000007b22775f',
  'a database of SQLite': '53514c69746520666f726d6174203300',
}
for (const [name, hex] of Object.entries(SIGNED)) {
  test(`${name} is known by its first bytes, wherever a read cuts them`, () => {
    const bytes = joined(Buffer.from(hex, 'hex'), utf8('text'.repeat(100)))
    const at = binaryFrom(bytes, 'utf-8')
    expect(at).toBeLessThan(16)
    expect(binaryFrom(bytes.subarray(0, at! + 1), 'utf-8')).toBe(at)
    expect(binaryFrom(bytes.subarray(0, at!), 'utf-8')).toBe(null)
  })
}
