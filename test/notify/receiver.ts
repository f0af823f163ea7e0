import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

/** How a receiver answers one request. */
export type Answer = (response: ServerResponse) => void

/** A web server that takes what is posted to it, and answers as it is told: with one answer after the other, the last for ever. */
export class Receiver {
  readonly received: Received[] = []
  readonly url: string
  #answers: readonly Answer[]
  readonly #path = '/hook?secret=s3cret'

  private constructor(port: number, answers: readonly Answer[]) {
    this.url = `http://127.0.0.1:${port}${this.#path}`
    this.#answers = answers
  }

  static async start(...answers: readonly Answer[]): Promise<Receiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        receiver.received.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) })
        receiver.#answer(response)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const receiver = new Receiver((server.address() as AddressInfo).port, answers)
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    return receiver
  }

  answerFromNowOn(...answers: readonly Answer[]): void {
    this.#answers = answers
  }

  /** The idempotency keys of what came in, in order. */
  get keys(): (string | string[] | undefined)[] {
    return this.received.map(({ headers }) => headers['idempotency-key'])
  }

  #answer(response: ServerResponse): void {
    const [next, ...rest] = this.#answers
    if (rest.length > 0) this.#answers = rest
    next?.(response)
  }
}

export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(code, headers).end('thank you')
}

/** No answer at all. */
export const silence: Answer = () => undefined
