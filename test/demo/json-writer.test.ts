import { expect, test } from 'vitest'
import { type PythonValue, pythonJson } from '../../src/demo/json-writer.ts'

const cases: { name: string; value: PythonValue; text: string }[] = [
  { name: 'a NaN bare', value: { step: 3, loss: Number.NaN }, text: '{"step": 3, "loss": NaN}' },
  { name: 'both infinities bare', value: [Infinity, -Infinity], text: '[Infinity, -Infinity]' },
  { name: 'a float32 as the equal double', value: Float32Array.of(0.1), text: '[0.10000000149011612]' },
  { name: 'an exact 0 as 0', value: [Float32Array.of(0, 1)], text: '[[0, 1]]' },
  { name: 'the smallest float32', value: 2 ** -149, text: '1.401298464324817e-45' },
]

for (const { name, value, text } of cases) {
  test(`pythonJson writes ${name}`, () => expect(pythonJson(value)).toBe(text))
}
