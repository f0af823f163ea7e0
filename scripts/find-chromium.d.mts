/** What a browser of the tests is started with. */
export const CHROMIUM_ARGS: string[]

/** The path of the Chromium that the browser tests use. Throws, with the commands to type, where there is none. */
export function findChromium(): string
