import { expect, test } from 'vitest'
import { repeat } from '../../dashboard/repeat.ts'

function rig(answers: boolean[]) {
  let requests = 0
  const waiting: { delayMs: number; callback: () => void }[] = []
  const ask = repeat(
    async () => {
      requests++
      return answers.shift() ?? true
    },
    500,
    {
      after: (delayMs, callback) => {
        waiting.push({ delayMs, callback })
        return () => undefined
      },
    },
  )
  const rest = async (): Promise<number> => {
    await new Promise((resolve) => setImmediate(resolve))
    const next = waiting.shift()
    next?.callback()
    await new Promise((resolve) => setImmediate(resolve))
    return next?.delayMs ?? 0
  }
  return { ask, rest, requests: () => requests }
}

test('a burst costs one request now and one after the rest', async () => {
  const { ask, rest, requests } = rig([])
  for (let i = 0; i < 50; i++) ask()
  expect(requests()).toBe(1)
  await rest()
  expect(requests()).toBe(2)
  await rest()
  expect(requests()).toBe(2)
})

test('a request that fails is made again without being asked for', async () => {
  const { ask, rest, requests } = rig([false, true])
  ask()
  expect(await rest()).toBe(3000)
  expect(requests()).toBe(2)
})
