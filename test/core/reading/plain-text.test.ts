import { expect, test } from 'vitest'
import { plainText } from '../../../src/core/reading/plain-text.ts'

const ESCAPE = '\u001b'

const cases = [
  { name: 'a line without sequences is as it was', text: 'loss [0.5] ]8; nan', plain: 'loss [0.5] ]8; nan' },
  {
    name: 'colours go',
    text: `${ESCAPE}[1m 1/18${ESCAPE}[0m loss: ${ESCAPE}[38;5;9mnan${ESCAPE}[m`,
    plain: ' 1/18 loss: nan',
  },
  { name: 'a colour with colons goes', text: `${ESCAPE}[38:2::1:2:3mnan`, plain: 'nan' },
  { name: 'moves of the cursor go', text: `${ESCAPE}[2K${ESCAPE}[1G${ESCAPE}[?25lloss 1${ESCAPE}[A`, plain: 'loss 1' },
  { name: 'a link with a bell goes', text: `${ESCAPE}]8;;file:///a\u0007step 3${ESCAPE}]8;;\u0007`, plain: 'step 3' },
  {
    name: 'a link with a terminator goes',
    text: `${ESCAPE}]8;;x${ESCAPE}\\step 3${ESCAPE}]8;;${ESCAPE}\\`,
    plain: 'step 3',
  },
  { name: 'the choice of a character set goes', text: `${ESCAPE}(Bloss 1`, plain: 'loss 1' },
  { name: 'a link without an end keeps its text', text: `${ESCAPE}]loss 1`, plain: ']loss 1' },
  { name: 'a sequence that the line cuts off goes', text: `loss 1${ESCAPE}[31`, plain: 'loss 1' },
  { name: 'an escape by itself goes', text: `loss${ESCAPE}`, plain: 'loss' },
]

for (const { name, text, plain } of cases) {
  test(name, () => expect(plainText(text)).toBe(plain))
}
