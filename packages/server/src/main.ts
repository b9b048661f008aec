import { demo } from './cli/demo.ts'
import { printError, print } from './cli/output.ts'
import { serve } from './cli/serve.ts'
import { ConfigError } from './config/config-error.ts'

const USAGE = `Usage: node packages/server/dist/main.js COMMAND

  serve   run the control plane and the gateway until SIGTERM or Ctrl-C (npm start)
  demo    run both with sample data in a temporary folder, and print commands to try (npm run demo)
  help    show this text

Settings are environment variables; README.md lists them.`

function help(): Promise<void> {
  print(USAGE)
  return Promise.resolve()
}

const COMMANDS: Readonly<Record<string, () => Promise<void>>> = {
  serve,
  demo,
  help,
}

const args = process.argv.slice(2)
// `npm start -- --help` is `serve --help`.
const asksForHelp = args.includes('--help') || args.includes('-h')
const [name = '', ...rest] = asksForHelp ? ['help'] : args
const command = Object.hasOwn(COMMANDS, name) && rest.length === 0 ? COMMANDS[name] : undefined
if (command === undefined) {
  const given = args.join(' ')
  printError(given === '' ? USAGE : `There is no command ${JSON.stringify(given)}.\n\n${USAGE}`)
  process.exitCode = 2
} else {
  try {
    await command()
  } catch (error) {
    printError(error instanceof Error ? error.message : String(error))
    // At once, because a database that does not respond may hold a connection open for a minute.
    process.exit(error instanceof ConfigError ? 2 : 1)
  }
}
