import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { run } from './programs.ts'

const LOCKED = join(import.meta.dirname, 'linters')
const FILES = ['package.json', 'package-lock.json'] as const
const CACHE = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'sallyport', 'linters')

/**
 * Provides the packages that `linters/package-lock.json` names byte for byte, from the npm registry, in this project's cache.
 *
 * @returns a `require` that loads one of them by its name
 * @throws an error with npm's output if they are not available
 */
export async function npmLinters(): Promise<NodeJS.Require> {
  const lock = await readFile(join(LOCKED, 'package-lock.json'))
  const folder = join(CACHE, createHash('sha256').update(lock).digest('hex').slice(0, 16))
  if (!existsSync(folder)) await install(folder)
  return createRequire(join(folder, 'package.json'))
}

async function install(folder: string): Promise<void> {
  await mkdir(CACHE, { recursive: true })
  const draft = await mkdtemp(join(CACHE, 'installing-'))
  try {
    for (const file of FILES) await cp(join(LOCKED, file), join(draft, file))
    // Without peers: the package with Helm is made for a library of hundreds of megabytes.
    await run('npm', ['ci', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund'], {
      cwd: draft,
    })
    // Moved into place when complete, so that an interrupted run leaves no partial folder. Another process may have been faster.
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}
