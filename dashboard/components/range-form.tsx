import { useRef } from 'preact/hooks'
import { runExtent } from '../extent.ts'
import { dispatch, range } from '../page-store.ts'
import { asRange } from '../view.ts'

/** The shown range as two numbers: the way to zoom without a mouse. */
export function RangeForm() {
  const form = useRef<HTMLFormElement>(null)
  const { axis, range: whole } = runExtent.value
  const shown = range.value
  const apply = (event: Event): void => {
    event.preventDefault()
    const fields = new FormData(form.current!)
    const typed = (name: string, otherwise: number | undefined): number =>
      fields.get(name) === '' ? (otherwise ?? Number.NaN) : Number(fields.get(name))
    dispatch({ type: 'zoom', range: asRange(typed('from', whole?.from), typed('to', whole?.to)) })
  }
  const field = (name: 'from' | 'to') => (
    <input
      key={`${name}${shown?.[name]}`}
      name={name}
      type="text"
      inputMode="numeric"
      autoComplete="off"
      aria-label={`${axis} ${name}`}
      placeholder={whole === null ? '' : String(Math.round(whole[name]))}
      defaultValue={shown === null ? '' : String(shown[name])}
      onChange={apply}
    />
  )
  return (
    <form class="range" ref={form} onSubmit={apply}>
      <span>{axis === 'step' ? 'Steps' : 'Samples'}</span>
      {field('from')}
      <span aria-hidden="true">–</span>
      {field('to')}
      <button type="button" disabled={shown === null} onClick={() => dispatch({ type: 'zoom', range: null })}>
        Show all
      </button>
    </form>
  )
}
