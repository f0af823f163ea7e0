import { effect } from '@preact/signals'
import { render } from 'preact'
import 'uplot/dist/uPlot.min.css'
import './styles.css'
import { startClock } from './clock.ts'
import { App } from './components/dashboard-page.tsx'
import { goLive } from './live-data.ts'
import { followLocation } from './location.ts'
import { firingCritical } from './page-store.ts'
import { startTheme } from './theme.ts'

startTheme()
startClock()
followLocation()
goLive()
effect(() => {
  document.title = firingCritical.value > 0 ? `(${firingCritical.value}) nanwatch` : 'nanwatch'
})
render(<App />, document.getElementById('app')!)
