import { expect, test, vi } from 'vitest'
import { type Api, ApiError } from '../../dashboard/api.ts'
import { LONG_SERIES_SAMPLES, seriesLoader } from '../../dashboard/series-loader.ts'
import { metricValue } from '../../src/protocol/value.ts'
import { answerOf, envelopeOf, infoOf, type TestSample } from './samples.ts'

const PAGE = 10_000

function server(count: number) {
  const samples: TestSample[] = []
  const asked: string[] = []
  let isDown = false
  const grow = (by: number): void => {
    for (let i = 0; i < by; i++) samples.push({ step: samples.length, value: metricValue(samples.length) })
  }
  grow(count)
  const refuse = (): void => {
    if (isDown) throw new ApiError('The server does not answer.')
  }
  const api = {
    samples: async (id: number, after: number) => {
      asked.push(`samples after ${after}`)
      refuse()
      return answerOf(id, samples, after + 1, PAGE)
    },
    envelope: async (id: number, buckets: number) => {
      asked.push('envelope')
      refuse()
      return envelopeOf(id, samples, buckets)
    },
  } as unknown as Api
  return {
    api,
    asked,
    grow,
    info: () => infoOf(1, samples.length),
    down: (value: boolean) => {
      isDown = value
    },
  }
}

function timers() {
  const waiting: (() => void)[] = []
  return {
    after: (_: number, callback: () => void) => {
      waiting.push(callback)
      return () => undefined
    },
    fire: () => {
      for (const callback of waiting.splice(0)) callback()
    },
  }
}

test('a short series is loaded sample by sample, and only what is new is asked for again', async () => {
  const { api, asked, grow, info } = server(15_000)
  const loader = seriesLoader(
    api,
    timers(),
    () => undefined,
    () => undefined,
  )
  loader.want([info()])
  await vi.waitFor(() => expect(loader.get(1)?.lastOrdinal).toBe(14_999))
  grow(3)
  loader.want([info()])
  await vi.waitFor(() => expect(loader.get(1)?.lastOrdinal).toBe(15_002))
  expect(asked).toEqual(['samples after -1', 'samples after 9999', 'samples after 14999'])
})

test('a series that has not grown is not asked for again', async () => {
  const { api, asked, info } = server(10)
  const loader = seriesLoader(
    api,
    timers(),
    () => undefined,
    () => undefined,
  )
  loader.want([info()])
  await vi.waitFor(() => expect(loader.get(1)?.lastOrdinal).toBe(9))
  loader.want([info()])
  loader.zoom({ from: 2, to: 4 })
  await Promise.resolve()
  expect(asked).toEqual(['samples after -1'])
})

test('a long series comes as an envelope and its newest sample, and a closer look sample by sample', async () => {
  const { api, asked, info } = server(LONG_SERIES_SAMPLES + 80_000)
  const loader = seriesLoader(
    api,
    timers(),
    () => undefined,
    () => undefined,
  )
  loader.want([info()])
  await vi.waitFor(() => expect(loader.get(1)?.newest).toBe(99_999))
  expect(asked).toEqual(['envelope', 'samples after 99998'])
  loader.zoom({ from: 40_000, to: 41_000 })
  await vi.waitFor(() => expect(loader.get(1)?.detail?.range).toEqual({ from: 40_000, to: 41_000 }))
  expect(asked).toHaveLength(3)
})

test('a refusal is reported, tried again after a pause, and taken back', async () => {
  const { api, info, down } = server(10)
  const clock = timers()
  const said: (string | null)[] = []
  const loader = seriesLoader(
    api,
    clock,
    () => undefined,
    (sentence) => said.push(sentence),
  )
  down(true)
  loader.want([info()])
  await vi.waitFor(() => expect(said).toEqual(['The server does not answer.']))
  down(false)
  clock.fire()
  await vi.waitFor(() => expect(loader.get(1)?.lastOrdinal).toBe(9))
  expect(said.at(-1)).toBeNull()
})

test('what arrives for a run that is no longer shown is dropped', async () => {
  const { api, info } = server(15_000)
  const loader = seriesLoader(
    api,
    timers(),
    () => undefined,
    () => undefined,
  )
  loader.want([info()])
  loader.clear()
  await new Promise((resolve) => setImmediate(resolve))
  expect(loader.get(1)).toBeNull()
})
