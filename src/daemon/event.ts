import type { EntryBody, Reject } from '../protocol/wire.ts'

/** What happens in the daemon, for a terminal or for a program that reads its JSON lines. */
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
