import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../test/services/programs.ts'
import { DependencyUnavailable } from '../results.ts'
import type { Settings } from '../settings.ts'
import { type RunningServer, startServer } from '../target-process.ts'

const FOLDER = join(import.meta.dirname, 'better-auth')

/** The storage of better-auth's keys; each verification reads and writes it. */
export type BetterAuthStorage = 'sqlite' | 'memory'

/**
 * Installs better-auth into its own folder if necessary, and starts its API-key plugin behind a minimal server.
 *
 * @throws DependencyUnavailable if it cannot be installed
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
  const isInstalled = await access(INSTALLED).then(
    () => true,
    () => false,
  )
  if (isInstalled) return
  // npm sets its path for the scripts that it runs; otherwise it is expected on PATH.
  const npm = process.env['npm_execpath']
  const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts']
  try {
    if (npm === undefined) await run('npm', args, { cwd: FOLDER })
    else await run(process.execPath, [npm, ...args], { cwd: FOLDER })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DependencyUnavailable(`better-auth could not be installed. ${reason}`, { cause })
  }
}
