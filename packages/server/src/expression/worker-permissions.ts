import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The file that a worker process runs. */
export const WORKER_PROGRAM = fileURLToPath(new URL('worker-main.ts', import.meta.url))
/** JSONata's own script. */
export const LIBRARY_FILE = createRequire(import.meta.url).resolve('jsonata')

/** Empty: a worker process gets no environment variable, and so none of the server's secrets. */
export const WORKER_ENVIRONMENT: Readonly<Record<string, string>> = {}

/**
 * The Node.js flags of a worker process. The permission model lets it read its own program and JSONata, and denies
 * writing files, starting processes and threads, and loading native code. From Node.js 25 on it also denies the network.
 */
export const WORKER_PERMISSIONS: readonly string[] = [
  '--permission',
  `--allow-fs-read=${join(dirname(WORKER_PROGRAM), '*')}`,
  `--allow-fs-read=${LIBRARY_FILE}`,
]
