import { packageFolder } from './package-folder.ts'

/** What to type where a package that nanwatch needs beside itself is not installed; null for any other error. */
export function missingPackage(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if (error.cause !== undefined) return missingPackage(error.cause)
  if (!('code' in error) || error.code !== 'MODULE_NOT_FOUND') return null
  const name = /^Cannot find module '([^'.][^']*)\/package\.json'/.exec(error.message)?.[1]
  if (name === undefined) return null
  return `the package ${name} is not installed. Type: npm install --omit=dev --prefix '${packageFolder()}'`
}
