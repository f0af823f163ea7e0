import { once } from 'node:events'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { serving } from './serving.ts'

test('a free port is taken and named in the address', async () => {
  const { server, port } = await serving()
  expect(server.url).toBe(`http://127.0.0.1:${port}`)
  expect(port).toBeGreaterThan(0)
})

test('a port in use is an error that says what to do', async () => {
  const { port } = await serving()
  await expect(serving({ port })).rejects.toThrow(`cannot serve: port ${port} is in use, perhaps by another nanwatch`)
})

test('an address of another machine is an error that says what to do', async () => {
  await expect(serving({ host: '192.0.2.1' })).rejects.toThrow('192.0.2.1 is no address of this machine')
})

const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'))

test.skipIf(!hasIpv6)('IPv6 is served too', async () => {
  const { server } = await serving({ host: '::1' })
  expect(server.url).toMatch(/^http:\/\/\[::1\]:\d+$/)
  expect((await fetch(`${server.url}/api/runs`)).status).toBe(200)
})

test('an end waits neither for an idle connection nor for a page that does not say goodbye', async () => {
  const { server, port } = await serving()
  const idle = connect(port, '127.0.0.1')
  await once(idle, 'connect')
  const deaf = connect(port, '127.0.0.1')
  deaf.write(
    `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  await once(deaf, 'data')
  expect(server.clients).toBe(1)

  const startMs = performance.now()
  await server.close()
  expect(performance.now() - startMs).toBeLessThan(5000)
  idle.destroy()
  deaf.destroy()
})
