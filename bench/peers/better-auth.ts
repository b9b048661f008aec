import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../test/services/programs.ts'
import { PartAbsent } from '../results.ts'
import type { Settings } from '../settings.ts'
import { type RunningServer, startServer } from '../target-process.ts'

const FOLDER = join(import.meta.dirname, 'better-auth')

/** Where better-auth keeps the keys: each verification reads and writes there. */
export type BetterAuthStorage = 'sqlite' | 'memory'

/**
 * Starts better-auth's API-key plugin behind a minimal server, installing it into its own folder first.
 *
 * @throws PartAbsent when it cannot be installed
 */
export async function startBetterAuth(
  storage: BetterAuthStorage,
  keys: number,
  { cores, scratch }: Settings,
): Promise<RunningServer> {
  await install()
  const args = [storage, join(scratch, `better-auth-${storage}.sqlite`), String(keys)]
  return await startServer({ file: 'peers/better-auth/server.ts', args }, cores.server)
}

/** npm writes this file when an installation is complete. */
const INSTALLED = join(FOLDER, 'node_modules', '.package-lock.json')

async function install(): Promise<void> {
  const isThere = await access(INSTALLED).then(
    () => true,
    () => false,
  )
  if (isThere) return
  // npm tells the scripts that it runs where it is; else it is on PATH.
  const npm = process.env['npm_execpath']
  const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts']
  try {
    if (npm === undefined) await run('npm', args, { cwd: FOLDER })
    else await run(process.execPath, [npm, ...args], { cwd: FOLDER })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new PartAbsent(`better-auth could not be installed. ${why}`, { cause })
  }
}
