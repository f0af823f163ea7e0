import type { CommandModule } from 'yargs'
import type { Shell } from '../shell.ts'
import { alerts } from './alerts.ts'
import { backtest } from './backtest.ts'
import { check } from './check.ts'
import { demo } from './demo.ts'
import { explain } from './explain.ts'
import { forget } from './forget.ts'
import { formats } from './formats.ts'
import { learn } from './learn.ts'
import { parse } from './parse.ts'
import { runs } from './runs.ts'
import { series } from './series.ts'
import { show } from './show.ts'
import { sql } from './sql.ts'
import { status } from './status.ts'
import { watch } from './watch.ts'

/** A command's module is checked where it is written, against arguments of its own. */
type Command = (shell: Shell) => { readonly [Part in keyof CommandModule]: unknown }

/** Every command, in the order of the help. To add one, write its file and add its line here. */
export const COMMANDS: readonly Command[] = [
  watch,
  check,
  backtest,
  explain,
  parse,
  formats,
  runs,
  show,
  alerts,
  series,
  status,
  forget,
  sql,
  learn,
  demo,
]
