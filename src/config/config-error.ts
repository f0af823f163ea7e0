/** The configuration, or the command line, asks for something that cannot be. Says what, where and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
