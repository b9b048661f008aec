import { type Client, createClient } from '@sallyport/sdk'
import { UsageError } from '../terminal/failure.ts'
import { type Environment, setting } from './environment.ts'
import { type Profile, type Profiles, readProfiles } from './profiles.ts'

export const PROFILE_DEFAULT = 'default'

/** What a header can carry (RFC 9110 section 5.5), without spaces. */
const TOKEN = /^[\u0021-\u007e]+$/

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
 * The server, token and organization of a command. Each comes from an option if one was given. Otherwise it comes from the named profile;
 * without one, from `SALLYPORT_URL`, `SALLYPORT_TOKEN` and `SALLYPORT_ORGANIZATION`, and then from the default profile.
 *
 * @throws UsageError
 */
export async function connect(options: ConnectionOptions, environment: Environment): Promise<Connection> {
  const { profile, variables } = await sourcesOf(options, environment)
  const server = serverFrom(options, variables, profile)
  // A token is for its own server, and the organization of a profile for its token.
  const own = profile !== undefined && normalized(profile.server) === normalized(server) ? profile : undefined
  const token = variables.token ?? own?.token
  if (token === undefined)
    throw new UsageError(
      `Which key? Log in with "sallyport login --server ${server}", or set SALLYPORT_TOKEN.`,
    )
  const organization =
    options.organization ??
    variables.organization ??
    (variables.token === undefined ? own?.organization : undefined)
  return { client: clientOf(server, token, organization), organization }
}

/** The URL of the server that a command goes to. @throws UsageError */
export async function serverOf(options: ConnectionOptions, environment: Environment): Promise<string> {
  const { profile, variables } = await sourcesOf(options, environment)
  return serverFrom(options, variables, profile)
}

/** The name of the profile that was named; undefined for none. @throws UsageError */
export function profileNamed(options: ConnectionOptions, environment: Environment): string | undefined {
  requireTexts(options)
  return options.profile ?? setting(environment, 'SALLYPORT_PROFILE')
}

interface Variables {
  readonly server?: string | undefined
  readonly token?: string | undefined
  readonly organization?: string | undefined
}

/** The profile that counts, and the variables, which a profile that is named replaces. @throws UsageError */
async function sourcesOf(
  options: ConnectionOptions,
  environment: Environment,
): Promise<{ readonly profile: Profile | undefined; readonly variables: Variables }> {
  const named = profileNamed(options, environment)
  const profiles = await readProfiles(environment)
  if (named !== undefined) return { profile: profileOf(profiles, named), variables: {} }
  const variables = {
    server: setting(environment, 'SALLYPORT_URL'),
    token: setting(environment, 'SALLYPORT_TOKEN')?.trim(),
    organization: setting(environment, 'SALLYPORT_ORGANIZATION'),
  }
  return { profile: profiles.get(PROFILE_DEFAULT), variables }
}

/** @throws UsageError */
function profileOf(profiles: Profiles, name: string): Profile {
  const profile = profiles.get(name)
  if (profile !== undefined) return profile
  throw new UsageError(
    `There is no profile ${JSON.stringify(name)}. Make it with: sallyport login --profile ${name}`,
  )
}

/** @throws UsageError */
function serverFrom(options: ConnectionOptions, variables: Variables, profile: Profile | undefined): string {
  const server = options.server ?? variables.server ?? profile?.server
  if (server !== undefined) return server
  throw new UsageError(
    'Which server? Log in with "sallyport login", or set SALLYPORT_URL and SALLYPORT_TOKEN.',
  )
}

/** Refuses empty options, which usually come from a shell variable that is not set. @throws UsageError */
function requireTexts(options: ConnectionOptions): void {
  for (const name of ['server', 'organization', 'profile'] as const)
    if (options[name] === '') throw new UsageError(`--${name} is empty.`)
}

function normalized(server: string): string {
  try {
    return new URL(server).href.replace(/\/+$/, '')
  } catch {
    return server
  }
}

/** @throws UsageError */
export function clientOf(server: string, token: string | undefined, organization?: string): Client {
  // What `fetch` says of a wrong header quotes it.
  if (token !== undefined && !TOKEN.test(token))
    throw new UsageError('The token has characters that no token has, such as a space. Is it the right text?')
  try {
    return createClient({ url: server, token, organization })
  } catch (cause) {
    throw new UsageError(`${server}: ${(cause as Error).message}`, { cause })
  }
}
