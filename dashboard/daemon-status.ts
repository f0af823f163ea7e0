import { ApiError, type Status } from './api.ts'
import { server } from './live-data.ts'

/** What the daemon says of itself; null while it does not, for the connection badge tells about that. */
export async function daemonStatus(): Promise<Status | null> {
  try {
    return await server.status()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return null
  }
}
