import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The program of a child process. */
export const CHILD_PROGRAM = fileURLToPath(new URL('child-main.ts', import.meta.url))
/** JSONata's own script. */
export const LIBRARY_FILE = createRequire(import.meta.url).resolve('jsonata')

/** No setting of the server, and so no secret among them, is a child's business. */
export const CHILD_ENVIRONMENT: Readonly<Record<string, string>> = {}

/**
 * The flags of Node.js under which a child runs: it reads its own program and JSONata, and by the permission model
 * writes no file, starts no process and no thread, and loads no native code. From Node.js 25 on it reaches no network.
 */
export const CHILD_RIGHTS: readonly string[] = [
  '--permission',
  `--allow-fs-read=${join(dirname(CHILD_PROGRAM), '*')}`,
  `--allow-fs-read=${LIBRARY_FILE}`,
]
