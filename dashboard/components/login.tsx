import { useSignal } from '@preact/signals'
import { ApiError } from '../api.ts'
import { server } from '../live-data.ts'

/** Asks for the token of a server that other machines can reach. The page itself never keeps it. */
export function Login() {
  const failure = useSignal<string | null>(null)
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const token = String(new FormData(event.currentTarget as HTMLFormElement).get('token')).trim()
    try {
      await server.login(token)
      location.reload()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      failure.value = error.message
    }
  }
  return (
    <main class="empty" data-testid="login">
      <h2>This server asks for a token</h2>
      <p>It is in the file that was given to nanwatch as --token-file.</p>
      <form class="login" onSubmit={submit}>
        <input name="token" type="password" autoComplete="current-password" required aria-label="Token" />
        <button type="submit">Show the runs</button>
      </form>
      {failure.value !== null && (
        <p class="broken" role="alert">
          {failure.value}
        </p>
      )}
    </main>
  )
}
