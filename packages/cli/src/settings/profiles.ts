import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { UsageError } from '../terminal/failure.ts'
import { type Environment, setting } from './environment.ts'

/** A server, and the key that commands use there. */
export interface Profile {
  readonly server: string
  readonly token: string
  readonly organization?: string
}

export type Profiles = ReadonlyMap<string, Profile>

/** The file of the profiles, in the folder that the XDG Base Directory Specification names. */
export function profilesFile(environment: Environment): string {
  const configured = setting(environment, 'XDG_CONFIG_HOME')
  // "All paths set in these environment variables must be absolute", others are to be ignored.
  const base =
    configured !== undefined && isAbsolute(configured)
      ? configured
      : join(setting(environment, 'HOME') ?? homedir(), '.config')
  return join(base, 'sallyport', 'profiles.json')
}

/** @throws UsageError if the file is there, but cannot be read */
export async function readProfiles(environment: Environment): Promise<Profiles> {
  const file = profilesFile(environment)
  try {
    return profilesOf(await readFile(file, 'utf8'))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return new Map()
    // The message of a parser quotes what it does not understand, which can be a token.
    throw new UsageError(
      `${file} cannot be read${code === undefined ? '' : ` (${code})`}. Repair or remove it.`,
      {
        cause,
      },
    )
  }
}

/** @throws SyntaxError, TypeError */
function profilesOf(text: string): Profiles {
  const content: unknown = JSON.parse(text)
  if (typeof content !== 'object' || content === null) throw new TypeError('not an object')
  const entries = Object.entries(content)
  if (!entries.every((entry): entry is [string, Profile] => isProfile(entry[1])))
    throw new TypeError('not a profile')
  return new Map(entries)
}

function isProfile(value: unknown): value is Profile {
  const { server, token, organization } = (value ?? {}) as Partial<Record<keyof Profile, unknown>>
  return (
    typeof server === 'string' &&
    typeof token === 'string' &&
    (organization === undefined || typeof organization === 'string')
  )
}

/** Replaces the profiles by what `change` makes of them. The file can be read by its owner only. */
export async function changeProfiles(
  environment: Environment,
  change: (profiles: Profiles) => Profiles,
): Promise<void> {
  const file = profilesFile(environment)
  const folder = dirname(file)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const next = `${file}.${randomUUID()}`
  // Read now, so that a profile that another command has written is kept.
  const content = Object.fromEntries(change(await readProfiles(environment)))
  try {
    await writeFile(next, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
    await rename(next, file)
  } finally {
    await rm(next, { force: true })
  }
}
