import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePythonLiteral } from '../../../src/core/literals/python-literal.ts'
import { NonFiniteNumber, type RecordValue } from '../../../src/core/literals/record-value.ts'
import { anyText } from '../formats/texts.ts'

const cases: readonly { readonly name: string; readonly text: string; readonly value: RecordValue }[] = [
  {
    name: 'bare nan and inf',
    text: "{'loss': nan, 'grad_norm': -inf}",
    value: { loss: new NonFiniteNumber('NaN', 'nan'), grad_norm: new NonFiniteNumber('-Infinity', '-inf') },
  },
  { name: 'None, True and False', text: "{'a': None, 'b': True, 'c': False}", value: { a: null, b: true, c: false } },
  { name: 'double quotes', text: `{"it's": "1"}`, value: { "it's": '1' } },
  { name: 'escapes', text: String.raw`{'a': 'it\'s \x41 \u00e9\n\q'}`, value: { a: "it's A é\nq" } },
  { name: 'trailing commas', text: "{'a': [1, 2,], 'b': (3,),}", value: { a: [1, 2], b: [3] } },
  { name: 'nested dicts and tuples', text: "{'a': {'b': (1, 2)}}", value: { a: { b: [1, 2] } } },
  { name: 'names that are no strings', text: '{0: 0.5, (1): 2}', value: { 0: 0.5, '(1)': 2 } },
  {
    name: 'NumPy and PyTorch scalars',
    text: "{'a': np.float64(0.5), 'b': tensor(nan, device='cuda:0')}",
    value: { a: 0.5, b: new NonFiniteNumber('NaN', "tensor(nan, device='cuda:0')") },
  },
  {
    name: 'other expressions as their text',
    text: "{'dtype': torch.float32, 'at': datetime.date(2026, 1, 1), 'f': <function f at 0x7f>, 'loss': 0.5}",
    value: { dtype: 'torch.float32', at: 'datetime.date(2026, 1, 1)', f: '<function f at 0x7f>', loss: 0.5 },
  },
]
for (const { name, text, value } of cases) {
  test(`a Python dict may hold ${name}`, () => {
    expect(parsePythonLiteral(text, 0)).toEqual({ ok: true, value, end: text.length })
  })
}

test('it begins where it is told and says where it ended', () => {
  expect(parsePythonLiteral("  8%| {'loss': 0.5} 8%|", 6)).toEqual({ ok: true, value: { loss: 0.5 }, end: 19 })
})

for (const text of ["{'a': 1", "{'a'}", "{'a': 'x}", '{', '', "{'a': ]}", "{'a': 1 'b'}"]) {
  test(`${JSON.stringify(text)} is broken`, () => {
    expect(parsePythonLiteral(text, 0)).toMatchObject({ ok: false, reason: 'broken-json' })
  })
}

test('it never throws, however deep and long the text', () => {
  expect(parsePythonLiteral('('.repeat(256 * 1024), 0)).toMatchObject({ ok: false, reason: 'too-deep' })
  expect(parsePythonLiteral(`{'a': ${'<'.repeat(256 * 1024)}`, 0).ok).toBe(false)
  fc.assert(fc.property(anyText, (text) => void parsePythonLiteral(`{${text}`, 0)))
})
