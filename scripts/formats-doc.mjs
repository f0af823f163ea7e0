// Writes docs/formats.md from the lists by which files are read. Run it after a build.
import { writeFileSync } from 'node:fs'
import { formatsDocument } from '../dist/cli/formats-document.js'

writeFileSync(new URL('../docs/formats.md', import.meta.url), formatsDocument())
