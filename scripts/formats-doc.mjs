// Writes docs/formats.md from the lists by which files are read, and the endings of files into docs/cli.md. Run it after a build.
import { readFileSync, writeFileSync } from 'node:fs'
import { formatsDocument, withFileEndings } from '../build/cli/formats-document.js'

const COMMANDS = new URL('../docs/cli.md', import.meta.url)

writeFileSync(new URL('../docs/formats.md', import.meta.url), formatsDocument())
writeFileSync(COMMANDS, withFileEndings(readFileSync(COMMANDS, 'utf8')))
