import type { EntryBody, Reject } from '../protocol/wire.ts'

/** What happens, for whoever looks at the daemon: a terminal, or a program that reads its JSON lines. */
export type DaemonEvent =
  | {
      readonly type: 'ready'
      readonly url: string
      readonly version: string
      readonly pid: number
      readonly files: number
      readonly database: string
    }
  | EntryBody
  | { readonly type: 'reject'; readonly reject: Reject }
  | { readonly type: 'error'; readonly where: string; readonly reason: string }
  | { readonly type: 'stopped' }
