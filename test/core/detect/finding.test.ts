import { describe, expect, test } from 'vitest'
import { headlineOf, isOfUser, type Raise, stamped } from '../../../src/core/detect/finding.ts'
import { RULES } from '../../../src/core/detect/index.ts'
import { diagnose } from '../../../src/core/diagnose/diagnose.ts'
import { decodeJson } from '../../../src/protocol/json.ts'
import { contextOf } from '../diagnose/findings.ts'

const AT = `{"metric":"loss","role":"train_loss","step":300,"attempt":0,"offset":9,"value":9,"time":null}`

/** A finding as the first builds saved it: its facts name the rule, too. */
function saved(rule: string, facts: string): Raise {
  return decodeJson(`{"kind":"raise","rule":"${rule}","severity":"warning","at":${AT},"facts":${facts}}`)
}

describe('a finding that an earlier build saved', () => {
  const cases = [
    {
      finding: saved('spike', '{"kind":"spike","level":2,"ratio":4.5,"z":12}'),
      says: 'step 300: loss jumped to 9. Its recent level was 2; it stands at 4.5 times that, 12 spreads above it',
    },
    {
      finding: saved('frozen', '{"kind":"frozen","inARow":10}'),
      says: 'step 300: loss is 9. It is exactly the same for the 10th time in a row',
    },
    {
      finding: saved('loss-up', '{"kind":"own","when":"loss > 8","inARow":1,"values":[{"name":"loss","value":9}]}'),
      says: 'step 300: loss > 8 (loss-up). loss is 9.',
    },
    {
      finding: saved(
        'crashed',
        '{"kind":"crashed","crash":{"kind":"killed","severity":"critical","line":"Killed","place":null,"lines":[],"offset":9}}',
      ),
      says: 'step 300: the job ended: Killed.',
    },
  ]
  for (const { finding, says } of cases) {
    test(`is understood: ${finding.rule}`, () => {
      const { headline, why } = diagnose(finding, contextOf({}))
      expect(`${headline} ${why}`).toContain(says)
    })
  }
})

test('a finding has the name of its rule and its place from the runner', () => {
  const at = decodeJson<Raise['at']>(AT)
  expect(stamped('frozen', { kind: 'raise', severity: 'warning', facts: { inARow: 10 } }, at)).toEqual({
    kind: 'raise',
    rule: 'frozen',
    severity: 'warning',
    at,
    facts: { inARow: 10 },
  })
})

test('a rule of the user is every one that nanwatch has not', () => {
  for (const { name } of RULES) expect(isOfUser(saved(name, '{}'))).toBe(false)
  expect(isOfUser(saved('loss-up', '{}'))).toBe(true)
})

test('a headline of a log without steps begins with what happened', () => {
  const finding = saved('spike', '{"level":2,"ratio":4.5,"z":12}')
  expect(headlineOf({ ...finding, at: { ...finding.at, step: null } } as Raise)).toBe('loss jumped to 9.')
})
