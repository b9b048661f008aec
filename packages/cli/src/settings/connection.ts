import { type Client, createClient } from '@sallyport/sdk'
import { UsageError } from '../terminal/failure.ts'
import { type Profile, readProfiles } from './profiles.ts'

export const PROFILE_DEFAULT = 'default'

type Environment = Readonly<Record<string, string | undefined>>

/** An environment variable; undefined if it is empty. */
export function setting(environment: Environment, name: string): string | undefined {
  const value = environment[name]
  return value === '' ? undefined : value
}

/** The options of every command that say where it goes. */
export interface ConnectionOptions {
  readonly server?: string
  readonly organization?: string
  readonly profile?: string
}

export interface Connection {
  readonly client: Client
  /** The organization of commands that name no other; undefined for that of the key. */
  readonly organization: string | undefined
}

/**
 * Where a command goes: by its options, else by `SALLYPORT_URL`, `SALLYPORT_TOKEN`, `SALLYPORT_ORGANIZATION` and `SALLYPORT_PROFILE`,
 * else by the profile that `login` wrote.
 *
 * @throws UsageError
 */
export async function connect(options: ConnectionOptions, environment: Environment): Promise<Connection> {
  const profile = await profileOf(options, environment)
  const server = await serverOf(options, environment)
  const isNamed = (options.profile ?? setting(environment, 'SALLYPORT_PROFILE')) !== undefined
  // A token is for its own server.
  const stored = profile?.server === server ? profile.token : undefined
  const token = isNamed ? stored : (setting(environment, 'SALLYPORT_TOKEN') ?? stored)
  const organization =
    options.organization ?? setting(environment, 'SALLYPORT_ORGANIZATION') ?? profile?.organization
  return { client: clientOf(server, token, organization), organization }
}

/** The URL of the server that a command goes to. @throws UsageError */
export async function serverOf(options: ConnectionOptions, environment: Environment): Promise<string> {
  const profile = await profileOf(options, environment)
  const server = options.server ?? setting(environment, 'SALLYPORT_URL') ?? profile?.server
  if (server !== undefined) return server
  throw new UsageError(
    'Which server? Log in with "sallyport login", or set SALLYPORT_URL and SALLYPORT_TOKEN.',
  )
}

/** The profile that was named, or the default one if it is there. @throws UsageError */
async function profileOf(options: ConnectionOptions, environment: Environment): Promise<Profile | undefined> {
  const named = options.profile ?? setting(environment, 'SALLYPORT_PROFILE')
  const profiles = await readProfiles(environment)
  const name = named ?? PROFILE_DEFAULT
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined
  if (named !== undefined && profile === undefined)
    throw new UsageError(
      `There is no profile ${JSON.stringify(name)}. Make it with: sallyport login --profile ${name}`,
    )
  return profile
}

/** @throws UsageError */
export function clientOf(server: string, token: string | undefined, organization?: string): Client {
  try {
    return createClient({ url: server, token, organization })
  } catch (cause) {
    throw new UsageError(`${server}: ${(cause as Error).message}`, { cause })
  }
}
