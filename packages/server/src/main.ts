import { demo } from './cli/demo.ts'
import { printError, print } from './cli/output.ts'
import { enrolCommand, removeGatewayCommand } from './cli/enrol.ts'
import { recoverOwnerCommand } from './cli/recover-owner.ts'
import { serve } from './cli/serve.ts'
import { UsageError } from './cli/usage-error.ts'
import { ConfigError } from './config/config-error.ts'

const USAGE = `Usage: node packages/server/dist/main.js COMMAND

  serve           [--role all|control|gateway|relay]
                  run the control plane and the gateway until SIGTERM or Ctrl-C (npm start), or one part of a fleet
  demo            run both with sample data in a temporary folder, and print commands to try (npm run demo)
  recover-owner   ORGANIZATION [--name NAME] [--expires-in-hours HOURS]
                  give an organization a new owner key, and print its token (npm run -s admin -- recover-owner)
  enrol           NAME [--role gateway|relay|gate] [--uses COUNT] [--expires-in-hours HOURS]
                  print a token for gateways, relays or gates to join the fleet (npm run -s admin -- enrol)
  remove-gateway  ID
                  remove a gateway, relay or gate from the fleet (npm run -s admin -- remove-gateway)
  help            show this text

Settings are environment variables; README.md lists them. docs/operations.md and docs/fleet.md explain the commands.`

function help(): Promise<void> {
  print(USAGE)
  return Promise.resolve()
}

/** Each returns its exit code if it is not 0. */
const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number | void>>> = {
  serve,
  demo: alone(demo),
  'recover-owner': recoverOwnerCommand,
  enrol: enrolCommand,
  'remove-gateway': removeGatewayCommand,
  help: alone(help),
}

/** A command without arguments. */
function alone(command: () => Promise<void>): (args: readonly string[]) => Promise<void> {
  return async ([first]) => {
    if (first !== undefined) throw new UsageError(unknown())
    await command()
  }
}

function unknown(): string {
  const given = args.join(' ')
  return given === '' ? USAGE : `There is no command ${JSON.stringify(given)}.\n\n${USAGE}`
}

const args = process.argv.slice(2)
// `npm start -- --help` is `serve --help`.
const asksForHelp = args.includes('--help') || args.includes('-h')
const [name = '', ...rest] = asksForHelp ? ['help'] : args
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
if (command === undefined) {
  printError(unknown())
  process.exitCode = 2
} else {
  try {
    const code = await command(rest)
    if (code !== undefined) process.exitCode = code
  } catch (error) {
    printError(error instanceof Error ? error.message : String(error))
    // At once, because a database that does not respond may hold a connection open for a minute.
    process.exit(error instanceof ConfigError || error instanceof UsageError ? 2 : 1)
  }
}
