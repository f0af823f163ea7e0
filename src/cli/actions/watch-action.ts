import { join, resolve } from 'node:path'
import type { Config } from '../../config/config.ts'
import { checkConfig, loadConfig } from '../../config/load.ts'
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
    const config = configOf(args)
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
function configOf(args: WatchArguments): Config {
  const config = loadConfig(args.config)
  const json = {
    ...config,
    ...(args.paths !== undefined && args.paths.length > 0 ? { paths: args.paths } : {}),
    ...(args.host === undefined ? {} : { host: args.host }),
    ...(args.profile === undefined ? {} : { profile: args.profile }),
    ...(args.port === undefined ? {} : { port: args.port }),
    ...(args['token-file'] === undefined ? {} : { tokenFile: args['token-file'] }),
    ...(args.exclude === undefined ? {} : { exclude: [...config.exclude, ...args.exclude] }),
  }
  return checkConfig(json, 'command line')
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
