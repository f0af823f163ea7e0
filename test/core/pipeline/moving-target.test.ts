import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { areOfMovingTarget } from '../../../src/core/records/fields.ts'
import { jsonLines, WatchedRun } from './watched-run.ts'

interface Trained {
  readonly kind: string
  readonly job: string
  readonly name: string
  readonly setting: string
  readonly losses: readonly number[]
}

/** Losses of small jobs that learned, made by bench/alarms/train.py. */
const TRAINED: readonly Trained[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/alarms/trained.json'), 'utf8'),
)
const BESIDE: Readonly<Record<string, object>> = {
  'reinforcement learning': { episode_reward: 12 },
  GAN: { d_loss: 0.7, g_loss: 0.7 },
}

for (const { kind, job, name, setting, losses } of TRAINED) {
  test(`nobody is woken by a job that learns: ${kind}, ${job} ${setting}, ${name}`, () => {
    const records = losses.map((loss, step) => ({ step, loss, ...BESIDE[kind] }))
    const { alerts } = new WatchedRun().read('log.jsonl', jsonLines(...records))
    expect(alerts.filter(({ severity }) => severity === 'critical')).toEqual([])
  })
}

describe('the target of a loss moves', () => {
  const growing = Array.from({ length: 60 }, (_, step) => ({
    step,
    loss: step < 50 ? 2 + (step % 7) / 100 : 30 * 2 ** (step - 50),
  }))
  const severityOf = (beside: object) => {
    const records = growing.map((record) => ({ ...record, ...beside }))
    return new WatchedRun().read('log.jsonl', jsonLines(...records)).alert('exploding').severity
  }

  test('where a reward or an opponent is logged beside it: what grows is warned of and wakes nobody', () => {
    expect(severityOf({ episode_reward: 3 })).toBe('warning')
    expect(severityOf({ 'rollout/ep_rew_mean': 3 })).toBe('warning')
    expect(severityOf({ d_loss: 1, g_loss: 2 })).toBe('warning')
    expect(severityOf({ accuracy: 0.5, lr: 0.1 })).toBe('critical')
  })

  test.each([
    ['where the lines count them', (at: number, loss: number) => `episode: ${at} | loss: ${loss}`, 'warning'],
    ['behind a length', (at: number, loss: number) => `Episode ${at}/60 steps: ${at % 9} loss: ${loss}`, 'warning'],
    ['where objects count them', (at: number, loss: number) => JSON.stringify({ episode: at, loss }), 'warning'],
    ['in Chinese', (at: number, loss: number) => `回合 ${at} 损失 ${loss}`, 'warning'],
    ['below a heading', (at: number, loss: number) => `Episode ${at}\n  loss: ${loss}`, 'warning'],
    [
      'but not where they are those of a classifier',
      (at: number, loss: number) => `episode ${at} loss ${loss} acc 0.5`,
      'critical',
    ],
    ['nor with held-out data', (at: number, loss: number) => `episode ${at} loss ${loss} val_loss 0.5`, 'critical'],
    ['nor where epochs are counted', (at: number, loss: number) => `ep ${at} loss ${loss}`, 'critical'],
  ])('where it speaks of episodes, %s', (_, line, severity) => {
    const text = growing.map(({ step, loss }) => line(step, loss)).join('\n')
    const run = new WatchedRun()
    run.read('job.log', text.slice(0, 900))
    expect(run.read('job.log', `${text}\n`).alert('exploding').severity).toBe(severity)
  })

  test('what runs away without end, or is NaN, is as bad as ever where only episodes are counted', () => {
    const lines = (last: (at: number) => string) =>
      Array.from(
        { length: 60 },
        (_, at) => `episode ${at} loss ${at < 40 ? 2 + (at % 7) / 100 : last(at - 39)}\n`,
      ).join('')
    const endless = new WatchedRun().read(
      'job.log',
      lines((at) => `3e${at}`),
    )
    expect(endless.alert('exploding').severity).toBe('critical')
    expect(
      new WatchedRun()
        .read(
          'job.log',
          lines(() => 'nan'),
        )
        .alert('non-finite').severity,
    ).toBe('critical')
  })

  test('wherever in the file the reward stands', () => {
    const records = [{ step: 0, mean_return: 5 }, ...growing]
    const run = new WatchedRun()
    run.read('log.jsonl', jsonLines(...records.slice(0, 1)))
    expect(run.read('log.jsonl', jsonLines(...records)).alert('exploding').severity).toBe('warning')
  })

  test('a loss of exactly 0 where nothing was gained hides no NaN', () => {
    const records = Array.from({ length: 80 }, (_, step) => ({
      step,
      loss: step % 40 < 25 ? 0.7 : 0,
      grad_norm: step % 40 < 25 ? 1 : 0,
      reward: 0,
    }))
    const { alerts } = new WatchedRun().read('log.jsonl', jsonLines(...records))
    expect(alerts.map(({ rule, severity }) => [rule, severity])).toEqual([['constant-reward', 'warning']])
  })

  test('the loss of a network is the loss of the run where a policy learns and nothing whole is logged', () => {
    const severityAt = (last: object) => {
      const records = [
        { step: 0, ...last, value_loss: 1, entropy: 1, reward: 2 },
        { step: 1, ...last, value_loss: 'NaN', entropy: 1, reward: 2 },
      ]
      return new WatchedRun().read('log.jsonl', jsonLines(...records)).alert('non-finite').severity
    }
    expect(severityAt({ policy_loss: 0.1 })).toBe('critical')
    expect(severityAt({ policy_loss: 0.1, total_loss: 0.5 })).toBe('warning')
  })

  test('a policy that becomes certain slowly while its reward comes to its best is noted, until the reward falls', () => {
    const records = (reward: (at: number) => number) =>
      Array.from({ length: 200 }, (_, step) => ({
        step,
        entropy: 1.4 * Math.exp(-step / 25) + 0.003,
        reward: reward(step),
      }))
    const severityOf = (reward: (at: number) => number) =>
      new WatchedRun().read('log.jsonl', jsonLines(...records(reward))).alert('entropy-collapse').severity
    expect(severityOf((at) => Math.min(1, at / 60) + (at % 3) / 100)).toBe('info')
    expect(severityOf((at) => (at % 3) / 100)).toBe('warning')
    expect(severityOf((at) => (at < 170 ? Math.min(1, at / 60) : 0.2) + (at % 3) / 100)).toBe('warning')
  })

  test('a NaN in what a policy is told by wakes nobody', () => {
    for (const [name, severity] of [
      ['entropy', 'info'],
      ['entropy_loss', 'warning'],
      ['kl', 'info'],
      ['reward', 'info'],
      ['completions/mean_length', 'info'],
    ] as const) {
      const records = [1, 'NaN'].map((value, step) => ({ step, policy_loss: 0.1, [name]: value }))
      const run = new WatchedRun().read('log.jsonl', jsonLines(...records))
      expect([name, run.alert('non-finite').severity]).toEqual([name, severity])
    }
  })
})

test.each([
  ['reward', true],
  ['rollout/ep_rew_mean', true],
  ['Episode_Reward/track', true],
  ['charts/episodic_return', true],
  ['policy_loss', true],
  ['train/value_loss', false],
  ['loss_D', true],
  ['g_loss', true],
  ['discriminator_loss', true],
  ['loss', false],
  ['grad_norm', false],
  ['lr', false],
  ['gradient', false],
  ['epsilon', false],
  ['d_model', false],
  ['episode', true],
  ['n_episodes', true],
  ['ep', false],
  ['games', false],
])('%s shows that the target of the losses moves: %s', (name, shows) => {
  expect(areOfMovingTarget([name])).toBe(shows)
})

test.each([
  [['loss', 'score', 'epsilon'], true],
  [['loss', 'score', 'episode'], true],
  [['loss', 'ret', 'ep_len'], true],
  [['loss', 'mean_q'], true],
  [['loss', 'q_values'], true],
  [['value_loss', 'entropy'], true],
  [['loss', 'win_rate'], true],
  [['loss', '得分'], true],
  [['loss', 'rewards/chosen', 'rewards/margins', 'rewards/accuracies'], false],
  [['episode', 'loss', 'acc'], false],
  [['episode', 'train loss', 'val loss'], false],
  [['episode', 'loss', 'duration'], true],
  [['Score', 'Record', 'Loss'], true],
  [['loss', 'ep', 'lr'], false],
  [['loss', 'f1_score'], false],
  [['loss', 'cross_entropy', 'value_loss'], false],
  [['loss', 'kl'], false],
])('%s together show that the target moves: %s', (names, shows) => {
  expect(areOfMovingTarget(names)).toBe(shows)
})

test.each([
  ['points', (step: number) => ({ score: step % 9 }), 'warning'],
  ['points that are lost', (step: number) => ({ avg_score: -20.5 + step / 9 }), 'warning'],
  ['a share', (step: number) => ({ score: 0.5 + step / 900 }), 'critical'],
  ['a mark with decimals', (step: number) => ({ score: 20.5 + step / 9 }), 'critical'],
  ['points beside an accuracy', (step: number) => ({ score: step % 9, accuracy: 0.5 }), 'critical'],
])('a score that is %s', (_, beside, severity) => {
  const records = Array.from({ length: 60 }, (_, step) => ({
    step,
    loss: step < 50 ? 2 + (step % 7) / 100 : 30 * 2 ** (step - 50),
    ...beside(step),
  }))
  expect(new WatchedRun().read('log.jsonl', jsonLines(...records)).alert('exploding').severity).toBe(severity)
})
