import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { UsageError } from '../terminal/failure.ts'

/** A server, and the key that commands use there. */
export interface Profile {
  readonly server: string
  readonly token: string
  readonly organization?: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** The file of the profiles, in the folder that the XDG Base Directory Specification names. */
export function profilesFile({ XDG_CONFIG_HOME, HOME }: Environment): string {
  const base = XDG_CONFIG_HOME ?? join(HOME ?? homedir(), '.config')
  return join(base, 'sallyport', 'profiles.json')
}

/** @throws UsageError if the file is there, but cannot be read */
export async function readProfiles(environment: Environment): Promise<Readonly<Record<string, Profile>>> {
  const file = profilesFile(environment)
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, Profile>
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new UsageError(`${file} cannot be read: ${(cause as Error).message}. Repair or remove it.`, {
      cause,
    })
  }
}

/** Replaces the profiles. The file can be read by its owner only. */
export async function writeProfiles(
  environment: Environment,
  profiles: Readonly<Record<string, Profile>>,
): Promise<void> {
  const file = profilesFile(environment)
  const folder = dirname(file)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const next = `${file}.${process.pid}`
  await writeFile(next, `${JSON.stringify(profiles, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  await rename(next, file)
}
