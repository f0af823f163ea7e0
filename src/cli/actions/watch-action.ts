import { join, resolve } from 'node:path'
import type { Config } from '../../config/config.ts'
import { loadConfig } from '../../config/load.ts'
import { isAbsent, NOT_THERE_YET } from '../../daemon/awaited-roots.ts'
import { runDaemon } from '../../daemon/daemon.ts'
import { daemonStore } from '../../daemon/daemon-store.ts'
import { encodeJson } from '../../protocol/json.ts'
import { scan } from '../../tail/scan.ts'
import type { ConfigSource } from '../config-source.ts'
import { type DatabaseSource, databaseBy } from '../database-source.ts'
import { packageFolder, packageVersion } from '../package-folder.ts'
import { printEvent } from '../print-event.ts'
import { GivenRuns } from '../scan-paths.ts'
import type { Shell } from '../shell.ts'
import { printable, type Terminal } from '../terminal.ts'

export interface WatchArguments extends ConfigSource, DatabaseSource {
  paths?: string[] | undefined
  host?: string | undefined
  port?: number | undefined
  'token-file'?: string | undefined
  exclude?: string[] | undefined
  json: boolean
  'dry-run': boolean
}

export const watch =
  ({ terminal, outlive }: Shell) =>
  async (args: WatchArguments) => {
    const followOutputs = args['dry-run'] ? undefined : outlive()
    const config = await configOf(args)
    const roots = config.paths.map((path) => resolve(path))
    if (args['dry-run']) return dryRun(roots, config, args.json, terminal)
    await runDaemon(
      {
        config,
        roots,
        database: daemonStore(databaseBy(args, config), config.retention),
        version: packageVersion(),
        dashboard: join(packageFolder(), 'dist/dashboard'),
        onEvent: (event) => printEvent(event, args.json, terminal),
        ...(followOutputs === undefined ? {} : { followOutputs }),
      },
      terminal.signal,
    )
  }

/** The configuration file, with what the command line says on top. */
async function configOf(args: WatchArguments): Promise<Config> {
  const config = await loadConfig(args.config)
  const { port } = args
  const changed = {
    ...config,
    ...(args.paths !== undefined && args.paths.length > 0 ? { paths: args.paths } : {}),
    ...(args.host === undefined ? {} : { host: args.host }),
    ...(args.profile === undefined ? {} : { profile: args.profile }),
    ...(port === undefined ? {} : { port }),
    ...(args['token-file'] === undefined ? {} : { tokenFile: args['token-file'] }),
    ...(args.exclude === undefined ? {} : { exclude: [...config.exclude, ...args.exclude] }),
  }
  // Nothing else of a command line can be wrong by now.
  if (port === undefined || (Number.isInteger(port) && port >= 0 && port <= 65_535)) return changed
  const { checkConfig } = await import('../../config/read-config.ts')
  return checkConfig(changed, 'command line')
}

async function dryRun(roots: readonly string[], config: Config, json: boolean, terminal: Terminal): Promise<void> {
  const given = new GivenRuns(roots)
  for (const root of roots) {
    if (await isAbsent(root)) {
      if (json) terminal.stdout(`${encodeJson({ type: 'error', where: root, reason: NOT_THERE_YET })}\n`)
      else terminal.stderr(`${printable(root)}: ${NOT_THERE_YET}\n`)
      continue
    }
    const { rootName, files } = await scan(root, config.exclude)
    const runs = given.name(root, rootName, files)
    for (const { path } of files) {
      const run = runs.get(path)!
      terminal.stdout(
        json ? `${encodeJson({ type: 'would-follow', file: path, run })}\n` : `${printable(run)}\t${printable(path)}\n`,
      )
    }
    if (!json)
      terminal.stderr(
        `${printable(root)}: ${files.length} files, ${new Set(files.map(({ path }) => runs.get(path))).size} runs\n`,
      )
  }
}
