// Writes docs/causes.md from the list of causes, and their codes into docs/cli.md. Run it after a build.
import { readFileSync, writeFileSync } from 'node:fs'
import { causesDocument, withCauseCodes } from '../build/core/causes/document.js'
import { withMeasured } from './measured-part.mjs'

const PAGE = new URL('../docs/causes.md', import.meta.url)
const COMMANDS = new URL('../docs/cli.md', import.meta.url)

writeFileSync(PAGE, withMeasured(readFileSync(PAGE, 'utf8'), causesDocument()))
writeFileSync(COMMANDS, withCauseCodes(readFileSync(COMMANDS, 'utf8')))
