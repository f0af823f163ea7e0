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
  {
    name: 'a colour goes whose escape is written as a number',
    text: '#033[38;5;4mstage 2 loss 0.25#033[0m',
    plain: 'stage 2 loss 0.25',
  },
  { name: 'the same of a character set', text: '#033(B#033[mloss 1', plain: 'loss 1' },
  {
    name: 'a tab behind a number',
    text: 'Epoch: [3]#011Loss 1.5 (2.0)#0110.5',
    plain: 'Epoch: [3]\tLoss 1.5 (2.0)\t0.5',
  },
  { name: 'a tab between names', text: 'iter#011loss#011acc', plain: 'iter\tloss\tacc' },
  { name: 'a tab between values', text: '12#0110.5#011nan', plain: '12\t0.5\tnan' },
  {
    name: 'a bar that is drawn again',
    text: '#015 40%|███ | 4/10]#015fit:  50%|',
    plain: '\r 40%|███ | 4/10]\rfit:  50%|',
  },
  {
    name: 'a count that is drawn again',
    text: '#0153/9 [==>] - loss: 2.5#010#010#0104/9',
    plain: '\r3/9 [==>] - loss: 2.5\b\b\b4/9',
  },
  { name: 'a bar in colours', text: '#033[35m#015  1%|▏#033[0m#015', plain: '\r  1%|▏\r' },
  {
    name: 'a message of several lines',
    text: 'Traceback:#012  File "a.py"#012    fit()#012ValueError: x',
    plain: 'Traceback:\n  File "a.py"\n    fit()\nValueError: x',
  },
  ...[
    'worker #012: loss 0.5',
    'Epoch #010 loss 0.5',
    'step #0101 loss 0.5',
    '#011 loss 0.5',
    '#012: loss 0.5',
    '#0150 loss 0.5',
    'run (#012) at epoch 3',
    'try: #011 of 100, loss 0.5',
    'colour "#011627" and #0a0b0c',
    'issue#010: loss 0.5',
    'room #033 loss 0.5',
    '#099 and #018',
  ].map((text) => ({ name: `a number stays: ${text}`, text, plain: text })),
  { name: 'an escape by itself goes', text: `loss${ESCAPE}`, plain: 'loss' },
]

for (const { name, text, plain } of cases) {
  test(name, () => expect(plainText(text)).toBe(plain))
}
