import { packageFolder } from './package-folder.ts'

/** What to type where a package that nanwatch is made of is not installed; null for any other error. */
export function missingPackage(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND') return null
  const name = /^Cannot find package '([^']+)'/.exec(error.message)?.[1]
  if (name === undefined) return null
  return `the package ${name} is not installed. Type: npm install --omit=dev --prefix '${packageFolder()}'`
}
