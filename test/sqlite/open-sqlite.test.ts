import { expect, test } from 'vitest'
import { loadFault } from '../../src/sqlite/open-sqlite.ts'

const cases = [
  {
    name: 'no module anywhere',
    message: "Cannot find module '/a/better_sqlite3.node'\nRequire stack:\n- /a/dist/main.js",
    says: 'is missing',
  },
  {
    name: 'a module for another Node',
    message:
      "The module '/a/better_sqlite3.node'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 108. This version of Node.js requires\nNODE_MODULE_VERSION 115. Please try re-compiling",
    says: `was made for another Node than this one, ${process.version}`,
  },
  {
    name: 'a module for a newer system',
    message: "/lib/x86_64-linux-gnu/libm.so.6: version `GLIBC_2.38' not found (required by /a/better_sqlite3.node)",
    says: "does not fit this machine (/lib/x86_64-linux-gnu/libm.so.6: version `GLIBC_2.38' not found (required by /a/better_sqlite3.node))",
  },
]
for (const { name, message, says } of cases) {
  test(`${name} is told in one line`, () => expect(loadFault(message)).toBe(says))
}
