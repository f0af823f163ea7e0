import { once } from 'node:events'
import { onTestFinished, vi } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import { decodeJson } from '../../src/protocol/json.ts'
import type { Entry, Hello, ServerMessage } from '../../src/protocol/wire.ts'

const DEADLINE_MS = 10_000

/** One connection of a page. */
export class Client {
  readonly socket: WebSocket
  readonly messages: ServerMessage[] = []

  constructor(address: string, options: ClientOptions = {}) {
    this.socket = new WebSocket(`ws://${address}/ws`, options)
    this.socket.on('message', (data) => this.messages.push(decodeJson<ServerMessage>(String(data))))
    this.socket.on('error', () => undefined)
    onTestFinished(() => this.socket.terminate())
  }

  static async open(address: string, options: ClientOptions = {}): Promise<Client> {
    const client = new Client(address, options)
    await once(client.socket, 'open')
    return client
  }

  static async hello(address: string, hello: Partial<Hello> = {}): Promise<Client> {
    const client = await Client.open(address)
    client.say({ type: 'hello', epoch: null, lastSeq: 0, ...hello })
    return client
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  get entries(): Entry[] {
    return this.messages.flatMap((message) => (message.type === 'entries' ? message.entries : []))
  }

  get seqs(): number[] {
    return this.entries.map(({ seq }) => seq)
  }

  /** The code and the reason that the server closed it with. */
  async closed(): Promise<readonly [code: number, reason: string]> {
    const [code, reason] = (await once(this.socket, 'close', { signal: AbortSignal.timeout(DEADLINE_MS) })) as [
      number,
      Buffer,
    ]
    return [code, String(reason)]
  }
}

export function eventually<T>(check: () => T): Promise<T> {
  return vi.waitFor(check, { timeout: DEADLINE_MS, interval: 2 })
}
