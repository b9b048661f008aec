import type { Command } from 'commander'
import { UsageError } from '../terminal/failure.ts'
import { readHidden } from '../operations/read-hidden.ts'
import { clientOf, type ConnectionOptions, PROFILE_DEFAULT, setting } from '../settings/connection.ts'
import { profilesFile, readProfiles, writeProfiles } from '../settings/profiles.ts'
import { printLine, type Terminal } from '../terminal/terminal.ts'

/** Adds `login`, which keeps a server and a key for later commands, and `logout`. */
export function addLogin(program: Command, terminal: Terminal): void {
  program
    .command('login')
    .summary('Keep a server and a key for later commands')
    .description(
      'Reads the token of a key from standard input, checks it, and keeps it in a file that only you can read. ' +
        'Later commands use it. Give --profile a name to keep several.',
    )
    .action(async (_options, command: Command) => {
      await login(terminal, command.optsWithGlobals())
    })
  program
    .command('logout')
    .summary('Forget the key of a profile')
    .action(async (_options, command: Command) => {
      await logout(terminal, command.optsWithGlobals())
    })
}

async function login(terminal: Terminal, options: ConnectionOptions): Promise<void> {
  const { environment, notes } = terminal
  const name = nameOf(terminal, options)
  const profiles = await readProfiles(environment)
  const server = options.server ?? setting(environment, 'SALLYPORT_URL') ?? profiles[name]?.server
  if (server === undefined) throw new UsageError('Which server? Add --server https://console.example.com.')
  const token = await readHidden(terminal, 'token')
  const { organization, key } = await clientOf(server, token).whoami()
  const chosen = options.organization ?? organization
  await writeProfiles(environment, { ...profiles, [name]: { server, token, organization: chosen } })
  printLine(
    notes,
    `Logged in to ${server} as ${key?.name ?? 'a member'} of ${organization}. Kept in ${profilesFile(environment)}.`,
  )
}

async function logout(terminal: Terminal, options: ConnectionOptions): Promise<void> {
  const { environment, notes } = terminal
  const name = nameOf(terminal, options)
  const { [name]: forgotten, ...others } = await readProfiles(environment)
  if (forgotten === undefined) throw new UsageError(`There is no profile ${JSON.stringify(name)}.`)
  await writeProfiles(environment, others)
  printLine(
    notes,
    `Forgot the key of ${forgotten.server}. It still works: delete it with "sallyport keys delete" if nothing else uses it.`,
  )
}

function nameOf({ environment }: Terminal, { profile }: ConnectionOptions): string {
  return profile ?? setting(environment, 'SALLYPORT_PROFILE') ?? PROFILE_DEFAULT
}
