import { serverNowMs } from '../clock.ts'
import { agoText } from '../time-text.ts'

/** A time as "3 min ago", exact on hover. */
export function Ago({ iso, prefix = '' }: { iso: string; prefix?: string }) {
  return (
    <time dateTime={iso} title={`${prefix}${iso}`}>
      {agoText(iso, serverNowMs.value)}
    </time>
  )
}
