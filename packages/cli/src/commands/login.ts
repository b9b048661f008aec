import type { Command } from 'commander'
import { UsageError } from '../terminal/failure.ts'
import { InputFiles } from '../operations/input-files.ts'
import { readHidden } from '../operations/read-hidden.ts'
import { clientOf, type ConnectionOptions, PROFILE_DEFAULT, profileNamed } from '../settings/connection.ts'
import { setting } from '../settings/environment.ts'
import { changeProfiles, profilesFile, readProfiles } from '../settings/profiles.ts'
import { oneLine } from '../terminal/safe-text.ts'
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
  const named = profileNamed(options, environment)
  const name = named ?? PROFILE_DEFAULT
  const known = (await readProfiles(environment)).get(name)?.server
  const variable = setting(environment, 'SALLYPORT_URL')
  const server = options.server ?? (named === undefined ? (variable ?? known) : (known ?? variable))
  if (server === undefined) throw new UsageError('Which server? Add --server https://console.example.com.')
  // A wrong URL is said before anything is asked.
  clientOf(server, undefined)
  const token = (await readHidden(terminal, new InputFiles(terminal.input), 'token')).trim()
  const { organization, key } = await clientOf(server, token).whoami()
  const profile = { server, token, organization: options.organization ?? organization }
  await changeProfiles(environment, (profiles) => new Map([...profiles, [name, profile]]))
  const who = `${key?.name ?? 'a member'} of ${organization}`
  printLine(notes, oneLine(`Logged in to ${server} as ${who}. Kept in ${profilesFile(environment)}.`))
}

async function logout(terminal: Terminal, options: ConnectionOptions): Promise<void> {
  const { environment, notes } = terminal
  const name = profileNamed(options, environment) ?? PROFILE_DEFAULT
  const forgotten = (await readProfiles(environment)).get(name)
  if (forgotten === undefined) throw new UsageError(`There is no profile ${JSON.stringify(name)}.`)
  await changeProfiles(environment, (profiles) => new Map([...profiles].filter(([other]) => other !== name)))
  printLine(
    notes,
    oneLine(
      `Forgot the key of ${forgotten.server}. It still works: delete it with "sallyport keys delete" if nothing else uses it.`,
    ),
  )
}
