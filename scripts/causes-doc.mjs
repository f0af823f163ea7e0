// Writes docs/causes.md from the table of causes. Run it after a build.
import { writeFileSync } from 'node:fs'
import { causesDocument } from '../dist/core/causes/document.js'

writeFileSync(new URL('../docs/causes.md', import.meta.url), causesDocument())
