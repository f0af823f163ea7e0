import { EventEmitter, once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Outputs } from '../../src/cli/outputs.ts'
import type { OutputChange } from '../../src/daemon/output-change.ts'

/** A connection whose far end takes nothing until it is told to. */
async function unread(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const near = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1')
  const [far] = (await once(server, 'connection')) as [Socket]
  far.pause()
  server.close()
  onTestFinished(() => {
    near.destroy()
    far.destroy()
  })
  return { near, far }
}

function outputsOf(stdout: Socket, stderr: Socket): { outputs: Outputs; exit: ReturnType<typeof vi.fn> } {
  const exit = vi.fn()
  const process = Object.assign(new EventEmitter(), { stdout, stderr, exit, kill: vi.fn(), pid: 0 })
  return { outputs: new Outputs(process as unknown as NodeJS.Process), exit }
}

const TEXT = `${'x'.repeat(1023)}\n`

test('a reader that stops reading costs a daemon 8 MiB and no more, is told, and is back once it reads on', async () => {
  const { near, far } = await unread()
  const { near: other } = await unread()
  const { outputs, exit } = outputsOf(near, other)
  const changes: OutputChange[] = []
  const unfollow = outputs.outlive()((change) => changes.push(change))
  onTestFinished(unfollow)
  for (let i = 0; i < 40_000; i++) outputs.stdout.write(TEXT)
  expect(near.writableLength).toBeLessThan(8.1 * 1024 * 1024)
  expect(changes).toMatchObject([
    { output: 'standard output', gone: { reason: 'its reader leaves more than 8 MiB unread' }, missed: null },
  ])
  far.resume()
  await vi.waitFor(() => expect(near.writableLength).toBe(0), { timeout: 10_000 })
  outputs.stdout.write(TEXT)
  expect(changes).toHaveLength(2)
  expect(changes[1]).toMatchObject({ gone: null, missed: expect.stringMatching(/: \d+ messages were dropped from /) })
  expect(exit).not.toHaveBeenCalled()
})

test('a command that ends with its reader waits for it, however much it has to print', async () => {
  const { near } = await unread()
  const { near: other } = await unread()
  const { outputs } = outputsOf(near, other)
  const kept = near.writableLength
  for (let i = 0; i < 20_000; i++) outputs.stdout.write(TEXT)
  // What the kernel has not taken is all still there.
  expect(near.writableLength + near.bytesWritten - kept).toBeGreaterThanOrEqual(20_000 * TEXT.length)
})

test('whoever follows the outputs late is told of those that are gone by then', async () => {
  const { near, far } = await unread()
  const { near: other } = await unread()
  const { outputs } = outputsOf(near, other)
  const follow = outputs.outlive()
  far.destroy()
  await vi.waitFor(() => {
    outputs.stdout.write(TEXT)
    expect(outputs.stdout.loss).not.toBeNull()
  })
  const changes: OutputChange[] = []
  onTestFinished(follow((change) => changes.push(change)))
  expect(changes).toMatchObject([
    { output: 'standard output', gone: { reason: expect.stringMatching(/^(its reader is gone|it is closed)$/) } },
  ])
})
