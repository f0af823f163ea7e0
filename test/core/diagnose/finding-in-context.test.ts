import { describe, expect, test } from 'vitest'
import type { BatchEvidence } from '../../../src/core/diagnose/diagnosis.ts'
import {
  type BatchAt,
  explainWorst,
  type FindingInContext,
  isAbout,
} from '../../../src/core/diagnose/finding-in-context.ts'
import { messageOf } from '../../../src/protocol/alert.ts'
import { batchOf } from '../measure/batches.ts'
import { contextOf, evidenceOf, nonFiniteFinding } from './findings.ts'

const { trend } = contextOf({})
const FAILED: FindingInContext = { finding: nonFiniteFinding({ step: 812 }), trend, file: 'train.log' }
const BEFORE: FindingInContext = {
  finding: nonFiniteFinding({ step: 811, metric: 'grad_norm', role: 'grad_norm' }, 'warning'),
  trend,
  file: 'train.log',
}

const OVERFLOWING = evidenceOf(batchOf('probs', [[1, 1e-40]], [1]), { step: 811 })
const BROKEN = evidenceOf(batchOf('probs', [[Number.NaN, Number.NaN]], [1]))
const ZERO = evidenceOf(batchOf('probs', [[1, 0]], [1]))

function known(...batches: readonly BatchEvidence[]): BatchAt {
  return ({ step }) => batches.find((batch) => batch.step === step) ?? null
}

describe('explaining an incident', () => {
  const cases: readonly {
    readonly name: string
    readonly first: FindingInContext | null
    readonly batchAt: BatchAt
    readonly cause: object
    readonly says: RegExp
  }[] = [
    {
      name: 'by the worst finding, where there is but one',
      first: null,
      batchAt: known(BROKEN),
      cause: { code: 'R9-nan-in-model' },
      says: /^step 812: loss is NaN\. The predictions already hold NaN/,
    },
    {
      name: 'by the worst finding, where it shows its own cause',
      first: BEFORE,
      batchAt: known(OVERFLOWING, ZERO),
      cause: { code: 'R1-log-zero' },
      says: /^step 812: loss is NaN\. 1 of 1 row gave/,
    },
    {
      name: 'by the first one, where the worst only shows the damage',
      first: BEFORE,
      batchAt: known(OVERFLOWING, BROKEN),
      cause: { code: 'R28-nan-gradient' },
      says: /^step 812: loss is NaN\. It began before: step 811: grad_norm is NaN\. Row 0 gave/,
    },
    {
      name: 'by the first one, where the worst shows nothing',
      first: BEFORE,
      batchAt: known(OVERFLOWING),
      cause: { code: 'R28-nan-gradient' },
      says: /It began before: step 811/,
    },
    {
      name: 'by the damage, where the first one shows nothing',
      first: BEFORE,
      batchAt: known(BROKEN),
      cause: { code: 'R9-nan-in-model' },
      says: /^step 812: loss is NaN\. The predictions already hold NaN/,
    },
    {
      name: 'not at all, where neither shows anything',
      first: BEFORE,
      batchAt: known(),
      cause: { code: 'C29-nan-loss', confidence: 'weak' },
      says: /^step 812: loss is NaN\. The last finite value was 2\.25 at step 811\. The log does not say why/,
    },
  ]
  for (const { name, first, batchAt, cause, says } of cases) {
    test(name, () => {
      const diagnosis = explainWorst(first, FAILED, batchAt)
      expect(diagnosis.cause).toMatchObject(cause)
      expect(messageOf(diagnosis)).toMatch(says)
    })
  }
})

describe('a batch is about a finding', () => {
  const withoutStep: FindingInContext = { ...FAILED, finding: nonFiniteFinding({ step: null, offset: 90_000 }) }
  const cases: readonly {
    readonly name: string
    readonly found: FindingInContext
    readonly batch: Partial<BatchEvidence>
    readonly is: boolean
  }[] = [
    { name: 'of its step, in whatever file', found: FAILED, batch: { step: 812 }, is: true },
    { name: 'of another step', found: FAILED, batch: { step: 813 }, is: false },
    { name: 'of its step in another attempt', found: FAILED, batch: { step: 812, attempt: 1 }, is: false },
    { name: 'of its record, without a step', found: withoutStep, batch: { step: null, file: 'train.log' }, is: true },
    { name: 'of that byte of another file', found: withoutStep, batch: { step: null }, is: false },
    {
      name: 'of another record, without a step',
      found: withoutStep,
      batch: { step: null, file: 'train.log', offset: 1 },
      is: false,
    },
  ]
  for (const { name, found, batch, is } of cases) {
    test(`${is ? 'if' : 'not if'} it is ${name}`, () => expect(isAbout(found, { ...ZERO, ...batch })).toBe(is))
  }
})
