import { join } from 'node:path'

/** The built server, as `npm start` runs it: the argument `serve` starts it. */
export const SERVER_PROGRAM = join(import.meta.dirname, '..', '..', 'packages', 'server', 'dist', 'main.js')
